import { type UserError, unexpected } from '../base/errors.js';
import { sat } from './arithmetic.js';
import type { NpyArray } from './formats/npy.js';
import type { Model } from './model.js';
import { programOf } from './program.js';

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

/** Sizes of a frame array `[frames, n]` or `[utterances, frames, n]`, or, time-major, `[frames, utterances, n]`. */
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
  const axes = shape.length;
  if (axes !== 2 && axes !== 3) {
    const expected = `[frames, ${inputs}], or [utterances, frames, ${inputs}], or [frames, utterances, ${inputs}] with --time-major`;
    throw refusal('FRAMES_SHAPE', file, 'shape', expected, `[${shape.join(', ')}]`);
  }
  const text = axesText(shape);
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

/** A frame array, or a part of one, as texts show it: `[utterances, frames, inputs] = [30, 8, 40]`. */
export function axesText(shape: readonly number[], timeMajor = false): string {
  const names =
    timeMajor && shape.length === 3 ? ['frames', 'utterances'] : ['utterances', 'frames'];
  return `[${[...names, 'inputs'].slice(-shape.length).join(', ')}] = [${shape.join(', ')}]`;
}

/**
 * A frame array with the axes that everything else expects: of one that is time-major, `[frames, utterances, n]`, the
 * first two are exchanged. One utterance, `[frames, n]`, is the same either way.
 */
export function utterancesFirst<T extends NpyArray>(array: T, timeMajor: boolean): T {
  const { shape, data } = array;
  if (!timeMajor || shape.length !== 3) return array;
  const [frames, utterances, width] = shape as [number, number, number];
  return {
    ...array,
    shape: [utterances, frames, width],
    data: exchanged(data, frames, utterances, width),
  };
}

/**
 * Values of every frame `[utterance][frame][width]` as an array with the axes of the file that the frames came from.
 */
export function likeFrames(
  data: ArrayLike<number>,
  { utterances, frames, axes }: Pick<FrameShape, 'utterances' | 'frames' | 'axes'>,
  width: number,
  timeMajor: boolean,
): { readonly shape: readonly number[]; readonly data: ArrayLike<number> } {
  if (axes === 2) return { shape: [frames, width], data };
  if (!timeMajor) return { shape: [utterances, frames, width], data };
  return { shape: [frames, utterances, width], data: exchanged(data, utterances, frames, width) };
}

/** [a][b][width] to [b][a][width]. */
function exchanged(
  data: ArrayLike<number>,
  a: number,
  b: number,
  width: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / width);
    const to = (row % b) * a + Math.floor(row / b);
    out[to * width + (i % width)] = data[i] as number;
  }
  return out;
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
  const { length: inputs, fraction } = programOf(model).input;
  return { inputs, bits: model.words.activation, fraction };
}

/**
 * Class numbers of the utterances. `frames` are those that the labels go with, for the error.
 * @throws UserError LABELS_TYPE, LABELS_SHAPE or LABELS_RANGE.
 */
export function labelsFromNpy(
  { type, shape, data }: NpyArray,
  utterances: number,
  classes: number,
  file: string,
  frames?: Pick<FrameShape, 'axes' | 'frames'> & { readonly timeMajor: boolean },
): Int32Array {
  if (type.startsWith('float')) {
    throw refusal('LABELS_TYPE', file, 'descr', 'an integer type', type);
  }
  if (shape.length !== 1 || shape[0] !== utterances) {
    const other = frames?.axes === 3 && shape.length === 1 && shape[0] === frames.frames;
    const hint = !other
      ? ''
      : frames.timeMajor
        ? `; the second axis of the frames has ${shape[0]}: are they [utterances, frames, n], without --time-major?`
        : `; the second axis of the frames has ${shape[0]}: are they [frames, utterances, n], with --time-major?`;
    const expected = `[utterances] = [${utterances}]`;
    throw refusal('LABELS_SHAPE', file, 'shape', expected, `[${shape.join(', ')}]${hint}`);
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
  return unexpected({ code, file, field, expected, got });
}
