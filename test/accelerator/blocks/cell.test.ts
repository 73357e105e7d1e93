import { describe, expect, test } from 'vitest';
import {
  activationTable,
  tableLatency,
} from '../../../generator/accelerator/cell/activation-table.js';
import {
  gateSum,
  gateSumClamp,
  gateSumLatency,
} from '../../../generator/accelerator/cell/gate-sum.js';
import { laneFeed } from '../../../generator/accelerator/cell/lane-feed.js';
import { lstmLane, lstmStages } from '../../../generator/accelerator/cell/lstm/lstm-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import type { Module } from '../../../generator/hdl/index.js';
import {
  clipped,
  nextCell,
  nextHidden,
  rnd,
  sat,
  sigmoid,
  sigmoidOf,
  tanh,
  toTableInput,
} from '../../../generator/network/arithmetic.js';
import {
  lastInput,
  schemeOf,
  segmentBits,
  tableOne,
} from '../../../generator/network/table-scheme.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const TABLE_LATENCY = tableLatency({});
const [GATE_SUM_LATENCY, GATE_SUM_CLAMP] = [gateSumLatency({}), gateSumClamp({})];
const { stateRead: CELL_READ_LATENCY, state: CELL_LATENCY, value: HIDDEN_LATENCY } = lstmStages({});

const BITS = [12, 13, 14, 15, 16];
const SEED = 7;

describe.each(BITS)('activation table of %i fraction bits', (bits) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  /** Outputs for every table input there is, in order. */
  async function sweep(module: Module, mutate?: (text: string) => string) {
    const block = await blockUnderTest(module, mutate);
    const codes = Array.from({ length: -2 * least }, (_, i) => least + i);
    const after = Array.from({ length: TABLE_LATENCY }, () => 0);
    const vectors = [...codes, ...after].map((u) => ({ active: 2 ** TABLE_LATENCY - 1, u }));
    const out = await block.run(vectors, { files });
    return codes.map((u, i) => ({
      u,
      y: Number(out[i + TABLE_LATENCY]?.y),
      negative: out[i + TABLE_LATENCY]?.negative === 1n,
    }));
  }
  const module = activationTable('dut', rom('dut'), scheme, 'sigmoid');
  const wrong = (results: Awaited<ReturnType<typeof sweep>>) => {
    const expected = sigmoidOf(tables.sigmoid, scheme);
    return results.filter(
      ({ u, y, negative }) =>
        (negative ? tableOne(scheme) - y : y) !== expected(u) || negative !== u < 0,
    ).length;
  };

  test('gives the documented value for every input', async () => {
    expect(wrong(await sweep(module))).toBe(0);
  });

  test.runIf(bits === 12 || bits === 16)(
    'the check fails without the rounding bit, without the clamp of the least input, and one segment off',
    async () => {
      const within = segmentBits(scheme);
      const rounding = new RegExp(
        ` \\+ \\{\\{\\(?${bits}\\)?\\{1'b0\\}\\}, product\\[${within - 1}\\]\\}`,
      );
      expect(wrong(await sweep(module, edit(rounding, '')))).toBeGreaterThan(100);
      const noClamp = edit('wire lowest = ', "wire lowest = 1'b0 & ");
      expect(wrong(await sweep(module, noClamp))).toBe(1);
      const index = edit(/\.address +\((magnitude)\[/, '.address (1 ^ $1[');
      expect(wrong(await sweep(module, index))).toBeGreaterThan(100);
    },
  );
});

describe.each([
  [12, 'saturated'],
  [16, 'saturated'],
  [12, 'clipped'],
  [16, 'clipped'],
] as const)('gate sum, to a table of %i fraction bits, %s', (bits, end) => {
  const scheme = schemeOf(bits);
  const c = blockConfiguration({
    tables: scheme,
    accumulatorBits: 20,
    sumBits: 26,
    shiftXMost: 3,
    shiftHMost: 2,
    shiftBiasMost: 4,
    roundMost: 6,
    ...(end === 'clipped' && { clips: true }),
  });
  const last = lastInput(scheme);
  const BIAS = c.words.bias;

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const random = new Random(SEED);
    const block = await blockUnderTest(gateSum(c), mutate);
    const word = (bits: number) => random.between(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
    const cases = Array.from({ length: 3000 }, (_, i) => {
      const small = i % 3 === 0 ? 12 : 20;
      return {
        x_sum: word(small),
        h_sum: word(small),
        bias: word(BIAS),
        shift_x: random.below(4),
        shift_h: random.below(3),
        shift_bias: random.below(5),
        round: random.below(7),
        limit: [last, random.between(1, last), random.between(1, 200)][random.below(3)] as number,
      };
    });
    const out = await block.run(
      // the rounding shift comes with the aligned sum, the clip with the rounded one
      Array.from({ length: cases.length + 5 }, (_, i) => {
        const {
          limit: _limit,
          round: _round,
          ...operands
        } = cases[i] ?? {
          ...{ x_sum: 0, h_sum: 0, bias: 0, limit: 0, round: 0 },
        };
        return {
          ...{ active: 31, ...operands },
          round: cases[i - GATE_SUM_LATENCY]?.round ?? 0,
          ...(end === 'clipped' && { limit: cases[i - GATE_SUM_CLAMP]?.limit ?? 0 }),
        };
      }),
    );
    return cases.filter((v, i) => {
      const s = v.x_sum * 2 ** v.shift_x + v.h_sum * 2 ** v.shift_h + v.bias * 2 ** v.shift_bias;
      const u =
        end === 'clipped'
          ? clipped(rnd(s, 6 - v.round), v.limit)
          : toTableInput(s, scheme.inputFraction + 6 - v.round, scheme);
      const got = [
        signed(out[i + 2]?.sum as bigint, 26),
        signed(out[i + 5]?.u as bigint, scheme.inputBits),
      ];
      return Number(got[0]) !== s || Number(got[1]) !== u;
    }).length;
  }

  test('aligns, adds, rounds half up and saturates', async () => {
    expect(await wrong()).toBe(0);
  });

  type Fault = readonly [what: string, mutate: (text: string) => string];
  const ENDS: Readonly<Record<typeof end, readonly Fault[]>> = {
    saturated: [
      ['saturation is left out', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1")],
    ],
    clipped: [
      ['there is no largest value', edit(/clamped_above =[^;]*;/, "clamped_above = 1'b0;")],
      ['there is no least value', edit(/clamped_below =[^;]*;/, "clamped_below = 1'b0;")],
      ['the least value is one less', edit('-clamped_most', '~clamped_most')],
    ],
  };
  test.each<Fault>([
    ['the rounding bit is left out', edit(/, rounded_exact\[ROUND_MOST\]\}/, ", 1'b0}")],
    ['h is aligned like x', edit('<<< shift_h', '<<< shift_x')],
    ...ENDS[end],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});

describe.each(BITS)('LSTM lane with tables of %i fraction bits', (bits) => {
  const { tables, scheme, steep, least, files, steepFile } = tablesIn(bits);
  const point = { cellPointMost: bits + 1, cellPointLeast: 9 };
  const c = blockConfiguration({
    ...{ ...point, tables: scheme },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });

  async function wrong(
    mutate?: (text: string) => string,
  ): Promise<{ cell: number; hidden: number }> {
    const random = new Random(SEED);
    const module = lstmLane(c, activationTable('dut', rom('dut'), scheme, 'sigmoid'));
    const block = await blockUnderTest(module, mutate);
    const extreme = [least, -1, 0, 1, -least - 1];
    const u = () =>
      random.below(4) === 0
        ? (extreme[random.below(5)] as number)
        : random.between(least, -least - 1);
    const cases = Array.from({ length: 3000 }, () => ({
      u_i: u(),
      u_f: u(),
      u_g: u(),
      u_o: u(),
      c: random.below(5) === 0 ? 32767 : random.between(-32768, 32767),
      shift: random.below(bits - 7),
    }));
    const vectors = Array.from({ length: cases.length + HIDDEN_LATENCY + 1 }, (_, n) => {
      const now = cases[n] ?? { u_i: 0, u_f: 0, u_g: 0, u_o: 0, shift: 0 };
      const { u_i, u_f, u_g, u_o } = now;
      // c arrives when the gates are ready
      return {
        active: 2 ** HIDDEN_LATENCY - 1,
        u_i,
        u_f,
        u_g,
        u_o,
        cell_shift: now.shift,
        cell_now: cases[n - CELL_READ_LATENCY]?.c ?? 0,
      };
    });
    const out = await block.run(vectors, {
      files: { ...files, 'mem/dut_sigmoid.mem': steepFile },
    });
    const count = { cell: 0, hidden: 0 };
    cases.forEach((v, n) => {
      const fraction = bits + 1 - v.shift;
      const [i, f, o] = [v.u_i, v.u_f, v.u_o].map((x) => sigmoid(steep, x, scheme)) as [
        number,
        number,
        number,
      ];
      const cell = nextCell(f, v.c, i, tanh(tables.tanh, v.u_g, scheme), fraction, 16, scheme);
      const hidden = nextHidden(
        o,
        tanh(tables.tanh, toTableInput(cell, fraction, scheme), scheme),
        13,
        scheme,
      );
      if (Number(signed(out[n + CELL_LATENCY]?.cell_next as bigint, 16)) !== cell) count.cell++;
      if (Number(signed(out[n + HIDDEN_LATENCY]?.hidden as bigint, 13)) !== hidden) count.hidden++;
    });
    return count;
  }

  test("computes c' and h with the rounding points of the arithmetic, at all binary points of c", async () => {
    expect(await wrong()).toEqual({ cell: 0, hidden: 0 });
  });

  test.runIf(bits === 12 || bits === 16).each([
    [
      'c is not rounded',
      edit(new RegExp(`, scaled\\[CELL_SHIFT_MOST \\+ ${bits - 1}\\]\\}`), ", 1'b0}"),
      'cell',
    ],
    ['c does not saturate', edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1"), 'cell'],
    [
      'tanh reads c unrounded',
      edit(new RegExp(`, state\\[CELL_POINT - ${bits - 1}\\]\\}`), ", 1'b0}"),
      'hidden',
    ],
    [
      'tanh reads c without saturation',
      edit(/\(&state_clamped_top\) \|\| !\(\|state_clamped_top\)/, "1'b1"),
      'hidden',
    ],
    [
      'h is not rounded',
      edit(new RegExp(`, product\\[${2 * bits} - ACT_BITS\\]\\}`), ", 1'b0}"),
      'hidden',
    ],
    [
      'h does not saturate',
      edit(/\(&hidden_clamped_top\) \|\| !\(\|hidden_clamped_top\)/, "1'b1"),
      'hidden',
    ],
    [
      'sigmoid is odd like tanh',
      edit(`${bits + 2}'sd${2 ** bits} - gate_f_positive`, '-gate_f_positive'),
      'cell',
    ],
  ] as const)('the check fails when %s', async (_, mutate, where) => {
    expect((await wrong(mutate))[where]).toBeGreaterThan(0);
  });
});

describe('lane feed', () => {
  const c = blockConfiguration({ tileRows: 2, rowGroups: 4, cellLanes: 2, accumulatorBits: 9 });
  const CELL = 4 * 9;

  async function wrong(mutate?: (text: string) => string): Promise<number> {
    const random = new Random(SEED);
    const block = await blockUnderTest(laneFeed(c), mutate);
    const word = () => BigInt.asUintN(8 * CELL, BigInt(`0x${'f'.repeat(72)}`) & random64(random));
    const sets = Array.from({ length: 20 }, () => ({
      ready: word(),
      complete: word(),
      gap: 4 + random.below(3),
    }));
    const vectors = [{ rst: 1 }, { rst: 0 }] as Record<string, bigint | number>[];
    const takes: number[] = [];
    for (const { ready, complete, gap } of sets) {
      takes.push(vectors.length);
      vectors.push({ rst: 0, take: 1, ready_sums: ready, complete_sums: complete });
      for (let i = 1; i < gap; i++) vectors.push({ take: 0 });
    }
    vectors.push({ take: 0 }, { take: 0 }, { take: 0 }, { take: 0 }, { take: 0 });
    const out = await block.run(vectors);
    let errors = 0;
    let steps = 0;
    sets.forEach(({ ready, complete }, s) => {
      for (let step = 0; step < 4; step++) {
        const o = out[(takes[s] as number) + 1 + step];
        const part = (all: bigint) => BigInt.asUintN(2 * CELL, all >> BigInt(step * 2 * CELL));
        const good =
          o?.step === 1n &&
          o.step_last === (step === 3 ? 1n : 0n) &&
          o.lane_ready_sums === part(ready) &&
          o.lane_complete_sums === part(complete);
        if (!good) errors++;
        steps++;
      }
    });
    const idle = out.slice(1).filter((o) => o.step === 1n).length - steps;
    return errors + Math.abs(idle);
  }

  test('hands over every cell once, lowest rows first, back to back', async () => {
    expect(await wrong()).toBe(0);
  });

  test('the check fails when a step too few is counted', async () => {
    expect(
      await wrong(edit('steps_left <= LAST_STEP[', "steps_left <= (LAST_STEP - 1) & 2'd3; //[")),
    ).toBeGreaterThan(0);
  });
});

function random64(random: Random): bigint {
  return Array.from({ length: 9 }, () => BigInt(random.uint32())).reduce(
    (all, w) => (all << 32n) | w,
    0n,
  );
}

test('rnd and sat are what the blocks are checked against', () => {
  expect([rnd(5, 1), rnd(-5, 1), rnd(-6, 2), rnd(3, -1)]).toEqual([3, -2, -1, 6]);
  expect([sat(9, 4), sat(-9, 4), sat(7, 4)]).toEqual([7, -8, 7]);
});
