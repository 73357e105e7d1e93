/** How activation tables are cut, over |u|. Every table of a model is cut alike. */
export interface TableScheme {
  /** Bits of an input u, and how many of them are fraction bits. */
  readonly inputBits: number;
  readonly inputFraction: number;
  /** Fraction bits of a value. */
  readonly outputFraction: number;
  /** Linear segments over |u|: a power of two. */
  readonly segments: number;
}

/** Fraction bits of a value that tables come with, fewest and most, and what they are when nobody says otherwise. */
export const TABLE_BITS = { least: 12, most: 16, usual: 12 } as const;

/**
 * Range of u, as a power of two, and segments, by the fraction bits of a value. The larger error is that of tanh: at most
 * 2.2 steps of a value. At 8, sigmoid is short of 1 by 1.4 steps of 12 bits, but by 22 of 16: those tables end at 16.
 */
const CUTS: Readonly<Record<number, { readonly range: number; readonly segments: number }>> = {
  12: { range: 3, segments: 128 },
  13: { range: 4, segments: 512 },
  14: { range: 4, segments: 512 },
  15: { range: 4, segments: 1024 },
  16: { range: 4, segments: 1024 },
};

/** The scheme whose values have `bits` fraction bits. @throws RangeError beyond TABLE_BITS */
export function schemeOf(bits: number): TableScheme {
  const cut = CUTS[bits];
  if (cut === undefined) throw new RangeError(`no tables of ${bits} fraction bits`);
  const inputFraction = bits - 2;
  const inputBits = 1 + cut.range + inputFraction;
  return { inputBits, inputFraction, outputFraction: bits, segments: cut.segments };
}

/** All of them. */
export const TABLE_SCHEMES: readonly TableScheme[] = Object.keys(CUTS).map((bits) =>
  schemeOf(Number(bits)),
);

/** u lies in [-limit, limit). */
export function rangeLimit({ inputBits, inputFraction }: TableScheme): number {
  return 2 ** (inputBits - 1 - inputFraction);
}

/** The largest code of an input: beyond it tables stay as they are. */
export function lastInput({ inputBits }: Pick<TableScheme, 'inputBits'>): number {
  return 2 ** (inputBits - 1) - 1;
}

/** The code of 1. */
export function tableOne({ outputFraction }: Pick<TableScheme, 'outputFraction'>): number {
  return 2 ** outputFraction;
}

/** Bits of |u|, and how many of them say where in its segment it lies. */
export function magnitudeBits({ inputBits }: Pick<TableScheme, 'inputBits'>): number {
  return inputBits - 1;
}

export function segmentBits(scheme: Pick<TableScheme, 'inputBits' | 'segments'>): number {
  return magnitudeBits(scheme) - Math.log2(scheme.segments);
}

/** Bits of a value, 0 ... 1, and of the rise of a segment: of functions that rise by no more than u. */
export function y0Bits({ outputFraction }: Pick<TableScheme, 'outputFraction'>): number {
  return outputFraction + 1;
}

export function slopeBits(scheme: TableScheme): number {
  return scheme.outputFraction - (scheme.inputFraction - segmentBits(scheme)) + 1;
}
