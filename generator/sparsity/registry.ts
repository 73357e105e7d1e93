import { BANKS } from './banks/banks.js';
import { HCGS } from './hcgs/hcgs.js';
import { KERNELS } from './kernels/kernels.js';
import { MASK } from './mask/mask.js';
import type { PatternKind, PatternTypes } from './pattern.js';
import { ROWS } from './rows/rows.js';
import { STRIPS } from './strips/strips.js';

/**
 * Every kind of pattern, under the name that `kind` has in its data. Zeros are of the first one that explains them, so what says
 * more of them stands first, and the mask, which holds any, last.
 */
export const PATTERNS = {
  hcgs: HCGS,
  strips: STRIPS,
  banks: BANKS,
  rows: ROWS,
  kernels: KERNELS,
  mask: MASK,
} as const satisfies Readonly<Record<string, PatternKind<PatternTypes>>>;

type Kinds = typeof PATTERNS;
type Member = Kinds[keyof Kinds];

/** A pattern of any kind. */
export type Pattern = Parameters<Member['validate']>[0];
/** What a user states to draw or choose one. */
export type PatternSpec = ReturnType<Member['parse']['spec']>;
/** What a user states about the zeros of a network. */
export type PatternShape = ReturnType<Member['parse']['shape']>;
/** How the zeros of a matrix are taken. */
export type PatternChoice = Parameters<Member['find']['fit']>[1];
/** A description of the zeros of a matrix. */
export type PatternFinding = Parameters<Member['report']['findings']['notes']>[0];
/** How a compressed-model file describes the patterns of a matrix. */
export type PatternDescription = ReturnType<Member['file']['describe']>;
/** Sizes and counts of a pattern as JSON has them. */
export type PatternFacts = ReturnType<Member['report']['facts']>;

/** Data of any kind. */
export interface AnyPattern extends PatternTypes {
  readonly data: Pattern;
  readonly spec: PatternSpec;
  readonly shape: PatternShape;
  readonly choice: PatternChoice;
  readonly finding: PatternFinding;
  readonly description: PatternDescription;
  readonly facts: PatternFacts;
}
