/** What `explain` prints. */
import { z } from 'zod';
import { envelope } from './parts.js';

export const explain = z.strictObject({
  ...envelope,
  codes: z
    .array(
      z.strictObject({
        code: z.string(),
        theme: z.string(),
        means: z.string(),
        why: z.string().describe('what usually causes it'),
        remedy: z.string().describe('what to do'),
        commands: z.array(z.string()).describe('words in capitals stand for your own'),
      }),
    )
    .describe('one where a code was given, else all'),
});
