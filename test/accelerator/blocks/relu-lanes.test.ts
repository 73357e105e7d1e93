import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { tableInputLatency } from '../../../generator/accelerator/cell/gate-sum.js';
import {
  newReluLane,
  newReluStages,
} from '../../../generator/accelerator/cell/gru/new-relu-lane.js';
import { gruReluLane, gruReluStages } from '../../../generator/accelerator/cell/gru/relu-lane.js';
import {
  resetReluLane,
  resetReluStages,
} from '../../../generator/accelerator/cell/gru/reset-relu-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import {
  reluRounding,
  rnd,
  rounded,
  roundedCell,
  sat,
  sigmoid,
} from '../../../generator/network/arithmetic.js';
import { tableOne } from '../../../generator/network/table-scheme.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const [GRU_RELU_LANE, NEW_RELU_LANE] = [gruReluStages({}), newReluStages({})];
const RESET_RELU_LANE = resetReluStages({});

const SEED = 12;
const [SUM, MOST] = [28, 9];
/** Fraction bits of states: from coarser than a sum to finer than its finest point. */
const [COARSEST, FINEST] = [2, 24];
const early = tableInputLatency({});

describe.each([
  [12, 13, 16],
  [16, 8, 24],
])(
  'lanes of a GRU with ReLU: tables of %i fraction bits, h of %i bits, states of %i',
  (bits, activation, cell) => {
    const { tables, scheme, least, files } = tablesIn(bits);
    const c = blockConfiguration({
      ...{ cells: ['gru-relu'], slices: 3, tables: scheme, sumBits: SUM, roundMost: MOST },
      ...{ cellPointMost: FINEST, cellPointLeast: COARSEST },
      words: { weight: 6, activation, cell, bias: 16 },
    });
    const one = tableOne(scheme);
    const table = activationTable('dut', rom('dut'), scheme, 'sigmoid');
    const random = new Random(SEED);
    const word = (size: number) => random.between(-(2 ** (size - 1)), 2 ** (size - 1) - 1);
    const u = () =>
      random.below(4) === 0
        ? ([least, -least - 1][random.below(2)] as number)
        : word(scheme.inputBits);
    const sum = () => word([12, 18, SUM][random.below(3)] as number);
    const cases = Array.from({ length: 3000 }, () => ({
      ...{ u_r: u(), u_z: u(), s_n_x: sum(), s_n_h: sum(), round: random.below(MOST + 1) },
      z: random.between(0, one),
      state: random.below(5) === 0 ? 2 ** (cell - 1) - 1 : word(cell),
      shift: random.below(FINEST - COARSEST + 1),
    }));
    type Case = (typeof cases)[number];

    /** Lanes that are wrong at a port, in stage `at`. */
    const count = (
      out: readonly Readonly<Record<string, bigint | undefined>>[],
      port: string,
      at: number,
      width: number,
      expected: (v: Case) => number,
    ) =>
      cases.filter((v, n) => {
        const got = out[n + early + at]?.[port] as bigint;
        return Number(signed(got, width)) !== expected(v);
      }).length;
    const by = ({ round, shift }: Case) =>
      reluRounding(scheme.inputFraction + MOST - round, FINEST - shift, cell, scheme);
    const hidden = (s: number) => sat(rnd(s, cell - activation), activation);
    const blended = (v: Case, z: number, n: number) =>
      roundedCell(z, v.state, one - z, n, by(v).blend);

    async function after(mutate?: (text: string) => string) {
      const block = await blockUnderTest(gruReluLane(c, table), mutate);
      const past = early + GRU_RELU_LANE.value + 1;
      const out = await block.run(
        Array.from({ length: cases.length + past }, (_, n) => {
          const [now, late] = [cases[n], cases[n - early]];
          return {
            active: 2 ** GRU_RELU_LANE.value - 1,
            ...{ s_n_x: now?.s_n_x ?? 0, s_n_h: now?.s_n_h ?? 0, round: now?.round ?? 0 },
            ...{ u_r: late?.u_r ?? 0, u_z: late?.u_z ?? 0, cell_shift: late?.shift ?? 0 },
            cell_now: cases[n - early - GRU_RELU_LANE.stateRead]?.state ?? 0,
          };
        }),
        { files },
      );
      const next = (v: Case): number => {
        const { under, direct, gated, meet } = by(v);
        const d = sat(rounded(v.s_n_h, under), cell + 4);
        const r = sigmoid(tables.sigmoid, v.u_r, scheme);
        const n = sat(rounded(Math.max(0, v.s_n_x * direct + r * d * gated), meet), cell);
        return blended(v, sigmoid(tables.sigmoid, v.u_z, scheme), n);
      };
      return {
        state: count(out, 'cell_next', GRU_RELU_LANE.state, cell, next),
        hidden: count(out, 'hidden', GRU_RELU_LANE.value, activation, (v) => hidden(next(v))),
      };
    }

    async function renewed(mutate?: (text: string) => string) {
      const block = await blockUnderTest(newReluLane(c), mutate);
      const past = early + NEW_RELU_LANE.value + 1;
      const out = await block.run(
        Array.from({ length: cases.length + past }, (_, n) => {
          const [now, late, read] = [n, n - early, n - early - NEW_RELU_LANE.stateRead].map(
            (at) => cases[at],
          );
          return {
            ...{
              active: 2 ** NEW_RELU_LANE.value - 1,
              s_n: now?.s_n_x ?? 0,
              round: now?.round ?? 0,
            },
            ...{ cell_shift: late?.shift ?? 0, held_now: read?.z ?? 0, cell_now: read?.state ?? 0 },
          };
        }),
      );
      const next = (v: Case) =>
        blended(v, v.z, sat(rounded(Math.max(0, v.s_n_x), by(v).under), cell));
      return {
        state: count(out, 'cell_next', NEW_RELU_LANE.state, cell, next),
        hidden: count(out, 'hidden', NEW_RELU_LANE.value, activation, (v) => hidden(next(v))),
      };
    }

    async function reset(mutate?: (text: string) => string) {
      const block = await blockUnderTest(resetReluLane(c, table), mutate);
      const past = early + RESET_RELU_LANE.value + 1;
      const out = await block.run(
        Array.from({ length: cases.length + past }, (_, n) => {
          const late = cases[n - early];
          return {
            active: 2 ** RESET_RELU_LANE.value - 1,
            ...{ u_r: late?.u_r ?? 0, u_z: late?.u_z ?? 0 },
            cell_now: cases[n - early - RESET_RELU_LANE.stateRead]?.state ?? 0,
          };
        }),
        { files },
      );
      const gate = (own: number) => sigmoid(tables.sigmoid, own, scheme);
      const p = (v: Case) => sat(rnd(gate(v.u_r) * hidden(v.state), bits), activation);
      return {
        held: count(out, 'held_next', RESET_RELU_LANE.state, bits + 2, (v) => gate(v.u_z)),
        hidden: count(out, 'hidden', RESET_RELU_LANE.value, activation, p),
      };
    }

    test('compute with the rounding points of the arithmetic, at all binary points', async () => {
      expect(await after()).toEqual({ state: 0, hidden: 0 });
      expect(await renewed()).toEqual({ state: 0, hidden: 0 });
      expect(await reset()).toEqual({ held: 0, hidden: 0 });
    });

    if (cell !== 16) return;
    test.each([
      ['the sum under the reset gate is not rounded', /reset_sum_rounded_exact\[[^\]:]+\]/, "1'b0"],
      [
        'it does not saturate',
        /\(&reset_sum_clamped_top\) \|\| !\(\|reset_sum_clamped_top\)/,
        "1'b1",
      ],
      ['n is not rounded', /gate_n_rounded_exact\[[^\]:]+\]/, "1'b0"],
      ['n does not saturate', /\(&gate_n_clamped_top\) \|\| !\(\|gate_n_clamped_top\)/, "1'b1"],
      ['n may be below zero', /gate_n_positive =[^;]*;/, 'gate_n_positive = gate_n_clamped;'],
      [
        'r * d is not brought to the point of the sum',
        /(reset_product\}\)) <<<\s+cell_shift_line\[[^\]]+\]/,
        '$1',
      ],
      ['1 - z is a bit less', "14'sd4096 - $signed(gate_z_line", "14'sd4095 - $signed(gate_z_line"],
      ['the state is not rounded', /, exact\[[^\]:]+\]\}/, ", 1'b0}"],
    ] as const)('the check of the whole lane fails when %s', async (_, from, to) => {
      expect((await after(edit(from, to))).state).toBeGreaterThan(0);
    });

    test.each([
      ['h is not rounded', /state_rounded_exact\[[^\]:]+\]/, "1'b0"],
      ['h does not saturate', /\(&hidden_clamped_top\) \|\| !\(\|hidden_clamped_top\)/, "1'b1"],
    ] as const)('the checks of h fail when %s', async (_, from, to) => {
      for (const lane of [after, renewed, reset]) {
        expect((await lane(edit(from, to))).hidden).toBeGreaterThan(0);
      }
    });

    test('the check of the new state fails when n may be below zero, or p is not rounded', async () => {
      const below = edit(/gate_n_positive =[^;]*;/, 'gate_n_positive = gate_n_clamped;');
      expect((await renewed(below)).state).toBeGreaterThan(0);
      expect((await reset(edit(/, product\[[^\]:]+\]\}/, ", 1'b0}"))).hidden).toBeGreaterThan(0);
    });
  },
);
