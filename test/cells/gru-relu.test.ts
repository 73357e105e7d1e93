import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type DrawnCell, randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

const WORDS = { weight: 6, activation: 13, cell: 16, bias: 16 };

function drawn(cell: readonly DrawnCell[], seed: number, words = WORDS, tableBits = 12) {
  return randomModel({
    ...{ cell, inputs: 9, hidden: cell.map((_, l) => 12 - 4 * (l % 2)), outputs: 3 },
    ...{ sharing: 'shared', seed, tableBits, words, initialState: seed % 2 === 1 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });
}

/** Words whose state is shorter than h, and long ones. */
const SHORT = { weight: 4, activation: 12, cell: 9, bias: 12 };
const LONG = { weight: 8, activation: 8, cell: 24, bias: 20 };

const DESIGNS = [
  ['gru-relu', ['gru-relu', 'gru-relu'], { macs: 12 }, 1, WORDS],
  ['gru-relu-before', ['gru-relu-before', 'gru-relu-before'], { macs: 8 }, 2, WORDS],
  ['gru-relu of short states', ['gru-relu', 'gru-relu-before'], { macs: 12 }, 3, SHORT],
  ['gru-relu of long states', ['gru-relu', 'dense-relu'], { macs: 16, slices: 1 }, 4, LONG],
  [
    'all kinds of GRU',
    ['gru-relu-before', 'gru-before', 'gru-relu', 'gru'],
    { macs: 12 },
    5,
    WORDS,
  ],
] as const;

describe.each(DESIGNS)('a design of %s layers', (_, cells, options, seed, words) => {
  test('is exact, in the cycles predicted', async () => {
    const model = drawn(cells, seed, words);
    const { configuration: c } = planDesign(model, { name: 'dut', ...options });
    expect(hazards(orderOf(c, model))).toEqual([]);
    expectExact(await simulate(c, model, { frames: 10, seed, protocol: true }));
  });

  test('has no warning in its Verilog, with finer tables too', async () => {
    const model = drawn(cells, seed, words, 14);
    const { configuration: c } = planDesign(model, { name: 'dut', ...options });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});
