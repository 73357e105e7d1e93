/** What `doctor` prints. */
import { z } from 'zod';
import { STATES } from '../doctor/probe.js';
import { count, envelope } from './parts.js';

export const doctor = z.strictObject({
  ...envelope,
  lacking: z.array(z.string()).describe('what generate and cosim lack: empty where ok is true'),
  tools: z.array(
    z.strictObject({
      name: z.string(),
      needed: z.boolean().describe('for generate and cosim'),
      state: z
        .enum(STATES)
        .describe('silent: no answer in time; broken: it does not say what it is'),
      path: z.string().nullable().describe('or the npm package; null where it is missing'),
      version: z.string().nullable().describe('null where it says none'),
      oldest: z.string().nullable().describe('release that works; null: none is refused'),
      use: z.string(),
      install: z.string(),
    }),
  ),
  cache: z.strictObject({
    folder: z.string(),
    problem: z.string().nullable().describe('null: it can be used'),
    builds: count,
    mostBuilds: count,
    bytes: count.describe('of the builds'),
    freeBytes: count.nullable(),
  }),
  machine: z.strictObject({
    node: z.strictObject({ version: z.string(), oldest: z.string(), old: z.boolean() }),
    cores: count,
    memoryBytes: count,
    freeMemoryBytes: count,
  }),
});
