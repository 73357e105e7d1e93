/** What `inspect` prints. */
import { z } from 'zod';
import { LAYER_CELLS } from '../../network/cells/registry.js';
import { FORMAT_NAMES } from '../../network/import/imported.js';
import { count, direction, envelope, error, leftOut, sharing } from './parts.js';
import { patternFields } from './pattern-fields.js';

const next = z
  .array(z.strictObject({ command: z.string(), does: z.string() }))
  .describe('command lines that make sense now');

const choice = z.strictObject({ sharing, ...patternFields('choice') });

const pattern = z.strictObject({ sharing, ...patternFields('finding') });

const outcome = z
  .strictObject({
    found: z.array(choice).nullable().describe('by matrix, as in matrices'),
    refused: error.nullable(),
  })
  .describe('what compress does with the zeros');

export const inspect = z.discriminatedUnion('kind', [
  z.strictObject({
    ...envelope,
    kind: z.literal('network'),
    file: z.string(),
    bytes: count,
    format: z.enum(FORMAT_NAMES),
    layers: z.array(
      z.strictObject({ cell: z.enum(LAYER_CELLS), inputs: count, cells: count, ...direction }),
    ),
    output: z.strictObject({ inputs: count, outputs: count }).nullable(),
    weights: count.describe('recurrent weights'),
    nonZero: count,
    tensors: z.array(
      z.strictObject({
        name: z.string(),
        shape: z.array(count),
        min: z.number(),
        max: z.number(),
        rms: z.number().min(0),
        zeros: count,
        values: count,
      }),
    ),
    matrices: z.array(
      z.strictObject({
        name: z.string(),
        weights: count,
        zeros: count,
        kind: z
          .enum(['dense', 'exact', 'near'])
          .describe(
            'hardly any zeros; a pattern describes them; none does, the nearest are listed',
          ),
        patterns: z.array(pattern).describe('what compress takes, then the best'),
      }),
    ),
    search: outcome,
    filled: outcome.nullable().describe('the same with --fill; null where that is not needed'),
    leftOut,
    notes: z.array(z.string()),
    next,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('compressed'),
    file: z.string(),
    bytes: count,
    next,
  }),
]);
