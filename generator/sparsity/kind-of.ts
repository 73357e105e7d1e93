import { z } from 'zod';
import type { PatternKind } from './pattern.js';
import { PATTERNS, type Pattern, type PatternDescription } from './registry.js';

/** All that hangs on the kind of a pattern, or of its description in a file. */
export function patternKind({
  kind,
}: {
  readonly kind: Pattern['kind'];
}): PatternKind<Pattern, PatternDescription> {
  return PATTERNS[kind];
}

/** Names of all kinds. */
export const PATTERN_KINDS = Object.keys(PATTERNS) as readonly Pattern['kind'][];

/** The description of the patterns of a matrix in a compressed-model file, of any kind. */
export const patternDescription: z.ZodType<PatternDescription> = z.discriminatedUnion('kind', [
  ...Object.values(PATTERNS).map(({ file }) => file.description),
] as unknown as [typeof PATTERNS.hcgs.file.description]);
