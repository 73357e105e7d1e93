import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { estimate } from '../../generator/accelerator/plan/estimate.js';
import { ordersOn } from '../../generator/accelerator/plan/plan.js';
import { Random } from '../../generator/base/random.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { withOrders } from '../../generator/network/unit-order.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { PatternSpec } from '../../generator/sparsity/registry.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

/** What a user states, by the options of the kind. */
function spec(kind: string, texts: Readonly<Record<string, string>>): PatternSpec {
  return patternKind({ kind } as PatternSpec).parse.spec(texts);
}

const STRIPS = spec('strips', { blocks: '8x16', rate: '4' });
const DROPPED = spec('strips', { blocks: '8x16', rate: '3,2' });
const ROWS = spec('rows', { rate: '4' });
const BANKS = spec('banks', { blocks: '8', rate: '4' });
const KERNELS = spec('kernels', { blocks: '8x16', rate: '4' });
const MASK = spec('mask', { rate: '5' });
const HCGS = spec('hcgs', { blocks: '8,4', keep: '1/2,1/2' });

function drawn(options: Partial<RandomOptions>): Model {
  return randomModel({
    ...{ inputs: 13, hidden: [24, 16], outputs: 5, sharing: 'shared', seed: 3 },
    ...{ patterns: [STRIPS], words: STANDARD_WORDS },
    ...options,
  });
}

/** The design of a model, and the model as it lies in it. */
function planned(model: Model, options: object) {
  const { configuration, orders } = planDesign(model, {
    ...{ name: 'dut', array: 'sets' },
    ...options,
  });
  return { c: configuration, placed: orders === null ? model : withOrders(model, orders) };
}

describe('networks whose patterns are not blocks', () => {
  test.each<[string, Partial<RandomOptions>, object]>([
    ['strips', {}, { macs: 64 }],
    ['strips without some rows, GRU', { patterns: [DROPPED], cell: 'gru' }, { macs: 48 }],
    [
      'strips, gates in turn',
      { patterns: [DROPPED], cell: 'gru', sharing: 'per-gate' },
      { macs: 16, slices: 1 },
    ],
    ['rows, a mask for each gate', { patterns: [ROWS], sharing: 'per-gate' }, { macs: 16 }],
    ['banks, RNN', { patterns: [BANKS], cell: 'rnn-tanh' }, { macs: 16 }],
    [
      'mask, a short pipeline',
      { patterns: [MASK], sharing: 'per-gate' },
      { macs: 64, pipeline: 'short' },
    ],
    [
      'kernels, a pattern for each gate, below strips',
      { patterns: [KERNELS, STRIPS], sharing: 'per-gate' },
      { macs: 16 },
    ],
    ['mask, one small lane', { patterns: [MASK], outputs: 0 }, { macs: 16, cellCycles: 18 }],
    ['one kind for each layer', { patterns: [HCGS, MASK] }, { macs: 32 }],
    ['a projection', { patterns: [STRIPS], projection: [8, 0] }, { macs: 16 }],
    [
      'layers of one operand',
      { patterns: [MASK, STRIPS, ROWS], hidden: [24, 32, 16], cell: 'dense-relu' },
      { macs: 16 },
    ],
  ])('%s: exact, in the cycles predicted', async (_, options, design) => {
    const model = drawn(options);
    const { c, placed } = planned(model, design);
    expect(c.decoder.kind).toBe('list');
    const result = await simulate(c, placed, { frames: 12, seed: 3, protocol: true });
    expectExact(result);
  });

  test('random networks, patterns and tilings', async () => {
    const seed = Number(process.env.HCGS_LIST_SEED ?? 20_261_130);
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    const kinds = [STRIPS, DROPPED, ROWS, BANKS, KERNELS, MASK, HCGS, null];
    const cells = ['lstm', 'gru', 'gru-before', 'rnn-relu'] as const;
    for (let n = 0; n < Number(process.env.HCGS_LIST_DESIGNS ?? 2); n++) {
      const model = drawn({
        inputs: 1 + random.below(24),
        hidden: [8 + random.below(32), 8 + random.below(32)],
        outputs: random.below(8),
        sharing: random.below(2) === 0 ? 'shared' : 'per-gate',
        cell: cells[random.below(cells.length)],
        patterns: [kinds[random.below(7)] as PatternSpec, kinds[random.below(8)] ?? null],
        seed: random.below(1000),
      });
      const macs = [4, 8, 16][random.below(3)] as number;
      const { c, placed } = planned(model, {
        ...{ macs, slices: [1, 2, 4][random.below(3)], keepOrder: random.below(2) === 0 },
      });
      const result = await simulate(c, placed, { frames: 10, seed: n, protocol: true });
      expectExact(result);
    }
  });

  test.each([
    ['the pointer stands still', "pointer <= pointer + 1'b1;", 'pointer <= pointer;'],
    [
      'a layer begins elsewhere in the list',
      /\{\(POINTER_BITS - WEIGHT_ADDRESS_BITS\)\{1'b0\}\},/,
      "{(POINTER_BITS - WEIGHT_ADDRESS_BITS){1'b0}}, 1'b1 ^",
    ],
    ['the buffer is left out', /buffer_words : /, 'buffer_words & 0 : '],
    [
      'the number is that of another stream',
      'INDEX_BITS * stream +:',
      'INDEX_BITS * (stream ^ 1) +:',
    ],
  ])('is found out when %s', async (_, from, to) => {
    const model = drawn({ patterns: [MASK], sharing: 'per-gate' });
    const { c, placed } = planned(model, { macs: 16 });
    let hits = 0;
    const result = await simulate(c, placed, {
      ...{ frames: 12, seed: 3 },
      mutate: (file, text) => {
        if (file !== 'dut_list_decoder.v') return text;
        const edited = text.replace(from, to);
        if (edited !== text) hits++;
        return edited;
      },
    });
    expect(hits).toBe(1);
    expect(result.firstMismatch !== null || result.complaints.length > 0).toBe(true);
  });

  test('their Verilog has no warning', async () => {
    const { c, placed } = planned(drawn({ patterns: [STRIPS, MASK] }), { macs: 16 });
    const files = new Map([...emitVerilog(c), ...buildImages(c, placed)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});

test('another model, of blocks too, runs on the Verilog of a list', async () => {
  const { c } = planned(drawn({ patterns: [null, MASK] }), { macs: 16 });
  const other = drawn({ patterns: [HCGS], seed: 8 });
  checkContract(c, other);
  const orders = ordersOn(c, other);
  const placed = orders === null ? other : withOrders(other, orders);
  expectExact(await simulate(c, placed, { frames: 8, seed: 1, protocol: true }));
});

test('a list is refused on a design of blocks', () => {
  const { c } = planned(drawn({ patterns: [HCGS] }), { macs: 16 });
  expect(() => checkContract(c, drawn({ patterns: [MASK] }))).toThrow(
    'decoder is hcgs, the model needs list',
  );
});

test('an order of hidden units levels the work of row groups', () => {
  const model = drawn({
    hidden: [64, 64],
    patterns: [spec('mask', { rate: '8', balance: 'skewed' })],
  });
  const cycles = (keepOrder: boolean) =>
    planDesign(model, { name: 'dut', macs: 64, tileRows: 1, array: 'sets', keepOrder }).prediction
      .cyclesPerFrame;
  expect(cycles(false)).toBeLessThan(0.95 * cycles(true));
});

test('losses and useful products make all MAC cycles', () => {
  for (const patterns of [[STRIPS], [MASK], [HCGS], [DROPPED, ROWS]]) {
    const model = drawn({ patterns, hidden: [40, 24] });
    for (const array of ['sets', 'queues'] as const) {
      const { configuration: c, prediction } = planDesign(model, { name: 'dut', macs: 32, array });
      const { macUtilization, balance, padding, waiting } = estimate(c, model, prediction);
      for (const part of [balance, padding, waiting]) expect(part).toBeGreaterThanOrEqual(0);
      expect(macUtilization + balance + padding + waiting).toBeCloseTo(1, 10);
      if (patterns[0] === HCGS && array === 'sets') expect(balance).toBe(0);
    }
  }
});
