/**
 * Every rounding point of the computation, in one file. The golden model calls these functions; the hardware
 * takes its constants and shift amounts from them; a training-time emulation is written from them.
 *
 * Values are integers held in JavaScript numbers, exact up to 53 bits. Word lengths are limited so that no
 * intermediate value exceeds that (see `checkWordLengths` of the compressed-model file).
 *
 * Rounding points of one step of a recurrent layer with cell state, in order:
 *   1. u  = sat14(rnd(s, F - 10))                gate sum to table input, F = fraction bits of the sum
 *   2. y  = y0 + rnd(slope * r, 6)               inside a table segment
 *   3. c' = sat(rnd(f * c + i * g, ...))         one rounding of the exact sum, then saturation
 *   4. v  = sat14(rnd(c', fc - 10))              cell state to table input; the stored c' is not touched
 *   5. h  = sat(rnd(o * tanh(v), 24 - fh))       fh = fraction bits of h
 */

/** Table input: 14 bits, 10 fraction bits, range [-8, 8). */
export const TABLE_INPUT_BITS = 14;
export const TABLE_INPUT_FRACTION = 10;
/** Segments of a table over |u|, and the bits of |u| inside one segment. */
export const TABLE_SEGMENTS = 128;
export const TABLE_SEGMENT_BITS = 6;
/** Table output: 12 fraction bits. */
export const TABLE_OUTPUT_FRACTION = 12;
export const TABLE_ONE = 2 ** TABLE_OUTPUT_FRACTION;
export const TABLE_Y0_BITS = 13;
export const TABLE_SLOPE_BITS = 9;

const POWERS = Float64Array.from({ length: 129 }, (_, i) => 2 ** (i - 64));

/** 2^n from a table; the golden model asks for it several times in every cell. */
function power(n: number): number {
  return POWERS[n + 64] ?? 2 ** n;
}

/** Constants of a rounding by a fixed shift: rnd(v) = floor((v + half) * scale). */
export interface Rounding {
  readonly half: number;
  readonly scale: number;
}

/** Rounding by `shift` bits; shift <= 0 is a left shift, in which nothing is rounded. */
export function roundingBy(shift: number): Rounding {
  return { half: shift > 0 ? power(shift - 1) : 0, scale: power(-shift) };
}

/** Round half up with the constants of `roundingBy`. */
export function rounded(value: number, { half, scale }: Rounding): number {
  return Math.floor((value + half) * scale);
}

/** Round half up by `shift` bits: shift > 0: (v + 2^(shift-1)) >> shift; shift <= 0: v << -shift. */
export function rnd(value: number, shift: number): number {
  return rounded(value, roundingBy(shift));
}

/** Clamp to a two's complement word of `bits` bits. */
export function sat(value: number, bits: number): number {
  return clamp(value, power(bits - 1));
}

/** Clamp to -limit ... limit - 1. */
export function clamp(value: number, limit: number): number {
  if (value >= limit) return limit - 1;
  if (value < -limit) return -limit;
  return value;
}

/** Left shifts that bring both sums and the bias of a layer to one binary point, exact. */
export interface SumAlignment {
  /** Fraction bits of the aligned sum s = (Sx << x) + (Sh << h) + (b << bias). */
  readonly fraction: number;
  readonly x: number;
  readonly h: number;
  readonly bias: number;
}

/**
 * Alignment at the finest of the binary points; `h` is null where a pass has one sum. A sum that goes through a table
 * has at least the fraction bits of the table input, so that the rounding shift is never negative; another one leaves
 * at its own finest point.
 */
export function alignSums(
  points: { readonly x: number; readonly h: number | null; readonly bias: number },
  throughTable: boolean,
): SumAlignment {
  const fraction = Math.max(
    points.x,
    points.bias,
    points.h ?? Number.NEGATIVE_INFINITY,
    throughTable ? TABLE_INPUT_FRACTION : Number.NEGATIVE_INFINITY,
  );
  return {
    fraction,
    x: fraction - points.x,
    h: points.h === null ? 0 : fraction - points.h,
    bias: fraction - points.bias,
  };
}

/** Rounding point 1 and 4: a value with `fraction` fraction bits becomes a table input. */
export function toTableInput(value: number, fraction: number): number {
  return sat(rnd(value, fraction - TABLE_INPUT_FRACTION), TABLE_INPUT_BITS);
}

/** |u| clamped to the last code of the table. */
export function tableMagnitude(u: number): number {
  return Math.min(Math.abs(u), 2 ** (TABLE_INPUT_BITS - 1) - 1);
}

interface Segments {
  readonly y0: ArrayLike<number>;
  readonly slope: ArrayLike<number>;
}

/** Rounding point 2: value of a table at |u|. */
function interpolate(table: Segments, u: number): number {
  const magnitude = tableMagnitude(u);
  const k = magnitude >> TABLE_SEGMENT_BITS;
  const r = magnitude & (2 ** TABLE_SEGMENT_BITS - 1);
  return (table.y0[k] as number) + rnd((table.slope[k] as number) * r, TABLE_SEGMENT_BITS);
}

/** Sigmoid, 0 ... 4096: sigmoid(-u) = 4096 - sigmoid(u). */
export function sigmoid(table: Segments, u: number): number {
  const y = interpolate(table, u);
  return u < 0 ? TABLE_ONE - y : y;
}

/** tanh, -4096 ... 4096: tanh(-u) = -tanh(u). */
export function tanh(table: Segments, u: number): number {
  const y = interpolate(table, u);
  return u < 0 ? -y : y;
}

/** Constants of the cell update: the two products meet exactly at 12 + max(12, fraction) fraction bits. */
export interface CellRounding extends Rounding {
  /** Factors that bring f * c and i * g there. */
  readonly kept: number;
  readonly added: number;
}

/** Constants of the cell update for a c with `fraction` fraction bits. */
export function cellRounding(fraction: number): CellRounding {
  const point = Math.max(TABLE_OUTPUT_FRACTION, fraction);
  return {
    kept: power(point - fraction),
    added: power(point - TABLE_OUTPUT_FRACTION),
    ...roundingBy(TABLE_OUTPUT_FRACTION + point - fraction),
  };
}

/**
 * Rounding point 3 before saturation: rnd(f * c + i * g) with the fraction bits of c. f and i are sigmoid outputs,
 * g a tanh output (12 fraction bits each).
 */
export function roundedCell(f: number, c: number, i: number, g: number, by: CellRounding): number {
  return rounded(f * c * by.kept + i * g * by.added, by);
}

/** Rounding point 3: c' = sat(rnd(f * c + i * g)). */
export function nextCell(
  f: number,
  c: number,
  i: number,
  g: number,
  fraction: number,
  bits: number,
): number {
  return sat(roundedCell(f, c, i, g, cellRounding(fraction)), bits);
}

/** Rounding point 5 before saturation: rnd(o * t) to `bits - 1` fraction bits; o and t have 12 each. */
export function hiddenRounding(bits: number): Rounding {
  return roundingBy(2 * TABLE_OUTPUT_FRACTION - (bits - 1));
}

/** Rounding point 5: h = sat(rnd(o * t)). */
export function nextHidden(o: number, t: number, bits: number): number {
  return sat(rounded(o * t, hiddenRounding(bits)), bits);
}
