import type { WordLengths } from '../model.js';

/** The functions that tables hold. */
export type TableFunction = 'sigmoid' | 'tanh';

/** One sum that a cell gets for each row. */
export interface Channel {
  /** Number of the gate whose rows it sums. */
  readonly gate: number;
  /** Operands that go into it. */
  readonly operands: 'all' | 'x' | 'h';
  /** What it goes through; null: it stays as it is. */
  readonly table: TableFunction | null;
}

/** What the network knows of a kind of cell: what happens to the sums of one row of a pass. */
export interface Cell<K extends string = string> {
  readonly kind: K;
  /** Matrices side by side, in the order of the rows of a file of this program. */
  readonly gates: readonly string[];
  readonly channels: readonly Channel[];
  /** It keeps a value of `words.cell` bits from one frame to the next. */
  readonly state: boolean;
  /** What leaves the hardware where this cell is the last: its values, or the exact sums. */
  readonly leaves: 'values' | 'sums';
  /** Fraction bits of the values it writes, where they do not follow from its sums. */
  readonly valueFraction: (words: WordLengths) => number | null;
}
