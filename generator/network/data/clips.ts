import { type UserError, unexpected } from '../../base/errors.js';
import type { NpyArray } from '../formats/npy.js';
import { severalArrays } from './arrays.js';
import { checkFinite, checkWidth, type FrameSet } from './frame-set.js';
import { axesText } from './layout.js';

/** Names that data sets give to their parts. An `.npz` with one of them holds no clips but frames and what goes with them. */
const PARTS =
  /^((x|y|inputs?|targets?|labels?|features?)_(train|test|val|valid|validation|dev|eval)|x|y|frames?|inputs?|features?|data|labels?|targets?|classes|lengths?|masks?|outputs?|states?|h|c)$/i;

/**
 * Utterances of an `.npz` file, an array `[frames, n]` each, in the order of the file.
 * @throws UserError NPZ_CHOICE when the arrays are no clips; FRAMES_WIDTH, FRAMES_SHAPE, FRAMES_NOT_FINITE
 */
export function clipFrames(
  arrays: ReadonlyMap<string, NpyArray>,
  inputs: number,
  file: string,
): FrameSet {
  const clips = [...arrays];
  const isReal = ([, { type }]: (typeof clips)[number]) => type.startsWith('float');
  const mixed = clips.some(isReal) && !clips.every(isReal);
  const other = clips.some(([name, { shape }]) => shape.length !== 2 || PARTS.test(name));
  if (mixed || other)
    throw severalArrays(file, 'has the frames (clips are arrays [frames, n])', arrays);
  const names = clips.map(([name]) => name);
  const lengths = Int32Array.from(clips, ([name, { shape }]) => {
    const [frames, width] = shape as [number, number];
    checkWidth(width, inputs, file, `${name} ${axesText(shape)}`);
    if (frames === 0) throw empty(file, name);
    return frames;
  });
  const values = new Float64Array(lengths.reduce((sum, length) => sum + length * inputs, 0));
  let at = 0;
  for (const [, { data }] of clips) {
    values.set(data, at);
    at += data.length;
  }
  checkFinite(values, lengths, inputs, file, (u, f, i) => `${names[u]}[${f}, ${i}]`);
  const [, { type }] = clips.find(isReal) ?? (clips[0] as (typeof clips)[number]);
  return { file, type, lengths, inputs, values, layout: { kind: 'clips', names } };
}

function empty(file: string, name: string): UserError {
  const expected = 'at least one frame in each clip';
  return unexpected({ code: 'FRAMES_SHAPE', file, field: name, expected, got: 'none' });
}
