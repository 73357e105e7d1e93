import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../generator/base/steps.js';
import { matrixMasks } from '../../../generator/network/float/masks.js';
import type { FloatLayer } from '../../../generator/network/float/model.js';
import { type Below, copyLayer } from '../../../generator/network/import/both-directions.js';
import { findPatterns } from '../../../generator/sparsity/find.js';

const below = (width: number, merge: Below['merge'], directions = 2): Below => ({
  sources: Array.from({ length: directions }, (_, number) => ({ number, width })),
  merge,
});

/** The innermost block size that the search for patterns takes for a copy beside dense layers; none where it is dense itself. */
function blockOf(width: number, merge: Below['merge'], directions = 2): number | undefined {
  const dense: FloatLayer = {
    cell: 'dense-linear',
    inputs: 32,
    cells: width,
    x: { name: 'w', values: new Float64Array(32 * width).fill(0.5) },
    h: null,
    bias: { name: 'b', values: new Float64Array(width) },
  };
  const layers = [dense, dense].slice(0, directions);
  const copy = copyLayer(below(width, merge, directions), layers.length);
  const masks = matrixMasks({ layers: [...layers, copy], output: null });
  const found = atOnce(
    findPatterns(
      masks.map(({ x }) => x),
      { fill: false, file: 'f' },
    ),
  );
  return (found.at(-1) as { readonly blocks: readonly number[] }).blocks.at(-1);
}

describe('a copy of the values of layers', () => {
  it.each<[number, Below['merge'], number, number | undefined]>([
    [64, 'concat', 2, 16],
    [48, 'concat', 2, 16],
    [24, 'concat', 2, 8],
    [64, 'concat', 1, 16],
    [20, 'sum', 2, 4],
    [32, 'ave', 2, 16],
    [6, 'concat', 2, 2],
    [7, 'concat', 2, undefined],
  ])('of %i values each, %s of %i, has blocks of %s', (width, merge, directions, block) => {
    expect(blockOf(width, merge, directions)).toBe(block);
  });

  it('is the identity, or ones for each part', () => {
    const { x, cells, inputs, from } = copyLayer(below(2, 'concat'), 2);
    expect([cells, inputs, from]).toEqual([4, 4, [0, 1]]);
    expect([...x.values]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect([...copyLayer(below(2, 'ave'), 2).x.values]).toEqual([0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5]);
    expect(copyLayer(below(4, 'concat', 1), 1)).not.toHaveProperty('from');
  });
});
