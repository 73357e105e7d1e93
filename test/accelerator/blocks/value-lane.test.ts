import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { tableInputLatency } from '../../../generator/accelerator/cell/gate-sum.js';
import {
  linearLane,
  linearLatency,
} from '../../../generator/accelerator/cell/value/linear-lane.js';
import {
  tableLane,
  tableValueLatency,
} from '../../../generator/accelerator/cell/value/table-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { rnd, sat, sigmoid, tanh } from '../../../generator/network/arithmetic.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const [TABLE_INPUT_LATENCY, LINEAR_VALUE] = [tableInputLatency({}), linearLatency({})];
const TABLE_VALUE = tableValueLatency({});

const SEED = 9;

/** Inputs that come a cycle each, and zeros behind them. */
const padded = (values: readonly number[], past: number) => [...values, ...Array(past).fill(0)];

describe.each([
  ['tanh', 12, 13],
  ['tanh', 12, 16],
  ['tanh', 16, 8],
  ['sigmoid', 12, 13],
  ['sigmoid', 16, 9],
] as const)('%s lane with tables of %i fraction bits, y of %i bits', (of, bits, activation) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  const c = blockConfiguration({
    ...{ cells: [`dense-${of}`], slices: 1, tables: scheme },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const table = activationTable('dut', rom('dut'), scheme, of);
    const block = await blockUnderTest(tableLane(c, table, of), mutate);
    const random = new Random(SEED);
    const cases = [least, -least - 1, 0, -1].concat(
      Array.from({ length: 3000 }, () => random.between(least, -least - 1)),
    );
    const vectors = padded(cases, TABLE_VALUE + 1).map((u_y) => ({
      ...{ active: 2 ** TABLE_VALUE - 1, u_y },
    }));
    const out = await block.run(vectors, { files });
    return cases.filter((u, n) => {
      const got = Number(signed(out[n + TABLE_VALUE]?.hidden as bigint, activation));
      const y = (of === 'tanh' ? tanh : sigmoid)(tables[of], u, scheme);
      return got !== sat(rnd(y, bits - (activation - 1)), activation);
    }).length;
  }

  test('computes y with the rounding points of the arithmetic', async () => {
    expect(await wrong()).toBe(0);
  });

  if (bits < activation) return;
  test.each([
    ['y is not rounded', edit(/, raised\[[^\]:]+\]\}/, ", 1'b0}")],
    ['y does not saturate', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1")],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});

describe.each([6, 13, 16])('linear lane without ranges, y of %i bits', (activation) => {
  const [SUM, MOST] = [28, 9];
  const c = blockConfiguration({
    ...{ cells: ['rnn-relu'], slices: 1, sumBits: SUM, roundMost: MOST },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const block = await blockUnderTest(linearLane(c), mutate);
    const random = new Random(SEED);
    const cases = Array.from({ length: 3000 }, () => {
      const size = [8, 14, SUM][random.below(3)] as number;
      const s_y = random.between(-(2 ** (size - 1)), 2 ** (size - 1) - 1);
      return { s_y, round: random.below(MOST + 1) };
    });
    const latency = TABLE_INPUT_LATENCY + LINEAR_VALUE;
    const idle = Array.from({ length: latency + 1 }, () => ({ s_y: 0, round: 0 }));
    const out = await block.run([...cases, ...idle].map((v) => ({ active: 1, early: 7, ...v })));
    return cases.filter(({ s_y, round }, n) => {
      const got = Number(signed(out[n + latency]?.hidden as bigint, activation));
      return got !== sat(rnd(Math.max(0, s_y), MOST - round), activation);
    }).length;
  }

  test('computes y with the rounding points of the arithmetic, at all binary points', async () => {
    expect(await wrong()).toBe(0);
  });

  test.each([
    ['y is not rounded', edit(/, rounded_exact\[[^\]:]+\]\}/, ", 1'b0}")],
    ['y does not saturate', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1")],
    [
      'sums below zero go through',
      edit(/wire signed \[[^\]]+\] positive = .*;/, 'wire signed [SUM_BITS - 1:0] positive = s_y;'),
    ],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});

describe.each([6, 13, 16])('linear lane with ranges, y of %i bits', (activation) => {
  const [SUM, MOST] = [28, 9];
  const limit = 2 ** (activation - 1);
  const c = blockConfiguration({
    ...{ cells: ['dense-linear'], slices: 1, sumBits: SUM, roundMost: MOST, ranges: true },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const block = await blockUnderTest(linearLane(c), mutate);
    const random = new Random(SEED);
    const cases = Array.from({ length: 3000 }, () => {
      const size = [8, 14, SUM][random.below(3)] as number;
      const s_y = random.between(-(2 ** (size - 1)), 2 ** (size - 1) - 1);
      return { s_y, round: random.below(MOST + 1) };
    });
    // a range stays for some cycles: it comes with the stage behind the sum
    const ranges = Array.from({ length: cases.length + 16 }, (_, n) => {
      const own = new Random(SEED + Math.floor(n / 8));
      const [a, b] = [own.between(-limit, limit - 1), own.between(-limit, limit - 1)];
      return n % 64 < 32
        ? { low: Math.min(a, b), high: Math.max(a, b) }
        : { low: -limit, high: limit - 1 };
    });
    const latency = TABLE_INPUT_LATENCY + LINEAR_VALUE;
    const idle = Array.from({ length: latency + 1 }, () => ({ s_y: 0, round: 0 }));
    const vectors = [...cases, ...idle].map((v, n) => ({
      ...{ active: 1, early: 7, ...v },
      ...ranges[Math.max(0, n - TABLE_INPUT_LATENCY)],
    }));
    const out = await block.run(vectors);
    return cases.filter(({ s_y, round }, n) => {
      const got = Number(signed(out[n + latency]?.hidden as bigint, activation));
      const { low, high } = ranges[n] as { low: number; high: number };
      const y = sat(rnd(s_y, MOST - round), activation);
      return got !== Math.min(high, Math.max(low, y));
    }).length;
  }

  test('computes y with the rounding points of the arithmetic, within its range', async () => {
    expect(await wrong()).toBe(0);
  });

  test.each([
    ['y is not rounded', edit(/, rounded_exact\[[^\]:]+\]\}/, ", 1'b0}")],
    ['the lower end is not looked at', edit(/wire below = .*;/, "wire below = 1'b0;")],
    ['the upper end is not looked at', edit(/wire above = .*;/, "wire above = 1'b0;")],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});
