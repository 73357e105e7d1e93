import { concatenations, constants, operators, slices } from './kinds-of-expression.js';
import { branches, operands, resets, ternaries } from './kinds-of-statement.js';
import type { Statements } from './statements.js';
import type { ModuleText } from './text.js';

/** One change of a text: characters start ... end - 1 become `to`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

export type Finder = (text: ModuleText, statements: Statements) => Iterable<Change>;

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
