import { UserError } from '../base/errors.js';
import { sat } from './arithmetic.js';
import type { NpyArray } from './formats/npy.js';
import type { Model } from './model.js';

/** Input frames as codes of the input format, utterances of equal length one after the other. */
export interface Frames {
  readonly utterances: number;
  /** Frames of one utterance. */
  readonly frames: number;
  readonly inputs: number;
  /** [utterance][frame][input]. */
  readonly codes: Int32Array;
  /** Axes of the array that the frames came from: 2 = one utterance, outputs get the same axes. */
  readonly axes: 2 | 3;
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

/** Sizes of a frame array `[frames, n]` or `[utterances, frames, n]`. */
export interface FrameShape {
  readonly utterances: number;
  readonly frames: number;
  readonly inputs: number;
  readonly axes: 2 | 3;
}

/**
 * @throws UserError FRAMES_SHAPE when the array has other axes, no frame, or frames of the wrong width;
 * FRAMES_NOT_FINITE when a value is NaN or infinite.
 */
export function checkFrames({ shape, data }: NpyArray, inputs: number, file: string): FrameShape {
  const text = `[${shape.join(', ')}]`;
  const axes = shape.length;
  if (axes !== 2 && axes !== 3) {
    throw refusal('FRAMES_SHAPE', file, 'shape', '[frames, n] or [utterances, frames, n]', text);
  }
  const [utterances, frames, width] = [1, ...shape].slice(-3) as [number, number, number];
  if (width !== inputs) {
    throw refusal(
      'FRAMES_WIDTH',
      file,
      'shape',
      `frames of ${inputs} values`,
      `${width} in ${text}`,
    );
  }
  if (utterances === 0 || frames === 0) {
    throw refusal('FRAMES_SHAPE', file, 'shape', 'at least one frame', text);
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      const place = `[${[Math.floor(i / inputs / frames), Math.floor(i / inputs) % frames, i % inputs].slice(3 - axes).join(', ')}]`;
      throw refusal('FRAMES_NOT_FINITE', file, place, 'a finite number', String(data[i]));
    }
  }
  return { utterances, frames, inputs, axes };
}

/**
 * Input codes of a frame array: real values are rounded half up and saturate, integers are codes already.
 * @throws UserError as `checkFrames`, and FRAMES_RANGE when an integer is no code of the input format.
 */
export function framesFromNpy(
  array: NpyArray,
  inputs: number,
  format: FixedPoint,
  file: string,
): Frames {
  const shape = checkFrames(array, inputs, file);
  if (array.type.startsWith('float')) return { ...shape, ...codesOfReal(array.data, format) };
  const limit = 2 ** (format.bits - 1);
  const codes = Int32Array.from(array.data, (value) => {
    if (value >= -limit && value < limit) return value;
    const expected = `codes from ${-limit} to ${limit - 1}`;
    throw refusal('FRAMES_RANGE', file, 'data', expected, String(value));
  });
  return { ...shape, codes, saturated: 0 };
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
  const inputs = model.layers[0]?.inputs as number;
  return { inputs, bits: model.words.activation, fraction: model.inputFraction };
}

/**
 * Class numbers of the utterances.
 * @throws UserError LABELS_TYPE, LABELS_SHAPE or LABELS_RANGE.
 */
export function labelsFromNpy(
  { type, shape, data }: NpyArray,
  utterances: number,
  classes: number,
  file: string,
): Int32Array {
  if (type.startsWith('float')) {
    throw refusal('LABELS_TYPE', file, 'descr', 'an integer type', type);
  }
  if (shape.length !== 1 || shape[0] !== utterances) {
    throw refusal('LABELS_SHAPE', file, 'shape', `[${utterances}]`, `[${shape.join(', ')}]`);
  }
  const wrong = Array.from(data).find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw refusal('LABELS_RANGE', file, 'data', `0 to ${classes - 1}`, String(wrong));
  }
  return Int32Array.from(data);
}

function refusal(
  code: string,
  file: string,
  field: string,
  expected: string,
  got: string,
): UserError {
  const message = `${file}: ${field}: expected ${expected}, got ${got}`;
  return new UserError({ code, message, file, field, expected, got });
}
