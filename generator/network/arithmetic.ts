/**
 * Every rounding point of the computation, in one file. The golden model calls these functions; the hardware
 * takes its constants and shift amounts from them; a training-time emulation is written from them.
 *
 * Values are integers held in JavaScript numbers, exact up to 53 bits. Word lengths are limited so that no
 * intermediate value exceeds that (see `checkWordLengths` of the compressed-model file).
 *
 * Rounding points of one step of a recurrent layer with cell state, in order. Of the scheme of its tables: N fraction
 * bits of a value, n bits and m fraction bits of an input, s bits of an input inside a segment.
 *   1. u  = sat_n(rnd(s, F - m))                 gate sum to table input, F = fraction bits of the sum
 *   2. y  = y0 + rnd(slope * r, s)               inside a table segment
 *   3. c' = sat(rnd(f * c + i * g, ...))         one rounding of the exact sum, then saturation
 *   4. v  = sat_n(rnd(c', fc - m))               cell state to table input; the stored c' is not touched
 *   5. h  = sat(rnd(o * tanh(v), 2 N - fh))      fh = fraction bits of h
 *
 * Of a GRU (reset behind the product), whose sums of the last gate stay apart: S_x = W_n x + b_n, S_h = U_n h + d_n,
 * F fraction bits each, d bits of the sum under the reset gate (RESET_SUM more than a table input), g of them fraction:
 *   1. u_r, u_z as above;  d = sat_d(rnd(S_h, F - g))
 *   2. r, z and n as above
 *   6. u_n = sat_n(rnd(S_x * 2^(T - F) + r * d * 2^(T - N - g), T - m)), T = max(F, N + g): one rounding of the exact sum
 *   3. s' = sat(rnd(z * s + (2^N - z) * n, ...)), as c' with f = z, i = 2^N - z, g = n
 *   7. h = sat(rnd(s', fs - fh)), fs = fraction bits of the state
 * Of a cell with peepholes, whose weights p of a row have the format of the biases (b fraction bits), in place of 1, for i and f
 * with c of the frame before and for o with c':
 *   8. u = sat_n(rnd(S * 2^(T - F) + p * c * 2^(T - b - fc), T - m)), T = max(F, b + fc): one rounding of the exact sum
 * A pass may clip its sums, |x| at most L table-input steps: in 1, 6 and 8, where they go to tables, max(-L, min(L, x)) stands in the
 * place of sat_n. The sum under a reset gate and the state (4) are not clipped.
 * With the reset before the product: p = sat(rnd(r * sat(rnd(s, fs - fh)), N)) in the format of h, u_n = sat_n(rnd(S, F - m)) of
 * the sum W_n x + U_n p + b_n, s' and h as above.
 * Of a GRU whose new gate is a ReLU, whose n has the word of the state and its fs fraction bits, and whose h has the highest bits of it:
 *   9. n = sat(rnd(max(0, S), F - fs)), or with the reset behind the product, d = sat(rnd(S_h, F - fs)) of RESET_SUM more bits,
 *      n = sat(rnd(max(0, S_x * 2^(T - F) + r * d * 2^(T - N - fs)), T - fs)), T = max(F, N + fs): one rounding of the exact sum
 *  10. s' = rnd(z * s + (2^N - z) * n, N), which lies between s and n
 *   7. h = sat(rnd(s', cell - act)), the bits that the word of the state has more; exact where it has fewer
 * Of an RNN: h = sat(rnd(tanh(u), N - fh)), or h = sat(rnd(max(0, s), F - fh)) with a binary point of its own.
 *
 * An utterance starts with h = 0 and c = 0, and where a start is learned, rounded once when the model is made:
 *   b0 = sat(rnd(b + W_h * h0)), in the format of b, stands in place of b in the first frame, in which h = 0
 *   c0 = sat(rnd(c0)), in the format of c
 */
import { RESET_SUM } from './cells/gru.js';
import { power, type Rounding, rounded, roundingBy, sat } from './rounding.js';
import { magnitudeBits, segmentBits, type TableScheme, tableOne } from './table-scheme.js';

export {
  clamp,
  clipped,
  type Rounding,
  rnd,
  rounded,
  roundingBy,
  sat,
} from './rounding.js';

/** Left shifts that bring both sums and the bias of a layer to one binary point, exact. */
export interface SumAlignment {
  /** Fraction bits of the aligned sum s = (Sx << x) + (Sh << h) + (b << bias). */
  readonly fraction: number;
  readonly x: number;
  readonly h: number;
  readonly bias: number;
}

/**
 * Alignment at the finest of the binary points; `h` is null where a pass has one sum. A sum that is rounded has at
 * least the fraction bits that it is rounded to, so that the rounding shift is never negative; another one, with `least`
 * null, leaves at its own finest point.
 */
export function alignSums(
  points: { readonly x: number; readonly h: number | null; readonly bias: number },
  least: number | null,
): SumAlignment {
  const fraction = Math.max(
    points.x,
    points.bias,
    points.h ?? Number.NEGATIVE_INFINITY,
    least ?? Number.NEGATIVE_INFINITY,
  );
  return {
    fraction,
    x: fraction - points.x,
    h: points.h === null ? 0 : fraction - points.h,
    bias: fraction - points.bias,
  };
}

/** Rounding point 1 and 4: a value with `fraction` fraction bits becomes a table input. */
export function toTableInput(value: number, fraction: number, scheme: TableScheme): number {
  return sat(rounded(value, tableInputRounding(fraction, scheme)), scheme.inputBits);
}

/** Constants of rounding points 1 and 4 for a value with `fraction` fraction bits. */
export function tableInputRounding(
  fraction: number,
  { inputFraction }: Pick<TableScheme, 'inputFraction'>,
): Rounding {
  return roundingBy(fraction - inputFraction);
}

interface Segments {
  readonly y0: ArrayLike<number>;
  readonly slope: ArrayLike<number>;
}

/** A function of a table input. */
export type OfTableInput = (u: number) => number;

/** Rounding point 2: value of a table at |u|, which is clamped to the last code of an input. */
function interpolated({ y0, slope }: Segments, scheme: TableScheme): OfTableInput {
  const last = 2 ** magnitudeBits(scheme) - 1;
  const bits = segmentBits(scheme);
  const mask = 2 ** bits - 1;
  const by = roundingBy(bits);
  return (u) => {
    const magnitude = Math.min(Math.abs(u), last);
    const k = magnitude >> bits;
    return (y0[k] as number) + rounded((slope[k] as number) * (magnitude & mask), by);
  };
}

/** Sigmoid, 0 ... 2^N: sigmoid(-u) = 2^N - sigmoid(u). */
export function sigmoidOf(table: Segments, scheme: TableScheme): OfTableInput {
  const positive = interpolated(table, scheme);
  const one = tableOne(scheme);
  return (u) => (u < 0 ? one - positive(u) : positive(u));
}

/** tanh, -2^N ... 2^N: tanh(-u) = -tanh(u). */
export function tanhOf(table: Segments, scheme: TableScheme): OfTableInput {
  const positive = interpolated(table, scheme);
  return (u) => (u < 0 ? -positive(u) : positive(u));
}

/** The same at one input. */
export function sigmoid(table: Segments, u: number, scheme: TableScheme): number {
  return sigmoidOf(table, scheme)(u);
}

export function tanh(table: Segments, u: number, scheme: TableScheme): number {
  return tanhOf(table, scheme)(u);
}

/** Constants of the cell update: the two products meet exactly at N + max(N, fraction) fraction bits. */
export interface CellRounding extends Rounding {
  /** Factors that bring f * c and i * g there. */
  readonly kept: number;
  readonly added: number;
}

/** Constants of the cell update for a c with `fraction` fraction bits. */
export function cellRounding(
  fraction: number,
  { outputFraction }: Pick<TableScheme, 'outputFraction'>,
): CellRounding {
  const point = Math.max(outputFraction, fraction);
  return {
    kept: power(point - fraction),
    added: power(point - outputFraction),
    ...roundingBy(outputFraction + point - fraction),
  };
}

/**
 * Rounding point 3 before saturation: rnd(f * c + i * g) with the fraction bits of c. f and i are sigmoid outputs,
 * g a tanh output (N fraction bits each).
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
  scheme: TableScheme,
): number {
  return sat(roundedCell(f, c, i, g, cellRounding(fraction, scheme)), bits);
}

/** Rounding point 5 before saturation: rnd(o * t) to `bits - 1` fraction bits; o and t have N each. */
export function hiddenRounding(
  bits: number,
  { outputFraction }: Pick<TableScheme, 'outputFraction'>,
): Rounding {
  return roundingBy(2 * outputFraction - (bits - 1));
}

/** Rounding point 5: h = sat(rnd(o * t)). */
export function nextHidden(o: number, t: number, bits: number, scheme: TableScheme): number {
  return sat(rounded(o * t, hiddenRounding(bits, scheme)), bits);
}

/** Where the sum of the new gate of a GRU and what the reset gate leaves meet. */
export interface ResetRounding {
  /** Rounding point 1 of the sum under the reset gate: to `resetFraction` bits behind the point, `resetLimit` = 2^(d - 1). */
  readonly under: Rounding;
  readonly limit: number;
  /** Factors that bring S_x, and r * d, to their finer binary point; the rounding from there to a table input. */
  readonly direct: number;
  readonly gated: number;
  readonly meet: Rounding;
}

/** Rounding points 1 and 6 of a GRU, for sums with `fraction` fraction bits, at least those of d. */
export function resetRounding(fraction: number, scheme: TableScheme): ResetRounding {
  const { outputFraction, inputFraction } = scheme;
  const { fraction: own, bits } = resetWord(scheme);
  const point = Math.max(fraction, outputFraction + own);
  return {
    under: roundingBy(fraction - own),
    limit: power(bits - 1),
    direct: power(point - fraction),
    gated: power(point - outputFraction - own),
    meet: roundingBy(point - inputFraction),
  };
}

/** Bits of d, the sum under the reset gate of a GRU, and fraction bits among them. */
export function resetWord({
  inputBits,
  inputFraction,
}: Pick<TableScheme, 'inputBits' | 'inputFraction'>): {
  readonly bits: number;
  readonly fraction: number;
} {
  return { bits: inputBits + RESET_SUM.bits, fraction: inputFraction + RESET_SUM.fraction };
}

/** Roundings of a GRU whose new gate is a ReLU; `under` is that of n, too, where nothing is added to its sum. */
export interface ReluRounding extends ResetRounding {
  /** Rounding point 10: both products are at one point. */
  readonly blend: CellRounding;
}

/** Rounding points 9 and 10, for sums with `fraction` and a state with `state` fraction bits of `cell` bits. */
export function reluRounding(
  fraction: number,
  state: number,
  cell: number,
  { outputFraction }: Pick<TableScheme, 'outputFraction'>,
): ReluRounding {
  const point = Math.max(fraction, outputFraction + state);
  return {
    under: roundingBy(fraction - state),
    limit: power(cell + RESET_SUM.bits - 1),
    direct: power(point - fraction),
    gated: power(point - outputFraction - state),
    meet: roundingBy(point - state),
    blend: { kept: 1, added: 1, ...roundingBy(outputFraction) },
  };
}

/** Where a gate sum and the product of a peephole meet. */
export interface PeepholeRounding {
  /** Factors that bring the sum, and p * c, to the finer of their binary points; the rounding from there to a table input. */
  readonly direct: number;
  readonly product: number;
  readonly meet: Rounding;
}

/** Rounding point 8: of sums with `fraction`, biases with `bias` and a state with `state` fraction bits. */
export function peepholeRounding(
  fraction: number,
  bias: number,
  state: number,
  { inputFraction }: Pick<TableScheme, 'inputFraction'>,
): PeepholeRounding {
  const point = Math.max(fraction, bias + state);
  return {
    direct: power(point - fraction),
    product: power(point - bias - state),
    meet: roundingBy(point - inputFraction),
  };
}

/** Rounding of a value with `fraction` fraction bits to one of `to`: points 5 and 7, and those of an RNN. */
export function valueRounding(fraction: number, to: number): Rounding {
  return roundingBy(fraction - to);
}
