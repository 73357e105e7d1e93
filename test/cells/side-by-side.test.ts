import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { macCounts } from '../../generator/accelerator/plan/tilings.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { orderInMemory } from '../../generator/accelerator/schedule/side-by-side.js';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import type { Model } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { integerCells } from '../support/integer-cells.js';
import { refusal } from '../support/refusal.js';
import { reading } from '../support/side-by-side.js';
import { expectExact, simulate } from '../support/simulate.js';

function modelOf(options: Pick<RandomOptions, 'hidden' | 'cell'> & Partial<RandomOptions>): Model {
  return randomModel({
    ...{ inputs: 6, outputs: 5, sharing: 'shared', seed: 11, patterns: [null] },
    words: { weight: 6, activation: 12, cell: 16, bias: 16 },
    ...options,
  });
}

const halves = { kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] } as const;

/** Name, network, MACs, and the order of the memory of h. */
const CASES: readonly (readonly [string, Model, number, readonly number[]])[] = [
  [
    'exact sums of all layers',
    reading(modelOf({ cell: ['gru', 'lstm', 'dense-tanh'], hidden: [12, 8, 10] }), 3, [1, 2, 3]),
    64,
    [0, 1, 2],
  ],
  [
    'the projections of two layers, which others lie between',
    reading(modelOf({ cell: 'lstm', hidden: [16, 12], projection: [8, 6] }), 4, [2, 4]),
    32,
    [0, 1, 3, 2],
  ],
  [
    'a sparse GRU on two below it, and a dense layer on two',
    reading(
      reading(
        modelOf({
          cell: ['lstm', 'gru', 'gru', 'dense-sigmoid'],
          hidden: [8, 8, 8, 6],
          outputs: 0,
        }),
        2,
        [1, 2],
        halves,
      ),
      3,
      [2, 3],
    ),
    32,
    [0, 1, 2, 3],
  ],
  [
    'layers of one operand alone',
    reading(modelOf({ cell: 'dense-tanh', hidden: [24, 16, 8] }), 3, [1, 3]),
    8,
    [0, 2, 1],
  ],
];

describe('vectors side by side', () => {
  test.each(CASES)('%s: exact, in the cycles predicted', async (_, model, macs, order) => {
    expect(orderInMemory(programOf(model).passes)).toEqual(order);
    const { configuration } = planDesign(model, { name: 'dut', macs });
    checkContract(configuration, model);
    expect(hazards(orderOf(configuration, model))).toEqual([]);
    expectExact(await simulate(configuration, model, { frames: 12, seed: 3, protocol: true }));
  });

  test('the golden model computes what a second one does', () => {
    for (const [, model] of CASES) {
      const random = new Random(9);
      const frame = () =>
        Array.from({ length: model.input.length }, () => random.between(-2048, 2047));
      const list = Array.from({ length: 5 }, frame);
      const golden = new GoldenNetwork(model);
      integerCells(model, list).forEach(({ outputs }, t) => {
        const own = golden.step(Int32Array.from(list[t] as number[]));
        expect([...own.outputs].map(BigInt)).toEqual(outputs);
      });
    }
  });

  test('an array whose row group sets they do not fill is none that fits', () => {
    const odd = modelOf({ cell: ['lstm', 'lstm'], hidden: [6, 8] });
    const plain = macCounts(odd);
    const own = macCounts(reading(odd, 2, [1, 2]));
    expect(plain).toContain(512);
    expect(own).not.toContain(512);
    expect(own.every((count) => plain.includes(count))).toBe(true);
    const report = refusal(() => planDesign(reading(odd, 2, [1, 2]), { name: 'dut', macs: 512 }));
    expect(report).toMatchObject({ code: 'DESIGN_MACS', got: 512 });
  });

  test('a model whose vectors leave gaps is not put on a design', () => {
    const [even, odd] = [12, 10].map((cells) =>
      reading(modelOf({ cell: ['lstm', 'lstm'], hidden: [cells, 8] }), 2, [1, 2]),
    ) as [Model, Model];
    const { configuration } = planDesign(even, {
      name: 'dut',
      macs: 64,
      tileRows: 4,
      tileColumns: 4,
    });
    expect(refusal(() => checkContract(configuration, odd))).toMatchObject({
      code: 'SHAPE_CONTRACT',
      field: 'tile',
    });
  });

  test('neighbours that no order of the memory has are refused', () => {
    const model = modelOf({ cell: 'lstm', hidden: [4, 4, 4, 4] });
    const both = reading(reading(model, 4, [3, 4]), 3, [1, 2]);
    planDesign(both, { name: 'dut', macs: 16 });
    const ring = reading(reading(reading(model, 4, [1, 4]), 3, [1, 3]), 2, [1, 2]);
    expect(refusal(() => planDesign(ring, { name: 'dut', macs: 16 }))).toMatchObject({
      code: 'DESIGN_PROGRAM',
      field: 'passes',
    });
  });

  test('the input beside a layer is refused', () => {
    const model = reading(modelOf({ cell: 'lstm', hidden: [4], outputs: 3 }), 1, [0, 1]);
    const even = { ...model, input: { ...model.input, fraction: 11 } };
    expect(refusal(() => planDesign(even, { name: 'dut', macs: 16 }))).toMatchObject({
      code: 'DESIGN_PROGRAM',
      field: 'pass.1.x',
      expected: 'the input alone',
    });
  });

  test('values of several binary points are refused', () => {
    const model = modelOf({ cell: ['lstm', 'dense-linear'], hidden: [4, 4], outputs: 3 });
    expect(refusal(() => programOf(reading(model, 2, [1, 2])))).toMatchObject({
      code: 'MODEL_INVALID',
      field: 'pass.2.x',
    });
  });
});
