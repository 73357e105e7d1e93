import type { RealFrames } from '../float/run.js';
import type { ElementType } from '../formats/elements.js';
import type { NpyArray } from '../formats/npy.js';
import { codesOfReal, type FixedPoint, type Frames } from '../frames.js';
import { equalLengths, framesIn } from '../utterances.js';
import { type ArrayLayout, axesText, type FrameLayout, frameIndex, otherAxis } from './layout.js';
import { refusal } from './refusal.js';

/** Frames as their file has them, every value finite: real numbers or codes. What lies behind the end of an utterance is not here. */
export interface FrameSet extends RealFrames {
  readonly file: string;
  /** Real numbers are float16, float32 or float64; integers are codes. */
  readonly type: ElementType;
  readonly layout: FrameLayout;
}

/** How many frames of each utterance of an array are real, and the file that says so. */
export interface GivenLengths {
  readonly file: string;
  readonly lengths: ArrayLike<number>;
}

export interface FrameArrayOptions {
  /** Values of one frame of the network. */
  readonly inputs: number;
  readonly file: string;
  /** A third axis: the first one is the frames. */
  readonly timeMajor?: boolean;
  readonly lengths?: GivenLengths | undefined;
}

/**
 * Frames of an array `[frames, n]` or `[utterances, frames, n]`, or, time-major, `[frames, utterances, n]`.
 * @throws UserError FRAMES_SHAPE when the array has other axes or no frame, FRAMES_WIDTH; LENGTHS_SHAPE, LENGTHS_RANGE;
 * FRAMES_NOT_FINITE when a value of a frame is NaN or infinite.
 */
export function frameArray(
  array: NpyArray,
  { inputs, file, timeMajor = false, lengths: given }: FrameArrayOptions,
): FrameSet {
  const { shape } = array;
  const axes = shape.length;
  if (axes !== 2 && axes !== 3) {
    const expected = `[frames, ${inputs}], or [utterances, frames, ${inputs}], or [frames, utterances, ${inputs}] with --time-major`;
    throw refusal('FRAMES_SHAPE', file, 'shape', expected, `[${shape.join(', ')}]`);
  }
  const text = axesText(shape, timeMajor);
  checkWidth(shape.at(-1) as number, inputs, file, text);
  const turned = timeMajor && axes === 3;
  const [utterances, frames] = (turned ? [shape[1], shape[0]] : [1, ...shape].slice(-3)) as [
    number,
    number,
  ];
  if (utterances === 0 || frames === 0) {
    throw refusal('FRAMES_SHAPE', file, 'shape', 'at least one frame', text);
  }
  const layout = { kind: 'array', axes, frames, timeMajor: turned } as const;
  if (given !== undefined) checkLengths(given, utterances, layout, text);
  const lengths = given ? Int32Array.from(given.lengths) : equalLengths(utterances, frames);
  const place = (u: number, f: number, i: number) =>
    `[${(turned ? [f, u, i] : [u, f, i]).slice(-axes).join(', ')}]`;
  const values = gathered(array.data, lengths, layout, inputs);
  checkFinite(values, lengths, inputs, file, place);
  return { file, type: array.type, lengths, inputs, values, layout };
}

/** @throws UserError FRAMES_WIDTH. `text` is the shape as the file has it. */
export function checkWidth(width: number, inputs: number, file: string, text: string): void {
  if (width === inputs) return;
  const expected = `frames of ${inputs} values`;
  throw refusal('FRAMES_WIDTH', file, 'shape', expected, `${width} in ${text}`);
}

/** @throws UserError FRAMES_NOT_FINITE at the first value that is no number; `place` says where that is in the file. */
export function checkFinite(
  values: Float64Array,
  lengths: Int32Array,
  inputs: number,
  file: string,
  place: (utterance: number, frame: number, input: number) => string,
): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  let frame = Math.floor(at / inputs);
  const utterance = lengths.findIndex((length) => {
    if (frame < length) return true;
    frame -= length;
    return false;
  });
  const field = place(utterance, frame, at % inputs);
  throw refusal('FRAMES_NOT_FINITE', file, field, 'a finite number', String(values[at]));
}

/**
 * Input codes: real values are rounded half up and saturate, integers are codes already.
 * @throws UserError FRAMES_RANGE when an integer is no code of the input format.
 */
export function codesOf(
  { file, type, lengths, inputs, values }: FrameSet,
  format: FixedPoint,
): Frames {
  if (type.startsWith('float')) return { lengths, inputs, ...codesOfReal(values, format) };
  const limit = 2 ** (format.bits - 1);
  const codes = Int32Array.from(values, (value) => {
    if (value >= -limit && value < limit) return value;
    const expected = `codes from ${-limit} to ${limit - 1}`;
    throw refusal('FRAMES_RANGE', file, 'data', expected, String(value));
  });
  return { lengths, inputs, codes, saturated: 0 };
}

function checkLengths(
  { file, lengths }: GivenLengths,
  utterances: number,
  layout: ArrayLayout,
  text: string,
): void {
  const { frames } = layout;
  if (lengths.length !== utterances) {
    const expected = `${utterances} lengths, one for each utterance of ${text}`;
    const got = `${lengths.length}${otherAxis(lengths.length, layout)}`;
    throw refusal('LENGTHS_SHAPE', file, 'shape', expected, got);
  }
  const wrong = Array.from(lengths).findIndex((length) => length < 1 || length > frames);
  if (wrong < 0) return;
  const expected = `1 to ${frames} frames of ${text}`;
  throw refusal('LENGTHS_RANGE', file, `[${wrong}]`, expected, String(lengths[wrong]));
}

/** Frames one after the other; the data itself where it is that already. */
function gathered(
  data: ArrayLike<number>,
  lengths: Int32Array,
  layout: ArrayLayout,
  width: number,
): Float64Array {
  const utterances = lengths.length;
  const total = framesIn({ lengths });
  if (total === utterances * layout.frames && (!layout.timeMajor || utterances === 1)) {
    return data instanceof Float64Array ? data : Float64Array.from(data);
  }
  const out = new Float64Array(total * width);
  let to = 0;
  lengths.forEach((length, u) => {
    for (let f = 0; f < length; f++) {
      const from = frameIndex(layout, utterances, u, f) * width;
      for (let i = 0; i < width; i++) out[to++] = data[from + i] as number;
    }
  });
  return out;
}
