import type { Finder } from './change.js';
import { concatenations, constants, operators, slices } from './kinds-of-expression.js';
import { branches, operands, resets, ternaries } from './kinds-of-statement.js';

/** Kinds of mutation, each with all changes of its kind that a module allows. */
export const KINDS = {
  operator: operators,
  constant: constants,
  slice: slices,
  reset: resets,
  branch: branches,
  assignment: operands,
  ternary: ternaries,
  concatenation: concatenations,
} satisfies Readonly<Record<string, Finder>>;

export type Kind = keyof typeof KINDS;
