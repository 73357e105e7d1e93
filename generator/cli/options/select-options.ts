import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import type { PatternRequest } from '../../network/compress/patterns.js';
import type { Selection } from '../../network/select/select.js';
import { PATTERNS } from '../../sparsity/registry.js';
import { choice, flag, integer, list, type OptionValues } from './options.js';
import { patternLists } from './pattern-lists.js';

/** Where the pattern of a float network comes from: its zeros, or a choice made here. */
export const selectOptions = {
  blocks: list(
    'block sizes, outermost first; once, or once per layer; without it the zeros are searched',
    'N,N',
  ),
  select: choice(
    'choose the blocks of a dense network: at random, or those with the largest mean |w|',
    ['random', 'magnitude'],
  ),
  keep: list('with --select: blocks kept in a block row of each level', 'K/N,K/N'),
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
  const { blocks, keep, select, mask, seed, fill, dense } = args;
  if (dense && blocks.length > 0) throw usage('--dense and --blocks exclude each other');
  if (dense && fill) throw usage('--dense and --fill exclude each other');
  if (select === undefined) {
    const given = { '--keep': keep.length > 0, '--mask': mask, '--seed': seed };
    for (const [option, value] of Object.entries(given)) {
      if (value !== undefined && value !== false) throw usage(`${option} needs --select`);
    }
    const shapes = blocks.map((text) => PATTERNS.hcgs.parse.shape({ blocks: text }));
    const request = { shapes: shapes.length === 0 ? undefined : shapes, fill, dense };
    return { request, selection: null };
  }
  if (dense) throw usage('--select and --dense exclude each other');
  if (fill) throw usage('--select and --fill exclude each other: a chosen pattern is balanced');
  if (blocks.length === 0) throw usage('--select needs --blocks, e.g. --blocks 16,4');
  if (keep.length === 0) throw usage('--select needs --keep, e.g. --keep 1/4,1/2');
  if (select === 'magnitude' && seed !== undefined) {
    throw usage('--seed needs --select random: --select magnitude draws nothing');
  }
  const patterns = patternLists(blocks, keep);
  const selection = { by: select, patterns, sharing: mask ?? 'shared', seed: seed ?? 1 } as const;
  return { request: { fill: false, dense: false }, selection };
}

function usage(message: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message });
}

/** The same options, as another command line has them. */
export function selectWords(args: OptionValues<typeof selectOptions>): readonly string[] {
  const { blocks, keep, select, mask, seed, fill, dense } = args;
  return [
    ...optionWords('select', select),
    ...blocks.flatMap((sizes) => optionWords('blocks', sizes)),
    ...keep.flatMap((kept) => optionWords('keep', kept)),
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
