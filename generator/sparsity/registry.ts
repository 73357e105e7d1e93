import { HCGS } from './hcgs/hcgs.js';
import type { PatternKind } from './pattern.js';

/** Every kind of pattern, under the name that `kind` has in its data. */
export const PATTERNS = { hcgs: HCGS } as const;

type Kinds = typeof PATTERNS;

/** A pattern of any kind. */
export type Pattern = {
  [K in keyof Kinds]: Kinds[K] extends PatternKind<infer P, infer _D> ? P : never;
}[keyof Kinds];

/** How patterns of any kind are described in a compressed-model file. */
export type PatternDescription = {
  [K in keyof Kinds]: Kinds[K] extends PatternKind<infer _P, infer D> ? D : never;
}[keyof Kinds];
