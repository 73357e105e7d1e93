/** Word lengths in bits, two's complement, sign included. */
export interface WordLengths {
  /** Weight codes, all matrices. */
  readonly weight: number;
  /** Input frames, and values that a pass reads. */
  readonly activation: number;
  /** State of a cell from frame to frame. */
  readonly cell: number;
  readonly bias: number;
}

/** Fraction bits of values in [-1, 1), such as h, that fill a word of the activations. */
export function hiddenFraction(words: WordLengths): number {
  return words.activation - 1;
}
