/** What `completion` prints. */
import { z } from 'zod';
import { envelope } from './parts.js';

export const completion = z.strictObject({
  ...envelope,
  shell: z.enum(['bash', 'zsh', 'fish']),
  script: z.string(),
});
