import type { Utterances } from '../utterances.js';

/** How a file holds utterances: what is computed from them is written the same way. */
export type FrameLayout = ArrayLayout | ClipLayout;

/** One array `[frames, n]` or `[utterances, frames, n]`, time-major `[frames, utterances, n]`. */
export interface ArrayLayout {
  readonly kind: 'array';
  readonly axes: 2 | 3;
  /** Length of the axis of the frames: of the longest utterance or more. */
  readonly frames: number;
  readonly timeMajor: boolean;
  /** In an `.npz`. */
  readonly name?: string;
}

/** An array `[frames, n]` for each utterance. */
export interface ClipLayout {
  readonly kind: 'clips';
  /** In order. */
  readonly names: readonly string[];
}

/** A frame array, or a part of one, as texts show it: `[utterances, frames, inputs] = [30, 8, 40]`. */
export function axesText(shape: readonly number[], timeMajor = false): string {
  const names =
    timeMajor && shape.length === 3 ? ['frames', 'utterances'] : ['utterances', 'frames'];
  return `[${[...names, 'inputs'].slice(-shape.length).join(', ')}] = [${shape.join(', ')}]`;
}

/** Which axis of the frames is which, and how long the utterances are where that differs. */
export function layoutText({ lengths }: Utterances, layout: FrameLayout, inputs: number): string {
  const [least, most] = [lengths.reduce((a, b) => Math.min(a, b)), longest(lengths)];
  const range = least === most ? `${most}` : `${least} to ${most}`;
  if (layout.kind === 'clips')
    return `${lengths.length} clips of ${range} frames, ${inputs} inputs`;
  const text = axesText(arrayShape(lengths.length, layout, inputs), layout.timeMajor);
  return least === layout.frames ? text : `${text}, of each ${range} frames`;
}

/**
 * Values of every frame, `[frame][width]`, utterances one after the other, as an array with the axes of the file that the
 * frames came from; zeros behind the end of an utterance.
 */
export function likeFrames(
  data: ArrayLike<number>,
  { lengths }: Utterances,
  layout: ArrayLayout,
  width: number,
): { readonly shape: readonly number[]; readonly data: ArrayLike<number> } {
  const { frames, timeMajor } = layout;
  const utterances = lengths.length;
  const shape = arrayShape(utterances, layout, width);
  const whole = data.length === utterances * frames * width;
  if (whole && (!timeMajor || utterances === 1)) return { shape, data };
  const out = new Float64Array(utterances * frames * width);
  let from = 0;
  lengths.forEach((length, u) => {
    for (let f = 0; f < length; f++) {
      const to = frameIndex(layout, utterances, u, f) * width;
      for (let i = 0; i < width; i++) out[to + i] = data[from++] as number;
    }
  });
  return { shape, data: out };
}

/** Where frame f of utterance u lies in an array. */
export function frameIndex(
  { frames, timeMajor }: ArrayLayout,
  utterances: number,
  u: number,
  f: number,
): number {
  return timeMajor ? f * utterances + u : u * frames + f;
}

/** What to try where there are as many of something as the other axis of the frames has. */
export function otherAxis(count: number, layout: FrameLayout): string {
  if (layout.kind === 'clips' || layout.axes === 2 || count !== layout.frames) return '';
  return layout.timeMajor
    ? `; the second axis of the frames has ${count}: are they [utterances, frames, n], without --time-major?`
    : `; the second axis of the frames has ${count}: are they [frames, utterances, n], with --time-major?`;
}

/** Frames of the longest utterance. */
export function longest(lengths: Int32Array): number {
  return lengths.reduce((a, b) => Math.max(a, b), 0);
}

function arrayShape(
  utterances: number,
  { axes, frames, timeMajor }: ArrayLayout,
  width: number,
): readonly number[] {
  if (axes === 2) return [frames, width];
  return timeMajor ? [frames, utterances, width] : [utterances, frames, width];
}
