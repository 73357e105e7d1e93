import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { randomModel } from '../../generator/network/random.js';
import { signedBits, structuralBounds } from '../../generator/network/sum-bounds.js';
import { hcgsOf } from '../support/hcgs-of.js';
import { models } from '../support/networks.js';
import { randomShape } from '../support/random-shapes.js';
import { stackOf } from '../support/stack.js';

describe('the word lengths of the sums of a design', () => {
  it('are the structural worst case of the model', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { label, model: draw, options } = randomShape(seed);
      const model = draw(1);
      const { configuration } = planDesign(model, { ...options, headroom: 3 });
      const bounds = structuralBounds(model);
      const sums = signedBits(Math.max(...bounds.flatMap(({ x, h }) => [x, h ?? 0])));
      const aligned = signedBits(Math.max(...bounds.map((bound) => bound.aligned)));
      const { weight, activation } = model.words;
      const tile = weight + activation + Math.log2(configuration.tileColumns);
      expect([label, configuration.accumulatorBits]).toEqual([label, Math.max(sums, tile)]);
      expect([label, configuration.sumBits]).toEqual([
        label,
        Math.max(16, configuration.accumulatorBits, aligned + 3),
      ]);
    }
  });

  it('hold the sum of one row of a tile where that is wider than the model', () => {
    const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
    const patterns = [{ kind: 'hcgs' as const, blocks: [], keep: [] }];
    const model = randomModel({
      ...{ inputs: 2, hidden: [3], outputs: 0, sharing: 'shared', seed: 1 },
      ...{ patterns, words },
    });
    const bits = [2, 16].map(
      (tileColumns) =>
        planDesign(model, { name: 'dut', tileRows: 1, tileColumns, macs: 4 * tileColumns })
          .configuration.accumulatorBits,
    );
    expect(bits).toEqual([20, 23]); // three products of 19 bits; sixteen
  });

  it('do not depend on the tile where a row is as wide as the tile', () => {
    fc.assert(
      fc.property(models, (model) => {
        const dense = stackOf(model).layers.some(
          ({ x }) => hcgsOf(x.patterns[0]).blocks.length === 0,
        );
        fc.pre(
          dense && stackOf(model).layers.some(({ cells, inputs }) => Math.max(cells, inputs) >= 16),
        );
        const widths = [1, 2, 4, 8, 16].map((tileColumns) => {
          const options = { name: 'dut', tileRows: 1, tileColumns, macs: 4 * tileColumns };
          return planDesign(model, options).configuration.accumulatorBits;
        });
        expect(new Set(widths).size).toBe(1);
      }),
      { numRuns: 10 },
    );
  });
});
