/** What `sweep` prints. */
import { z } from 'zod';
import { STAGE_NAMES } from '../../sweep/space/space.js';
import { count, envelope } from './parts.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const id = z.string().regex(/^[0-9a-f]{16}$/);
const stage = z.enum(STAGE_NAMES);
const settings = z.record(z.string(), scalar).describe('in the words of the space');

const common = {
  ...envelope,
  directory: z.string(),
  stages: z.array(stage),
  points: count.describe('different ones of the space'),
};

const run = z.strictObject({
  ...common,
  counts: z
    .strictObject({ done: count, excluded: count, failed: count, missing: count })
    .describe('points by what became of them'),
  ran: count.describe('points that this run began with'),
  stopped: z.boolean().describe('for the number of failures'),
  excluded: z.array(z.strictObject({ code: z.string(), points: count })),
  failures: z.array(
    z.strictObject({
      id,
      settings,
      stage,
      code: z.string(),
      message: z.string(),
      logFile: z.string().nullable(),
    }),
  ),
  refused: z
    .array(z.strictObject({ file: z.string(), why: z.string() }))
    .describe('result files that were torn or foreign: their points were run again'),
  objectives: z.record(z.string(), z.enum(['min', 'max'])),
  pareto: z
    .array(z.strictObject({ id, settings, figures: z.record(z.string(), scalar.nullable()) }))
    .describe('no other point is better in all objectives'),
  tableFile: z.string(),
  plotFile: z.string().nullable(),
  repeat: z.string().nullable().describe('the command that runs again what failed'),
  dryRun: z.null(),
});

const dry = z.strictObject({
  ...common,
  dryRun: z.strictObject({
    networks: count,
    toRun: count,
    seconds: z.number().min(0).nullable().describe('null: not known before some were run'),
    first: z.array(z.strictObject({ id, settings })),
  }),
});

export const sweep = z.union([run, dry]);
