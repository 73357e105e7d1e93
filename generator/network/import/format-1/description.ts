import { z } from 'zod';
import { PATTERNS, type PatternDescription } from '../../../sparsity/registry.js';
import { tableScheme } from '../../compressed/table-scheme.js';
import { MAX_SIZE } from '../../limits.js';

const integer = z.number().int();
const size = integer.min(1).max(MAX_SIZE);

/** What the file says of a matrix: sizes, and what its pattern is described by, without a kind: there was but one. */
export type Matrix1 = Omit<Extract<PatternDescription, { readonly kind: 'hcgs' }>, 'kind'> & {
  readonly rows: number;
  readonly columns: number;
  readonly exponent: number;
  readonly sharing: 'shared' | 'per-gate';
};

const matrix = PATTERNS.hcgs.file.description.omit({ kind: true }).extend({
  rows: size,
  columns: size,
  exponent: integer,
  sharing: z.enum(['shared', 'per-gate']),
}) as unknown as z.ZodType<Matrix1>;

const lstm = z.strictObject({
  kind: z.literal('lstm'),
  inputs: size,
  cells: size,
  biasFraction: integer,
  cellFraction: integer,
  x: matrix,
  h: matrix,
});

const output = z.strictObject({
  kind: z.literal('output'),
  inputs: size,
  outputs: size,
  biasFraction: integer,
  weights: matrix,
});

/** The JSON text of a file of format 1: LSTM layers with HCGS, and at most one output layer on top. */
export const descriptionSchema1 = z.strictObject({
  words: z.strictObject({
    weight: integer,
    activation: integer,
    cell: integer,
    bias: integer,
  }),
  inputFraction: integer,
  gates: z.literal('ifgo'),
  layers: z.array(lstm).min(1).readonly(),
  output: output.nullable(),
  tables: tableScheme,
  provenance: z.record(z.string(), z.string()).readonly(),
});

export type Description1 = z.infer<typeof descriptionSchema1>;
