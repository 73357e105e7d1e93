import type { TableScheme } from '../table-scheme.js';
import type { WordLengths } from '../words.js';

/** The functions that tables hold. */
export const TABLE_FUNCTIONS = ['sigmoid', 'tanh'] as const;
export type TableFunction = (typeof TABLE_FUNCTIONS)[number];

/** One sum that a cell gets for each row. */
export interface Channel {
  readonly name: string;
  /** Number of the gate whose rows it sums. */
  readonly gate: number;
  /** Operands that go into it; `none`: it is its bias alone, a weight of a row by a value inside of the cell. */
  readonly operands: 'all' | 'x' | 'h' | 'none';
  /** What it goes through; null: it stays as it is. */
  readonly table: TableFunction | null;
}

/** A value inside a cell that has to stay exact, behind its sums. */
export interface Inner {
  /** As errors call it. */
  readonly name: string;
  /** The largest that the word lengths allow. */
  readonly magnitude: number;
}

/** The exact sums of a pass. */
export interface ExactSums {
  readonly fraction: number;
  /** The largest that shape and word lengths allow, in units of the last bit. */
  readonly magnitude: number;
  /** Fraction bits of the biases. */
  readonly biasFraction: number;
}

/** How the sums of a pass are rounded. */
export interface SumRounding {
  /** Fewest fraction bits of the aligned sums, so that no rounding of them shifts left. */
  readonly least: number;
  /** Fraction bits that they are rounded to. */
  readonly to: number;
}

/** What the network knows of a kind of cell: what happens to the sums of one row of a pass. */
export interface Cell<K extends string = string> {
  readonly kind: K;
  /** Matrices side by side, in the order of the rows of a file of this program. */
  readonly gates: readonly string[];
  /** Vectors that a pass of it reads: x, or x and h. */
  readonly operands: 1 | 2;
  readonly channels: readonly Channel[];
  /** Name of the value of `words.cell` bits that it keeps from one frame to the next; null: it keeps none. */
  readonly state: string | null;
  /** Name of what it writes; null: it writes its sums, as they are. */
  readonly value: string | null;
  /** What leaves the hardware where this cell is the last: its values, or the exact sums, which no pass can read. */
  readonly leaves: 'values' | 'sums';
  /**
   * Fraction bits of the values it writes, from the word lengths, and from those of the state that it keeps, or reads of the pass
   * behind it; `own`: each pass says them; null: they follow from its sums, which leave as they are.
   */
  readonly valueFraction:
    | ((words: WordLengths, stateFraction: number | null) => number)
    | 'own'
    | null;
  /**
   * Values that it writes besides what their word holds: `own`, each pass says the least and the largest code; `positive`, none
   * below zero, and each pass may say the largest; null, all that the word holds.
   */
  readonly range: 'own' | 'positive' | null;
  /** A pass of it may clip its sums, where they are rounded to table inputs. Absent: it may not. */
  readonly clips?: true;
  /**
   * Kind of the pass just before one of this kind: it writes what this one reads as h, of this frame, and reads as h what this
   * one wrote a frame ago, row by row beside the state. Absent: it stands for itself.
   */
  readonly behind?: string;
  /** Null: the sums stay exact. `valueFraction` are the fraction bits of what it writes. */
  readonly rounding: (tables: TableScheme, valueFraction: number) => SumRounding | null;
  /** `stateFraction` are the fraction bits of its state. */
  readonly inner: (
    words: WordLengths,
    stateFraction: number | null,
    tables: TableScheme,
    sums: ExactSums,
  ) => readonly Inner[];
}

/** Rounding of sums that all go to tables: to the fraction bits of their inputs. */
export function toTables({ inputFraction }: TableScheme): SumRounding {
  return { least: inputFraction, to: inputFraction };
}
