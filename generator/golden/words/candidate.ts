import type { FormatChoices } from '../../network/compress/formats.js';
import { WORD_LIMITS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import type { Measured } from '../measure/measure.js';

/** Lengths that a search chooses: of words, and fraction bits of the values of activation tables. */
export interface Lengths extends WordLengths {
  readonly table: number;
}

/** In the order in which they shrink: memory of weights is the largest part of a design, multipliers the next. */
export const CHOSEN = [
  'weight',
  'activation',
  'table',
  'cell',
  'bias',
] as const satisfies (keyof Lengths)[];
export type Chosen = (typeof CHOSEN)[number];

/** Fewest and most bits. */
export const LIMITS: Readonly<Record<Chosen, readonly [number, number]>> = {
  ...WORD_LIMITS,
  table: [TABLE_BITS.least, TABLE_BITS.most],
};

/** Words and formats that a network can be quantised in. */
export interface Candidate {
  readonly words: Lengths;
  readonly formats: FormatChoices;
  /** Bits by which the ranges of x and of c of each layer are wider than what the calibration says. */
  readonly headroom: readonly number[];
}

/** A candidate, and how far it is from the target (`distance`). */
export interface Tried extends Candidate {
  readonly distance: number;
  /** Null where the words cannot hold the network. */
  readonly measured: Measured | null;
}

/** Whether the target is met. */
export const meets = ({ distance: far }: Tried): boolean => far <= 1;
