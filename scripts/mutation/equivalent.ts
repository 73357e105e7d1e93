import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { keyOf, type Mutant } from '../../generator/cosim/inject/draw.js';

const schema = z.array(
  z.strictObject({
    module: z.string(),
    line: z.string(),
    before: z.number(),
    at: z.number(),
    from: z.string(),
    to: z.string(),
    why: z.string().min(20),
  }),
);

/** Mutants that no output, traced value, flag or cycle count can show, each with its argument. */
export const ARGUED = schema.parse(
  JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8')),
);

const arguments_ = new Map(ARGUED.map((one) => [keyOf(one), one.why]));

/** Why a mutant makes no difference; null where nothing was argued. */
export function argued(mutant: Mutant): string | null {
  return arguments_.get(keyOf(mutant)) ?? null;
}
