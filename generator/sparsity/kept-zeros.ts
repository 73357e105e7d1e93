/** Zeros in what a description of a matrix keeps, all of its patterns together. */
export interface KeptZeros {
  /** Positions that are kept. */
  readonly kept: number;
  /** Those of them that hold no weight. */
  readonly beyond: number;
  /** Those of them that stand in pairs, one under the other in neighbouring kept rows. */
  readonly paired: number;
  /** Positions of the matrix that hold no weight, kept or not. */
  readonly zeros: number;
}

/** Share of the kept positions that may be zero. */
const ZEROS = 0.01;
/** Share of the zeros of a mask that may be kept, where they are zeros of single weights. */
const SINGLE = 0.1;
/**
 * Bits that a kept position counts for beside index bits. Were kept positions counted alone, a weight that happens to be zero in
 * the only row of a low strip would be worth another list.
 */
const POSITION_BITS = 8;

/** Whether hardly any kept position is zero; or they are zeros of single weights, as short words have them. */
export function keepsHardlyZeros({ kept, beyond, paired, zeros }: KeptZeros): boolean {
  const single = paired <= ZEROS * kept && beyond <= SINGLE * zeros;
  return beyond <= ZEROS * kept || single;
}

/** The description that takes fewest bits of those that explain the zeros, of equal ones the first. Null where none does. */
export function cheapest<
  C extends { readonly kept: number; readonly indexBits: number; readonly explains: boolean },
>(list: readonly C[]): C | null {
  const bits = ({ kept, indexBits }: C) => POSITION_BITS * kept + indexBits;
  const [best] = list.filter(({ explains }) => explains).sort((a, b) => bits(a) - bits(b));
  return best ?? null;
}
