import { sat } from './arithmetic.js';
import type { Model } from './model.js';
import { programOf } from './program.js';
import type { Utterances } from './utterances.js';

/** Input frames as codes of the input format. */
export interface Frames extends Utterances {
  readonly inputs: number;
  /** [frame][input], utterances one after the other. */
  readonly codes: Int32Array;
  /** Real values that were clamped to the input format. */
  readonly saturated: number;
}

/** A fixed-point format: two's complement words of `bits` bits, `fraction` of them fraction bits. */
export interface FixedPoint {
  readonly bits: number;
  readonly fraction: number;
}

/** floor(v * 2^fraction + 1/2), before saturation. */
export function roundToCode(value: number, fraction: number): number {
  return Math.floor(value * 2 ** fraction + 0.5);
}

/** Codes of real values, rounded half up and saturated. */
export function codesOfReal(
  values: ArrayLike<number>,
  { bits, fraction }: FixedPoint,
): Pick<Frames, 'codes' | 'saturated'> {
  const codes = new Int32Array(values.length);
  let saturated = 0;
  for (let i = 0; i < codes.length; i++) {
    const rounded = roundToCode(values[i] as number, fraction);
    const code = sat(rounded, bits);
    if (code !== rounded) saturated++;
    codes[i] = code;
  }
  return { codes, saturated };
}

/** Width and format of the frames that a model reads. */
export function inputFormat(model: Model): FixedPoint & { readonly inputs: number } {
  const { length: inputs, fraction } = programOf(model).input;
  return { inputs, bits: model.words.activation, fraction };
}
