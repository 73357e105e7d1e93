import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { Random } from '../../generator/base/random.js';
import { type DrawnCell, randomModel } from '../../generator/network/random.js';
import { clippedModel } from '../support/clipped.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

/** Layers of these cells, most of them with a clip, each with its own. */
function clipped(cell: readonly DrawnCell[], seed: number, tableBits = 12) {
  const model = randomModel({
    ...{ cell, inputs: 9, hidden: cell.map((_, l) => 12 - 4 * (l % 2)), outputs: 3 },
    ...{ sharing: 'shared', seed, tableBits },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });
  return clippedModel(model, new Random(seed));
}

const DESIGNS = [
  ['lstm, gru, rnn-tanh and rnn-relu', ['lstm', 'gru', 'rnn-tanh', 'rnn-relu'], { macs: 16 }, 1],
  ['lstm-peephole, gru-before, lstm', ['lstm-peephole', 'gru-before', 'lstm'], { macs: 32 }, 2],
  ['lstm, time-multiplexed', ['lstm', 'lstm', 'lstm'], { macs: 16, cellCycles: 18 }, 3],
] as const;

describe.each(DESIGNS)('a design of %s layers with clips', (_, cells, options, seed) => {
  test('is exact, in the cycles predicted', async () => {
    const model = clipped(cells, seed);
    const { configuration: c } = planDesign(model, { name: 'dut', ...options });
    expect(hazards(orderOf(c, model))).toEqual([]);
    expectExact(await simulate(c, model, { frames: 10, seed, protocol: true }));
  });

  test('has no warning in its Verilog, with finer tables too', async () => {
    const model = clipped(cells, seed, 14);
    const { configuration: c } = planDesign(model, { name: 'dut', ...options });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});

test('clips stand in the cell table: one design runs networks with others, or with none', async () => {
  const cells = ['lstm', 'gru', 'rnn-tanh'] as const;
  const model = clipped(cells, 5);
  const { configuration: c } = planDesign(model, { name: 'dut', macs: 16 });
  const free = { ...model, passes: model.passes.map(({ clip: _, ...pass }) => pass) };
  const tight = {
    ...model,
    passes: free.passes.map((pass, n) => (n < 3 ? { ...pass, clip: 700 } : pass)),
  };
  for (const other of [model, free, tight]) {
    expectExact(await simulate(c, other, { frames: 6, seed: 5, protocol: true }));
  }
  const plain = planDesign(free, { name: 'dut', macs: 16 }).configuration;
  expect(plain).not.toHaveProperty('clips');
  expect(c).toMatchObject({ clips: true });
});
