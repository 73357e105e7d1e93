import type { Statements } from './statements.js';
import type { ModuleText } from './text.js';

/** One change of a text: characters start ... end - 1 become `to`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

export type Finder = (text: ModuleText, statements: Statements) => Iterable<Change>;
