import { framesIn, utteranceStarts } from '../utterances.js';
import type { RealFrames } from './run.js';

/** Some utterances of a set, and which: labels and the like go with them. */
export interface Part {
  readonly frames: RealFrames;
  /** Their numbers in the whole set, ascending. */
  readonly utterances: Int32Array;
}

/** The first `most` frames, the last utterance cut short where it is the first one, else left out. At least one frame. */
export function firstFrames(all: RealFrames, most: number): RealFrames {
  const lengths: number[] = [];
  let total = 0;
  for (const length of all.lengths) {
    if (lengths.length > 0 && total + length > most) break;
    lengths.push(Math.min(length, most));
    total += lengths.at(-1) as number;
  }
  return {
    ...all,
    lengths: Int32Array.from(lengths),
    values: all.values.subarray(0, total * all.inputs),
  };
}

/** Utterances of a set by their numbers. */
export function utterancesOf(all: RealFrames, utterances: Int32Array): Part {
  const starts = utteranceStarts(all);
  const lengths = utterances.map((u) => all.lengths[u] as number);
  const values = new Float64Array(framesIn({ lengths }) * all.inputs);
  let at = 0;
  utterances.forEach((u, i) => {
    const start = (starts[u] as number) * all.inputs;
    const part = all.values.subarray(start, start + (lengths[i] as number) * all.inputs);
    values.set(part, at);
    at += part.length;
  });
  return { frames: { ...all, lengths, values }, utterances };
}

/**
 * Two sets without a frame in common, the second with about `share` of the utterances, spread evenly: sets of data are often in the
 * order of their classes. Both have an utterance where there are two; one alone is cut in time, its end going to the
 * second set. 0 < share < 1.
 * @throws RangeError when there is only one frame.
 */
export function splitFrames(
  all: RealFrames,
  share: number,
): { readonly first: Part; readonly second: Part } {
  const count = all.lengths.length;
  if (count === 1) return splitInTime(all, share);
  const held = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  // utterance u is held where (u + 1) held / count passes a whole number
  const numbers = Int32Array.from({ length: count }, (_, u) => u);
  const isHeld = (u: number) =>
    Math.floor(((u + 1) * held) / count) > Math.floor((u * held) / count);
  return {
    first: utterancesOf(
      all,
      numbers.filter((u) => !isHeld(u)),
    ),
    second: utterancesOf(all, numbers.filter(isHeld)),
  };
}

function splitInTime(all: RealFrames, share: number) {
  const total = framesIn(all);
  if (total < 2) throw new RangeError('one frame cannot be split');
  const last = Math.min(total - 1, Math.max(1, Math.round(share * total)));
  const part = (from: number, to: number): Part => ({
    frames: {
      ...all,
      lengths: Int32Array.of(to - from),
      values: all.values.subarray(from * all.inputs, to * all.inputs),
    },
    utterances: Int32Array.of(0),
  });
  return { first: part(0, total - last), second: part(total - last, total) };
}
