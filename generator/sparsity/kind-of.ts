import { z } from 'zod';
import type { PatternKind } from './pattern.js';
import { type AnyPattern, PATTERNS, type Pattern, type PatternDescription } from './registry.js';

/** All that hangs on the kind of a pattern: of its data, of a spec, of a choice, of its description in a file. */
export function patternKind({ kind }: Pick<Pattern, 'kind'>): PatternKind<AnyPattern> {
  return PATTERNS[kind];
}

/** The member of every kind, in the order of the registry. */
export function patternKinds(): readonly PatternKind<AnyPattern>[] {
  return Object.values(PATTERNS);
}

/** The description of the patterns of a matrix in a compressed-model file, of any kind. */
export const patternDescription: z.ZodType<PatternDescription> = z.discriminatedUnion(
  'kind',
  patternKinds().map(({ file }) => file.description) as unknown as readonly [
    (typeof PATTERNS)[Pattern['kind']]['file']['description'],
  ],
);
