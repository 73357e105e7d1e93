import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import type { PatternRequest } from '../../network/compress/patterns.js';
import type { Selection } from '../../network/select/select.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { PatternShape } from '../../sparsity/registry.js';
import { choice, flag, integer, type OptionValues } from './options.js';
import { layerTexts, patternOptions, specOf } from './pattern-lists.js';

/** Where the pattern of a float network comes from: its zeros, or a choice made here. */
export const selectOptions = {
  ...patternOptions,
  select: choice(
    'choose the pattern of a dense network: at random, or by the magnitude of the weights; without it the zeros say the pattern',
    ['random', 'magnitude'],
  ),
  mask: choice('with --select: one pattern for the gates of a matrix, the default, or one each', [
    'shared',
    'per-gate',
  ]),
  seed: integer('with --select random: the same seed gives the same pattern; 1 if absent', {
    min: 0,
  }),
  fill: flag('add zero blocks where a block row keeps too few'),
  dense: flag('keep every weight, zeros too'),
};

/** What the options say about the pattern. */
export interface PatternPlan {
  /** How patterns are found in the zeros; it has no say where there is a selection. */
  readonly request: PatternRequest;
  /** What to apply to the network before it is compressed. */
  readonly selection: Selection | null;
}

/** @throws UserError BAD_USAGE for options that do not fit together, or the error of a list. */
export function patternPlan(args: OptionValues<typeof selectOptions>): PatternPlan {
  const { pattern, blocks, keep, rate, balance, select, mask, seed, fill, dense } = args;
  if (dense && blocks.length > 0) throw usage('--dense and --blocks exclude each other');
  if (dense && pattern.length > 0) throw usage('--dense and --pattern exclude each other');
  if (dense && fill) throw usage('--dense and --fill exclude each other');
  if (select === undefined) {
    const lists = { '--keep': keep, '--rate': rate, '--balance': balance };
    for (const [option, { length }] of Object.entries(lists)) {
      if (length > 0) throw usage(`${option} needs --select`);
    }
    const given = { '--mask': mask, '--seed': seed };
    for (const [option, value] of Object.entries(given)) {
      if (value !== undefined) throw usage(`${option} needs --select`);
    }
    const layers = layerTexts(args);
    if (blocks.length > 0) {
      return { request: { shapes: layers.map(shapeOf), fill, dense }, selection: null };
    }
    const kinds = pattern.length === 0 ? undefined : layers.map(({ kind }) => ({ kind }));
    return { request: { kinds, fill, dense }, selection: null };
  }
  if (dense) throw usage('--select and --dense exclude each other');
  if (fill) throw usage('--select and --fill exclude each other: a chosen pattern is balanced');
  if (select === 'magnitude' && seed !== undefined) {
    throw usage('--seed needs --select random: --select magnitude draws nothing');
  }
  const patterns = layerTexts(args).map((layer) =>
    specOf(layer, (option, example) => {
      const kind = pattern.length === 0 ? '' : ` of ${layer.kind}`;
      return usage(`--select${kind} needs ${option}, e.g. ${option} ${example}`);
    }),
  );
  const selection = { by: select, patterns, sharing: mask ?? 'shared', seed: seed ?? 1 } as const;
  return { request: { fill: false, dense: false }, selection };
}

/** What is said of the zeros of a layer. */
function shapeOf({ kind, texts, dense }: ReturnType<typeof layerTexts>[number]): PatternShape {
  return dense ? { kind: 'hcgs', blocks: [] } : patternKind({ kind }).parse.shape(texts);
}

function usage(message: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message });
}

/** The same options, as another command line has them. */
export function selectWords(args: OptionValues<typeof selectOptions>): readonly string[] {
  const { pattern, blocks, keep, rate, balance, select, mask, seed, fill, dense } = args;
  return [
    ...optionWords('select', select),
    ...Object.entries({ pattern, blocks, keep, rate, balance }).flatMap(([name, texts]) =>
      texts.flatMap((own) => optionWords(name, own)),
    ),
    ...optionWords('mask', mask),
    ...optionWords('seed', seed),
    ...(fill ? ['--fill'] : []),
    ...(dense ? ['--dense'] : []),
  ];
}

/** An option and its value as words of a shell; nothing where it was not given. */
export function optionWords(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name} ${shellWord(String(value))}`];
}

/**
 * Options that prune a dense network, for one whose smallest size is `size`: of the block sizes with which pruning loses
 * least, one of which every matrix has at least four side by side. Null where there is none.
 */
export function suggestedSelection(size: number): { options: string; does: string } | null {
  const block = [4, 2].find((candidate) => size >= 4 * candidate);
  if (block === undefined) return null;
  const does = 'keeps the larger half of its blocks; expect less accuracy until it is retrained';
  return { options: `--select magnitude --blocks ${block} --keep 1/2 `, does };
}
