import { z } from 'zod';
import {
  TABLE_INPUT_BITS,
  TABLE_INPUT_FRACTION,
  TABLE_OUTPUT_FRACTION,
  TABLE_SEGMENTS,
} from '../arithmetic.js';

/** Metadata keys of a compressed-model file. */
export const FORMAT_KEY = 'hcgs_format';
export const MODEL_KEY = 'hcgs_model';
export const FORMAT_VERSION = '1';

const integer = z.number().int();
const size = integer.min(1).max(65_536);

const matrix = z.strictObject({
  rows: size,
  columns: size,
  exponent: integer,
  sharing: z.enum(['shared', 'per-gate']),
  blocks: z.array(size).readonly(),
  keep: z.array(size).readonly(),
  /** Positions of zero blocks added to balance the pattern, one number per pattern. */
  filledPositions: z.array(integer.nonnegative()).readonly(),
});

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

/** The JSON text under MODEL_KEY: everything about a model that is not a tensor. */
export const descriptionSchema = z.strictObject({
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
  tables: z.strictObject({
    inputBits: integer,
    inputFraction: integer,
    outputFraction: integer,
    segments: integer,
  }),
  provenance: z.record(z.string(), z.string()).readonly(),
});

export type ModelDescription = z.infer<typeof descriptionSchema>;
export type MatrixDescription = z.infer<typeof matrix>;

/** Scheme of the activation tables; a file with another one is of another format version. */
export const TABLES: ModelDescription['tables'] = {
  inputBits: TABLE_INPUT_BITS,
  inputFraction: TABLE_INPUT_FRACTION,
  outputFraction: TABLE_OUTPUT_FRACTION,
  segments: TABLE_SEGMENTS,
};
