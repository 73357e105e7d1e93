import { describe, expect, it, vi } from 'vitest';
import { checkModel, modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import type { Model, TableScheme } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { type StackLayer, stackedPasses } from '../../generator/network/stack.js';
import { modelSummary } from '../../generator/network/summary.js';
import { refusal } from '../support/refusal.js';

/** A cell that only this test has: three gates, four channels, no state. */
vi.mock('../../generator/network/cells/registry.js', async (load) => {
  const own = await load<typeof import('../../generator/network/cells/registry.js')>();
  const toy = {
    kind: 'toy',
    gates: ['a', 'b', 'c'],
    operands: 2,
    channels: [
      { name: 'a', gate: 0, operands: 'all', table: 'sigmoid' },
      { name: 'bx', gate: 1, operands: 'x', table: null },
      { name: 'bh', gate: 1, operands: 'h', table: null },
      { name: 'c', gate: 2, operands: 'all', table: 'tanh' },
    ],
    state: null,
    value: 'v',
    leaves: 'values',
    valueFraction: () => 7,
    rounding: ({ inputFraction }: TableScheme) => ({ least: inputFraction, to: inputFraction }),
    inner: () => [{ name: 'toy product', magnitude: 2 ** 20 }],
  };
  // gatesIn and channelsIn look into the list itself
  Object.assign(own.CELLS, { toy });
  return { ...own, CELL_KINDS: Object.keys(own.CELLS) };
});

/** A toy layer of 6 rows on 5 inputs, with the weights of the first three gates of another one, and an output layer. */
function toyModel(): Model {
  const model = randomModel({
    inputs: 5,
    hidden: [6],
    patterns: [{ kind: 'hcgs', blocks: [3], keep: [{ k: 1, n: 2 }] }],
    sharing: 'per-gate',
    outputs: 2,
    words: { weight: 6, activation: 9, cell: 12, bias: 10 },
    seed: 4,
  });
  const [layer, top] = model.passes as [Model['passes'][0], Model['passes'][0]];
  const [x, h] = layer.operands.map(({ matrix }) => ({
    ...matrix,
    patterns: matrix.patterns.slice(0, 3),
    codes: matrix.codes.slice(0, 3 * matrix.rows * matrix.columns),
  })) as unknown as readonly [StackLayer['x'], StackLayer['x']];
  const toy = {
    ...{ cell: 'toy', rows: 6, x, h, bias: layer.bias.slice(0, 24) },
    ...{ biasFraction: layer.biasFraction, stateFraction: null },
  } as unknown as StackLayer;
  const { operands, ...rest } = top;
  const output = { ...rest, x: operands[0]?.matrix as StackLayer['x'], h: null };
  return { ...model, passes: stackedPasses([toy, output]) };
}

describe('a cell that only tests have', () => {
  it('is checked, written and read by what it says of itself', () => {
    const model = toyModel();
    checkModel(model);
    expect(parseModel(modelBytes(model), 'm')).toEqual(model);
    const [pass, top] = programOf(model).passes;
    expect(pass?.writes).toMatchObject({ id: 1, length: 6, fraction: 7 });
    expect(top?.align.fraction).toBeGreaterThanOrEqual(7 + (top?.operands[0].matrix.exponent ?? 0));
    expect(modelSummary(model).layers).toMatchObject([
      { cells: 6, cellFraction: null, x: { weights: 3 * 6 * 5 }, h: { weights: 3 * 6 * 6 } },
    ]);
  });

  it('has a bias for each of its four channels and no state', () => {
    const model = toyModel();
    const withPass = (change: object): Model => ({
      ...model,
      passes: model.passes.map((pass, n) => (n === 0 ? { ...pass, ...change } : pass)),
    });
    expect(refusal(() => checkModel(withPass({ bias: new Int32Array(18) })))).toMatchObject({
      ...{ field: 'pass.0.bias', expected: '24 codes', got: 18 },
    });
    expect(refusal(() => checkModel(withPass({ stateFraction: 3 })))).toMatchObject({
      ...{ field: 'pass.0.stateFraction', expected: 'null', got: '3' },
    });
  });
});
