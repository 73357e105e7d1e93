/** What `report` and `draw` print. */
import { z } from 'zod';
import { count, envelope } from './parts.js';

export const report = z.strictObject({
  ...envelope,
  report: z.string().describe('the file that was written'),
  bytes: count,
  name: z.string(),
  sections: z.array(
    z.strictObject({
      section: z.string(),
      pictures: count,
      maps: count.describe('sparsity maps'),
      tables: count,
    }),
  ),
  missing: z
    .array(z.strictObject({ section: z.string(), what: z.string() }))
    .describe('what the report has nothing to show for, and what brings it'),
});

export const draw = z.strictObject({
  ...envelope,
  drawn: z.enum(['sparsity', 'schedule', 'memory', 'histograms']),
  picture: z.string().describe('the file that was written'),
  pictures: count.describe('below each other in it'),
});
