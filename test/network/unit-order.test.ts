import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { checkModel } from '../../generator/network/compressed/check.js';
import type { Model } from '../../generator/network/model.js';
import { type DrawnCell, type RandomOptions, randomModel } from '../../generator/network/random.js';
import {
  ordersByUse,
  type UnitOrders,
  unitsOf,
  withOrders,
} from '../../generator/network/unit-order.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';

const half = { k: 1, n: 2 };
const PATTERNS: readonly RandomOptions['patterns'][] = [
  [{ kind: 'hcgs', blocks: [4], keep: [half] }],
  [{ kind: 'hcgs', blocks: [8, 4, 2], keep: [half, half, half] }],
  [{ kind: 'hcgs', blocks: [8, 2], keep: [{ k: 2, n: 3 }, half] }, null],
  [null],
];
const CELLS: readonly DrawnCell[] = ['lstm', 'gru', 'rnn-relu', 'dense-tanh', 'dense-relu'];

function modelOf(seed: number): Model {
  const random = new Random(seed);
  const hidden = Array.from({ length: random.between(2, 4) }, () => random.between(6, 30));
  const patterns = PATTERNS[random.below(PATTERNS.length)] as RandomOptions['patterns'];
  return randomModel({
    cell: hidden.map(() => CELLS[random.below(CELLS.length)] as DrawnCell),
    ...{ inputs: random.between(4, 20), hidden, outputs: random.below(2) * 5 },
    patterns: hidden.map((_, l) => patterns[l % patterns.length] ?? null),
    sharing: random.below(2) === 0 ? 'shared' : 'per-gate',
    words: { weight: 6, activation: 12, cell: 16, bias: 14 },
    initialState: random.below(2) === 0,
    seed,
  });
}

/** An order of every pass but the last that keeps what must stay together. */
function anyOrders({ passes }: Model, random: Random): UnitOrders {
  return passes.map(({ rows }, n) => {
    if (n === passes.length - 1) return null;
    const unit = unitsOf(passes, n);
    const blocks = Array.from({ length: Math.floor(rows / unit) }, (_, block) => block);
    for (let i = blocks.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [blocks[i], blocks[j]] = [blocks[j] as number, blocks[i] as number];
    }
    const order = blocks.flatMap((block) =>
      Array.from({ length: unit }, (_, i) => block * unit + i),
    );
    return [...order, ...Array.from({ length: rows - order.length }, (_, i) => order.length + i)];
  });
}

function outputsOf(model: Model, seed: number): number[][] {
  const random = new Random(seed);
  const golden = new GoldenNetwork(model);
  return Array.from({ length: 4 }, () => {
    const frame = Array.from({ length: model.input.length }, () => random.between(-2048, 2047));
    return [...golden.step(Int32Array.from(frame)).outputs];
  });
}

describe('hidden units in another order', () => {
  it('are a model whose patterns hold its weights, with the same outputs', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const model = modelOf(seed);
        const random = new Random(seed);
        const other = withOrders(model, anyOrders(model, random));
        checkModel(other);
        for (const { matrix } of other.passes.flatMap(({ operands }) => operands)) {
          const { rows, columns, codes, patterns } = matrix;
          const gates = codes.length / rows / columns;
          for (let gate = 0; gate < gates; gate++) {
            const pattern = patterns[patterns.length === 1 ? 0 : gate] as (typeof patterns)[number];
            for (let row = 0; row < rows; row++) {
              const runs = patternKind(pattern).runsOfRow(pattern, row);
              const kept = new Set(
                runs.flatMap(([first, width]) =>
                  Array.from({ length: width }, (_, i) => first + i),
                ),
              );
              const firsts = runs.map(([first]) => first);
              expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
              for (let column = 0; column < columns; column++) {
                if (codes[(gate * rows + row) * columns + column] !== 0)
                  expect(kept.has(column)).toBe(true);
              }
            }
          }
        }
        expect(outputsOf(other, seed)).toEqual(outputsOf(model, seed));
      }),
      { numRuns: 60 },
    );
  });

  it('are those that the layer above reads first, from the top down, and in order once sorted', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const model = modelOf(seed);
        const orders = ordersByUse(model);
        if (orders === null) return;
        found++;
        expect(orders.at(-1)).toBeNull();
        const other = withOrders(model, orders);
        checkModel(other);
        expect(ordersByUse(other)).toBeNull();
        expect(outputsOf(other, seed)).toEqual(outputsOf(model, seed));
      }),
      { numRuns: 60 },
    );
    expect(found).toBeGreaterThan(5);
  });
});
