import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { tableInputLatency } from '../../../generator/accelerator/cell/gate-sum.js';
import {
  peepholeLane,
  peepholeStages,
} from '../../../generator/accelerator/cell/lstm/peephole-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import {
  clipped,
  nextCell,
  nextHidden,
  peepholeRounding,
  rnd,
  rounded,
  sat,
  sigmoid,
  tanh,
  toTableInput,
} from '../../../generator/network/arithmetic.js';
import { lastInput } from '../../../generator/network/table-scheme.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const [TABLE_INPUT_LATENCY, PEEPHOLE_LANE] = [tableInputLatency({}), peepholeStages({})];

const SEED = 23;
const [SUM, MOST, BIAS, CELL] = [28, 9, 12, 16];

describe.each([
  [12, 13, 26, ''],
  [12, 16, 19, ''],
  [16, 9, 30, ''],
  [12, 13, 25, ', clipped'],
])(
  'peephole lane with tables of %i fraction bits, h of %i bits, products of %i%s',
  (bits, activation, finest, end) => {
    const { tables, scheme, files } = tablesIn(bits);
    const c = blockConfiguration({
      ...{ cells: ['lstm-peephole'], tables: scheme, sumBits: SUM, roundMost: MOST },
      ...{ cellPointMost: bits + 3, cellPointLeast: bits - 2 },
      peepholes: { most: finest, least: finest - 6 },
      words: { weight: 6, activation, cell: CELL, bias: BIAS },
      ...(end !== '' && { clips: true }),
    });
    const last = lastInput(scheme);
    const { inputFraction } = scheme;

    async function wrong(mutate?: (text: string) => string) {
      const random = new Random(SEED);
      const tableBlock = activationTable('dut', rom('dut'), scheme, 'sigmoid');
      const block = await blockUnderTest(peepholeLane(c, tableBlock), mutate);
      const word = (width: number) => random.between(-(2 ** (width - 1)), 2 ** (width - 1) - 1);
      const sum = () => word([10, 16, 20, SUM][random.below(4)] as number);
      const weight = () => word([4, 8, BIAS][random.below(3)] as number);
      const cases = Array.from({ length: 3000 }, () => ({
        s: [sum(), sum(), sum(), sum()] as const,
        p: [weight(), weight(), weight()] as const,
        state: random.below(5) === 0 ? 2 ** (CELL - 1) - 1 : word(CELL),
        round: random.below(MOST + 1),
        peephole: random.below(7),
        shift: random.below(6),
        limit: random.between(1, [200, last][random.below(2)] as number),
      }));
      const early = TABLE_INPUT_LATENCY;
      const length = cases.length + early + PEEPHOLE_LANE.value + 1;
      const out = await block.run(
        Array.from({ length }, (_, n) => {
          const [now, read, late] = [cases[n], cases[n - 1], cases[n - early]];
          return {
            ...{ active: 2 ** PEEPHOLE_LANE.value - 1, early: 7 },
            ...{ round: now?.round ?? 0, peephole_shift: now?.peephole ?? 0 },
            ...{
              s_i: now?.s[0] ?? 0,
              s_f: now?.s[1] ?? 0,
              s_g: now?.s[2] ?? 0,
              s_o: now?.s[3] ?? 0,
            },
            ...{ p_i: now?.p[0] ?? 0, p_f: now?.p[1] ?? 0, p_o: now?.p[2] ?? 0 },
            ...(end !== '' && { limit: now?.limit ?? 0 }),
            ...{ cell_now: read?.state ?? 0, cell_shift: late?.shift ?? 0 },
          };
        }),
        { files },
      );
      const count = { state: 0, hidden: 0 };
      cases.forEach(({ s, p, state, round, peephole, shift, limit }, n) => {
        const toTable = (value: number) =>
          end === '' ? sat(value, scheme.inputBits) : clipped(value, limit);
        const fraction = inputFraction + MOST - round;
        // only the sum of both points matters to the product
        const by = peepholeRounding(fraction, finest - peephole, 0, scheme);
        const seen = (own: number, by0: number, value: number) =>
          toTable(rounded(own * by.direct + by0 * value * by.product, by.meet));
        const i = sigmoid(tables.sigmoid, seen(s[0], p[0], state), scheme);
        const f = sigmoid(tables.sigmoid, seen(s[1], p[1], state), scheme);
        const g = tanh(tables.tanh, toTable(rnd(s[2], fraction - inputFraction)), scheme);
        const point = bits + 3 - shift;
        const next = nextCell(f, state, i, g, point, CELL, scheme);
        const o = sigmoid(tables.sigmoid, seen(s[3], p[2], next), scheme);
        const squashed = tanh(tables.tanh, toTableInput(next, point, scheme), scheme);
        const hidden = nextHidden(o, squashed, activation, scheme);
        const at = n + early;
        const cell = Number(signed(out[at + PEEPHOLE_LANE.state]?.cell_next as bigint, CELL));
        if (cell !== next) count.state++;
        const got = Number(signed(out[at + PEEPHOLE_LANE.value]?.hidden as bigint, activation));
        if (got !== hidden) count.hidden++;
      });
      return count;
    }

    test("computes c' and h with the rounding points of the arithmetic, at all binary points", async () => {
      expect(await wrong()).toEqual({ state: 0, hidden: 0 });
    });

    if (end !== '') {
      test.each(['i', 'g', 'o'])('the check fails when %s is not clipped', async (gate) => {
        const free = edit(
          new RegExp(`${gate}_clamped_above =[^;]*;`),
          `${gate}_clamped_above = 1'b0;`,
        );
        const { state, hidden } = await wrong(free);
        expect(state + hidden).toBeGreaterThan(0);
      });
      return;
    }
    if (finest !== 26) return;
    test.each([
      [
        'the sum of i and its peephole is not rounded',
        edit(/, i_rounded_exact\[[^\]:]+\]\}/, ", 1'b0}"),
        'state',
      ],
      [
        'that of f does not saturate',
        edit(/\(&f_clamped_top\) \|\| !\(\|f_clamped_top\)/, "1'b1"),
        'state',
      ],
      ['o sees the state before', edit('* cell_next;', '* cell_now;'), 'hidden'],
      [
        'the peephole of f is not shifted',
        edit(/(f_product\}\)) <<<\s+f_peephole_shift_line\[[^\]]+\]/, '$1'),
        'state',
      ],
    ] as const)('the check fails when %s', async (_, mutate, where) => {
      expect((await wrong(mutate))[where]).toBeGreaterThan(0);
    });
  },
);
