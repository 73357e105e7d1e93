import type { Rounding } from '../../network/arithmetic.js';
import type { Role } from '../../network/cells/shown.js';
import type { WordLengths } from '../../network/model.js';
import type { Pass } from '../../network/program.js';
import type { Lookups } from '../lookup.js';

/** How often a value was clamped, by rounding point. */
export interface Saturations {
  /** Gate sums beyond the table input. */
  gateInput: number;
  /** Cell states beyond the table input; the stored c is not touched by that. */
  cellInput: number;
  /** Cell states beyond the word of c. */
  cell: number;
  /** h = +1, which becomes the largest code. */
  hidden: number;
}

/** What one recurrent pass computes in one frame: what the hardware shows of it. */
export interface LayerFrame extends Readonly<Record<Role, Float64Array | Int32Array | null>> {
  /** Aligned sums before rounding, [channel][row]. */
  readonly sums: Float64Array;
  /** What is kept for the next frame; null where the cell keeps nothing. */
  readonly state: Int32Array | null;
  /** What is written. */
  readonly value: Int32Array;
}

/** One pass with its state. */
export interface GoldenPass {
  /** The vector that it writes, as doubles, which is how the next sums read it; of the frame before until it is stepped. */
  readonly values: Float64Array;
  /** The next frame is the first of an utterance: state, and what it reads of the frame before, are those of the start. */
  reset(): void;
  /** One frame: the vectors of its operands in order. Null where the hardware shows nothing but the output. */
  step(x: Float64Array, h: Float64Array | null): LayerFrame | null;
}

/** What all passes of a network share, and where this one counts. */
export interface Surroundings {
  readonly words: WordLengths;
  readonly tables: Lookups;
  readonly saturations: Saturations;
  /** What passes that need each other share, by the number of the vector that the first one writes. */
  readonly pairs: Map<number, Pair>;
}

/** What the two passes of a GRU with the reset before the product know of each other, [row]. */
export interface Pair {
  /** Codes of the state, and the rounding of them to h. */
  readonly state: Int32Array;
  readonly toHidden: Rounding;
  readonly z: Int32Array;
}

/** Makes the golden model of a pass. */
export type MakePass = (pass: Pass, around: Surroundings) => GoldenPass;
