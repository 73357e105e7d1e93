/** What `compress` prints. */
import { z } from 'zod';
import { count, envelope, matrix, saturations, words } from './parts.js';

export const compress = z.strictObject({
  ...envelope,
  file: z.string(),
  bytes: count,
  words,
  inputFraction: z.int(),
  weights: count,
  keptWeights: count,
  patterns: z.array(
    z.strictObject({
      name: z.string(),
      ...matrix.pick({ sharing: true, blocks: true, keep: true, kept: true, weights: true }).shape,
      filledBlocks: z.array(count).describe('zero blocks added, by level'),
    }),
  ),
  tensors: z.array(
    z.strictObject({
      name: z.string(),
      bits: count,
      fraction: z.int(),
      values: count.describe('not zero in the source'),
      saturated: count,
      maxError: z.number().min(0).describe('against float'),
      rmsError: z.number().min(0),
    }),
  ),
  cells: z.array(z.strictObject({ layer: count, bits: count, fraction: z.int() })),
  calibration: z.strictObject({ frames: count, utterances: count, saturations }),
  tableErrors: z.strictObject({ sigmoid: z.number(), tanh: z.number() }),
});
