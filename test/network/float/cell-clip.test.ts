import { expect, it } from 'vitest';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { randomFloat, realFrames } from '../../support/float-models.js';

/** c in every frame of one utterance. */
function cellsOf(cellClip?: number): readonly (readonly number[])[] {
  const network = new FloatNetwork({
    ...randomFloat({ inputs: 3, cells: [5], outputs: 2 }, 41),
    cellClip,
  });
  const { values } = realFrames({ utterances: 1, frames: 20, inputs: 3 }, 42, 3);
  return Array.from({ length: 20 }, (_, t) => {
    const [layer] = network.step(values.subarray(3 * t, 3 * t + 3)).layers;
    return [...(layer?.state ?? [])];
  });
}

it('a clip of the cell state is that of the source: nothing while c stays within it, and kept from frame to frame', () => {
  const free = cellsOf();
  const largest = Math.max(...free.flat().map(Math.abs));
  expect(cellsOf(largest * 1.001)).toEqual(free);
  const limit = largest / 2;
  const clipped = cellsOf(limit);
  expect(Math.max(...clipped.flat().map(Math.abs))).toBe(limit);
  const first = free.findIndex((c) => c.some((value) => Math.abs(value) > limit));
  expect(clipped[first]).toEqual(free[first]?.map((c) => Math.max(-limit, Math.min(limit, c))));
  expect(clipped.slice(first + 1)).not.toEqual(free.slice(first + 1));
});
