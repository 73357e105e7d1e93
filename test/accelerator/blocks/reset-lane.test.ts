import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { resetLane, resetStages } from '../../../generator/accelerator/cell/gru/reset-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { rnd, sat, sigmoid } from '../../../generator/network/arithmetic.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const RESET_LANE = resetStages({});

const SEED = 10;

describe.each([
  [12, 13],
  [12, 16],
  [14, 9],
  [16, 13],
])('GRU reset lane with tables of %i fraction bits, h of %i bits', (bits, activation) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  const c = blockConfiguration({
    ...{ cells: ['gru-reset', 'gru-new'], slices: 2, tables: scheme },
    ...{ cellPointMost: bits + 5, cellPointLeast: 9 },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string) {
    const random = new Random(SEED);
    const module = resetLane(c, activationTable('dut', rom('dut'), scheme, 'sigmoid'));
    const block = await blockUnderTest(module, mutate);
    const u = () => {
      const end = [least, -least - 1][random.below(2)] as number;
      return random.below(4) === 0 ? end : random.between(least, -least - 1);
    };
    const cases = Array.from({ length: 3000 }, () => ({
      ...{ u_r: u(), u_z: u() },
      state:
        random.below(5) === 0 ? [32767, -32768][random.below(2)] : random.between(-32768, 32767),
      shift: random.below(bits - 3),
    }));
    const out = await block.run(
      Array.from({ length: cases.length + RESET_LANE.value + 1 }, (_, n) => ({
        active: 2 ** RESET_LANE.value - 1,
        ...{ u_r: cases[n]?.u_r ?? 0, u_z: cases[n]?.u_z ?? 0, cell_shift: cases[n]?.shift ?? 0 },
        cell_now: cases[n - RESET_LANE.stateRead]?.state ?? 0,
      })),
      { files },
    );
    const count = { z: 0, p: 0 };
    cases.forEach((v, n) => {
      const point = bits + 5 - v.shift;
      const h = sat(rnd(v.state as number, point - (activation - 1)), activation);
      const r = sigmoid(tables.sigmoid, v.u_r, scheme);
      const p = sat(rnd(r * h, scheme.outputFraction), activation);
      const z = sigmoid(tables.sigmoid, v.u_z, scheme);
      if (Number(out[n + RESET_LANE.state]?.held_next) !== z) count.z++;
      const got = signed(out[n + RESET_LANE.value]?.hidden as bigint, activation);
      if (Number(got) !== p) count.p++;
    });
    return count;
  }

  test('computes z and r * h with the rounding points of the arithmetic, at all binary points', async () => {
    expect(await wrong()).toEqual({ z: 0, p: 0 });
  });

  if (bits !== 12 || activation !== 13) return;
  test.each([
    ['h is not rounded', edit('state_rounded_exact[H_POINT - ACT_BITS + 1]', "1'b0"), 'p'],
    [
      'h does not saturate',
      edit(/\(&hidden_clamped_top\) \|\| !\(\|hidden_clamped_top\)/, "1'b1"),
      'p',
    ],
    ['r * h is not rounded', edit(/, product\[[^\]:]+\]\}/, ", 1'b0}"), 'p'],
    [
      'z is that of the reset gate',
      edit(/assign held_next = .*;/, 'assign held_next = gate_r[12:0];'),
      'z',
    ],
  ] as const)('the check fails when %s', async (_, mutate, where) => {
    expect((await wrong(mutate))[where]).toBeGreaterThan(0);
  });
});
