import { z } from 'zod';
import { patternDescription } from '../../sparsity/kind-of.js';
import { CELL_KINDS } from '../cells/registry.js';
import { MAX_SIZE } from '../limits.js';
import { tableScheme } from './table-scheme.js';

const integer = z.number().int();
const size = integer.min(1).max(MAX_SIZE);

const operand = z.strictObject({
  /** 0 is the input, n + 1 what pass n writes; several, ascending, stand side by side. */
  vector: z.union([integer.nonnegative(), z.array(integer.nonnegative()).min(2).readonly()]),
  age: z.union([z.literal(0), z.literal(1)]),
  exponent: integer,
  sharing: z.enum(['shared', 'per-gate']),
  pattern: patternDescription,
});

const pass = z.strictObject({
  cell: z.enum(CELL_KINDS),
  operands: z.array(operand).min(1).max(2).readonly(),
  biasFraction: integer,
  stateFraction: integer.nullable(),
  /** Codes of the values, the least and the largest; absent: all that the word holds. */
  range: z.strictObject({ low: integer, high: integer }).optional(),
  /** Largest magnitude of the table inputs of its sums, as a code; absent: all that one holds. */
  clip: integer.optional(),
  /** Present where an utterance starts with more than zeros: it has tensors then. */
  initial: z.literal(true).optional(),
  /** Begins with the last frame of an utterance; absent: with the first one. */
  direction: z.literal('backward').optional(),
  /** Values stand in the order of the steps; absent: what is made of a frame stands at that frame. */
  aligned: z.literal(false).optional(),
});

/** The JSON text of a file of format 2: everything about a model that is not a tensor. */
export const descriptionSchema = z.strictObject({
  words: z.strictObject({
    weight: integer,
    activation: integer,
    cell: integer,
    bias: integer,
  }),
  /** The input, then what each pass writes. */
  vectors: z.array(z.strictObject({ length: size, fraction: integer })).readonly(),
  passes: z.array(pass).min(1).readonly(),
  tables: tableScheme,
  provenance: z.record(z.string(), z.string()).readonly(),
});

export type ModelDescription = z.infer<typeof descriptionSchema>;
export type PassDescription = ModelDescription['passes'][number];
export type OperandDescription = PassDescription['operands'][number];

/** The vectors of an operand, side by side. */
export function vectorsOf({ vector }: Pick<OperandDescription, 'vector'>): readonly number[] {
  return typeof vector === 'number' ? [vector] : vector;
}
