import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { TABLE_INPUT_LATENCY } from '../../../generator/accelerator/cell/gate-sum.js';
import {
  RNN_RELU_VALUE,
  rnnReluLane,
} from '../../../generator/accelerator/cell/rnn/rnn-relu-lane.js';
import {
  RNN_TANH_VALUE,
  rnnTanhLane,
} from '../../../generator/accelerator/cell/rnn/rnn-tanh-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { rnd, sat, tanh } from '../../../generator/network/arithmetic.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const SEED = 9;

/** Inputs that come a cycle each, and zeros behind them. */
const padded = (values: readonly number[], past: number) => [...values, ...Array(past).fill(0)];

describe.each([
  [12, 13],
  [12, 16],
  [16, 8],
])('tanh lane with tables of %i fraction bits, h of %i bits', (bits, activation) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  const c = blockConfiguration({
    ...{ cell: 'rnn-tanh', slices: 1, tables: scheme },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const table = activationTable('dut', rom('dut'), scheme, 'tanh');
    const block = await blockUnderTest(rnnTanhLane(c, table), mutate);
    const random = new Random(SEED);
    const cases = [least, -least - 1, 0, -1].concat(
      Array.from({ length: 3000 }, () => random.between(least, -least - 1)),
    );
    const vectors = padded(cases, RNN_TANH_VALUE + 1).map((u_h) => ({
      ...{ active: 2 ** RNN_TANH_VALUE - 1, u_h },
    }));
    const out = await block.run(vectors, { files });
    return cases.filter((u, n) => {
      const got = Number(signed(out[n + RNN_TANH_VALUE]?.hidden as bigint, activation));
      const y = tanh(tables.tanh, u, scheme);
      return got !== sat(rnd(y, bits - (activation - 1)), activation);
    }).length;
  }

  test('computes h with the rounding points of the arithmetic', async () => {
    expect(await wrong()).toBe(0);
  });

  if (bits < activation) return;
  test.each([
    ['h is not rounded', edit(/, raised\[[^\]:]+\]\}/, ", 1'b0}")],
    ['h does not saturate', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1")],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});

describe.each([6, 13, 16])('ReLU lane, h of %i bits', (activation) => {
  const [SUM, MOST] = [28, 9];
  const c = blockConfiguration({
    ...{ cell: 'rnn-relu', slices: 1, sumBits: SUM, roundMost: MOST },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const block = await blockUnderTest(rnnReluLane(c), mutate);
    const random = new Random(SEED);
    const cases = Array.from({ length: 3000 }, () => {
      const size = [8, 14, SUM][random.below(3)] as number;
      const s_h = random.between(-(2 ** (size - 1)), 2 ** (size - 1) - 1);
      return { s_h, round: random.below(MOST + 1) };
    });
    const latency = TABLE_INPUT_LATENCY + RNN_RELU_VALUE;
    const idle = Array.from({ length: latency + 1 }, () => ({ s_h: 0, round: 0 }));
    const out = await block.run([...cases, ...idle].map((v) => ({ active: 1, early: 7, ...v })));
    return cases.filter(({ s_h, round }, n) => {
      const got = Number(signed(out[n + latency]?.hidden as bigint, activation));
      return got !== sat(rnd(Math.max(0, s_h), MOST - round), activation);
    }).length;
  }

  test('computes h with the rounding points of the arithmetic, at all binary points', async () => {
    expect(await wrong()).toBe(0);
  });

  test.each([
    ['h is not rounded', edit(/, rounded_exact\[[^\]:]+\]\}/, ", 1'b0}")],
    ['h does not saturate', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1")],
    [
      'sums below zero go through',
      edit(/wire signed \[[^\]]+\] positive = .*;/, 'wire signed [SUM_BITS - 1:0] positive = s_h;'),
    ],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});
