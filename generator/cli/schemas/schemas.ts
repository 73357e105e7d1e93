/** What each command prints with --json. docs/schemas/ holds the same as JSON Schema. */
import { z } from 'zod';
import { activitySchema } from '../../design/manifest/activity.js';
import { macroFileSchema } from '../../design/manifest/macro-list.js';
import { completion } from './completion.js';
import { compress } from './compress.js';
import { cosim, estimate, images, injection, written } from './designs.js';
import { doctor } from './doctor.js';
import { explain } from './explain.js';
import { inspect } from './inspect.js';
import { info, random, run } from './models.js';
import { envelope, error } from './parts.js';
import { draw, report } from './report.js';
import { sweep } from './sweep.js';
import { sweepBits } from './sweep-bits.js';
import { synth } from './synth.js';

export const schemas = {
  inspect,
  compress,
  'sweep-bits': sweepBits,
  random,
  run,
  info,
  estimate,
  generate: written,
  images,
  cosim,
  synth,
  report,
  draw,
  sweep,
  completion,
  doctor,
  explain,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type CommandName = keyof typeof schemas;

/** The object of a command that could not do its work. */
export const failureSchema = z.strictObject({
  ...envelope,
  ok: z.literal(false),
  error,
});

/** Files that commands read. */
const FILES = { macros: macroFileSchema, activity: activitySchema };

/** All schemas as JSON Schema, by name: what commands print, and the files that they read. */
export function jsonSchemas(): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries({ ...schemas, 'cosim-inject': injection, failure: failureSchema, ...FILES }).map(
      ([name, schema]) => [name, z.toJSONSchema(schema)],
    ),
  );
}
