import { z } from 'zod';
import { unexpected } from '../../base/errors.js';
import { patternKind, patternKinds } from '../../sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../../sparsity/registry.js';

type Kind = Pattern['kind'];

/** A pattern in the words of `hcgs random`; `dense` keeps every weight. */
export type LayerPattern =
  | 'dense'
  | {
      /** `hcgs` if absent. */
      readonly kind?: Kind | undefined;
      readonly blocks?: string | undefined;
      readonly keep?: string | undefined;
      readonly rate?: string | undefined;
      readonly balance?: string | undefined;
    };

/** A pattern for all layers, or one for each. */
export type SpacePattern = LayerPattern | { readonly layers: readonly LayerPattern[] };

const KINDS = patternKinds().map(({ kind }) => kind) as [Kind, ...Kind[]];
const USUAL: Kind = 'hcgs';
const DENSE: PatternSpec = { kind: 'hcgs', blocks: [], keep: [] };
const TEXTS = ['blocks', 'keep', 'rate', 'balance'] as const;

/** Numbers are taken for texts: a block size alone is one in JSON. */
const text = z.union([z.string().min(1), z.number().transform(String)]).optional();
const layerSchema = z.union([
  z.literal('dense'),
  z.strictObject({
    kind: z.enum(KINDS).optional(),
    ...{ blocks: text, keep: text, rate: text, balance: text },
  }),
]);

export const patternSchema = z.union(
  [z.strictObject({ layers: z.array(layerSchema).min(1) }), layerSchema],
  {
    error: `expected 'dense', an object of kind, blocks, keep, rate and balance, or one of layers`,
  },
);

type Checked = z.output<typeof patternSchema>;

/**
 * The specs of a pattern: one for all layers, or one for each.
 * @throws UserError SWEEP_SPACE for a text that a kind lacks or does not take; of its kind for what the text says
 */
export function patternSpecs(pattern: Checked, field: string): readonly PatternSpec[] {
  const layers = typeof pattern === 'object' && 'layers' in pattern ? pattern.layers : [pattern];
  return layers.map((layer) => specOf(layer as LayerPattern, field));
}

function specOf(layer: LayerPattern, field: string): PatternSpec {
  if (layer === 'dense') return DENSE;
  const { kind = USUAL } = layer;
  const { options, needs = {}, ...parse } = patternKind({ kind }).parse;
  const refused = (expected: string, got: string) =>
    unexpected({ code: 'SWEEP_SPACE', field, expected, got });
  const texts = Object.fromEntries(
    TEXTS.flatMap((name) => (layer[name] === undefined ? [] : [[name, layer[name]]])),
  );
  for (const name of Object.keys(texts)) {
    if (options.includes(`--${name}`)) continue;
    const known = options.map((option) => option.slice(2)).join(', ');
    throw refused(known === '' ? `nothing beside ${kind}` : `${known} for ${kind}`, name);
  }
  for (const option of Object.keys(needs)) {
    const name = option.slice(2);
    if (texts[name] === undefined) throw refused(`${name} for ${kind}`, 'none');
  }
  return parse.spec(texts);
}

/** The pattern in a table: `hcgs 32,4 4/16,2/8`. */
export function patternText(pattern: Checked): string {
  if (typeof pattern === 'object' && 'layers' in pattern) {
    return pattern.layers.map((layer) => patternText(layer)).join('; ');
  }
  if (pattern === 'dense') return 'dense';
  return [pattern.kind ?? USUAL, ...TEXTS.flatMap((name) => pattern[name] ?? [])].join(' ');
}
