import { describe, expect, it } from 'vitest';
import {
  firstFrames,
  splitFrames,
  utterancesOf,
} from '../../../generator/network/float/frame-sets.js';
import type { RealFrames } from '../../../generator/network/float/run.js';

/** Utterances of these lengths, of which frame f has the values 2f and 2f + 1. */
function set(...lengths: number[]): RealFrames {
  const total = lengths.reduce((a, b) => a + b, 0);
  const values = Float64Array.from({ length: 2 * total }, (_, i) => i);
  return { lengths: Int32Array.from(lengths), inputs: 2, values };
}
const shown = ({ lengths, values }: RealFrames) => ({ lengths: [...lengths], values: [...values] });

describe('parts of a set of frames', () => {
  it('are utterances by their numbers', () => {
    const { frames, utterances } = utterancesOf(set(1, 2, 1, 3), Int32Array.of(1, 2));
    expect(shown(frames)).toEqual({ lengths: [2, 1], values: [2, 3, 4, 5, 6, 7] });
    expect([...utterances]).toEqual([1, 2]);
  });

  it('are the first frames: whole utterances, or the beginning of the first', () => {
    expect(shown(firstFrames(set(1, 2, 2), 4))).toEqual({
      lengths: [1, 2],
      values: [0, 1, 2, 3, 4, 5],
    });
    expect(shown(firstFrames(set(3, 1), 2))).toEqual({ lengths: [2], values: [0, 1, 2, 3] });
    expect(firstFrames(set(1, 2, 2), 5)).toEqual(set(1, 2, 2));
  });

  it('are two that share nothing, spread over the whole', () => {
    const { first, second } = splitFrames(set(...new Array(10).fill(1)), 0.3);
    expect([...second.utterances]).toEqual([3, 6, 9]);
    expect([...first.utterances]).toEqual([0, 1, 2, 4, 5, 7, 8]);
    expect([...second.frames.values]).toEqual([6, 7, 12, 13, 18, 19]);
  });

  it.each([0.01, 0.5, 0.99])('both have an utterance where there are two: share %f', (share) => {
    const { first, second } = splitFrames(set(1, 2), share);
    expect([[...first.utterances], [...second.utterances]]).toEqual([[0], [1]]);
  });

  it('one utterance is cut in time', () => {
    const { first, second } = splitFrames(set(4), 0.25);
    expect(shown(first.frames)).toEqual({ lengths: [3], values: [0, 1, 2, 3, 4, 5] });
    expect(shown(second.frames)).toEqual({ lengths: [1], values: [6, 7] });
    expect(() => splitFrames(set(1), 0.5)).toThrow(RangeError);
  });
});
