/** What `sweep-bits` prints. */
import { z } from 'zod';
import { count, envelope, share } from './parts.js';

const pair = { weightBits: count, activationBits: count, cellBits: count };

export const sweepBits = z.strictObject({
  ...envelope,
  model: z.string(),
  calibration: z.strictObject({
    file: z.string().nullable().describe('null: noise'),
    noise: z.number().nullable().describe('standard deviation'),
    labels: z.string().nullable(),
    frames: count,
    utterances: count,
  }),
  weightBits: z.array(count),
  activationBits: z.array(count),
  cellBits: z.array(count),
  biasBits: count,
  float: z
    .strictObject({
      rms: z.number().min(0).describe('of the outputs'),
      correct: count.nullable(),
      accuracy: share.nullable().describe('null without labels'),
    })
    .describe('the float network on the same frames'),
  points: z
    .array(
      z.strictObject({
        ...pair,
        rmsError: z.number().min(0).describe('of the outputs against float, in their unit'),
        relativeError: z.number().min(0).nullable().describe('rmsError / float.rms'),
        correct: count.nullable(),
        accuracy: share.nullable(),
      }),
    )
    .describe('weight bits ascending, then activation bits, then bits of c'),
  within: z.number().min(0).describe('points of accuracy, or % of error without labels'),
  smallest: z
    .array(z.strictObject(pair))
    .describe('close to float, and no other such point has no more bits of any kind'),
  edges: z
    .array(z.string())
    .describe('where the best of these lie on the edge of a range: there may be better ones'),
  csvFile: z.string().nullable(),
  plotFile: z.string().nullable(),
  notes: z.array(z.string()),
});
