import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { tableInputLatency } from '../../../generator/accelerator/cell/gate-sum.js';
import { gruLane, gruStages } from '../../../generator/accelerator/cell/gru/gru-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import {
  clipped,
  nextCell,
  resetRounding,
  resetWord,
  rnd,
  rounded,
  sat,
  sigmoid,
  tanh,
} from '../../../generator/network/arithmetic.js';
import { lastInput, tableOne } from '../../../generator/network/table-scheme.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const [TABLE_INPUT_LATENCY, GRU_LANE] = [tableInputLatency({}), gruStages({})];

const SEED = 8;
const SUM = 28;
const MOST = 9;

describe.each([
  [12, 13, ''],
  [12, 16, ''],
  [14, 9, ''],
  [16, 13, ''],
  [12, 13, ', clipped'],
  [16, 9, ', clipped'],
])('GRU lane with tables of %i fraction bits, h of %i bits%s', (bits, activation, end) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  const c = blockConfiguration({
    ...{ cells: ['gru'], slices: 3, tables: scheme, sumBits: SUM, roundMost: MOST },
    ...{ cellPointMost: bits + 5, cellPointLeast: 9 },
    words: { weight: 6, activation, cell: 16, bias: 16 },
    ...(end !== '' && { clips: true }),
  });
  const last = lastInput(scheme);

  async function wrong(mutate?: (text: string) => string) {
    const random = new Random(SEED);
    const module = gruLane(c, activationTable('dut', rom('dut'), scheme, 'sigmoid'));
    const block = await blockUnderTest(module, mutate);
    const word = (size: number) => random.between(-(2 ** (size - 1)), 2 ** (size - 1) - 1);
    const u = () =>
      random.below(4) === 0 ? [least, -least - 1][random.below(2)] : word(scheme.inputBits);
    const cases = Array.from({ length: 3000 }, () => ({
      ...{ u_r: u() as number, u_z: u() as number },
      ...{ s_n_x: word([12, 18, SUM][random.below(3)] as number) },
      ...{ s_n_h: word([12, 18, SUM][random.below(3)] as number) },
      // a sum has two fraction bits more than a table input at least
      round: random.below(MOST - 1),
      state: random.below(5) === 0 ? 32767 : word(16),
      shift: random.below(bits - 3),
      limit: random.between(1, [200, last][random.below(2)] as number),
    }));
    const past = TABLE_INPUT_LATENCY + GRU_LANE.value + 1;
    const out = await block.run(
      Array.from({ length: cases.length + past }, (_, n) => {
        const [now, late] = [cases[n], cases[n - TABLE_INPUT_LATENCY]];
        return {
          ...{ active: 2 ** GRU_LANE.value - 1, early: 7 },
          ...{ s_n_x: now?.s_n_x ?? 0, s_n_h: now?.s_n_h ?? 0, round: now?.round ?? 0 },
          ...{ u_r: late?.u_r ?? 0, u_z: late?.u_z ?? 0, cell_shift: late?.shift ?? 0 },
          ...(end !== '' && { limit: now?.limit ?? 0 }),
          cell_now: cases[n - TABLE_INPUT_LATENCY - (GRU_LANE.stateRead as number)]?.state ?? 0,
        };
      }),
      { files },
    );
    const count = { state: 0, hidden: 0 };
    cases.forEach((v, n) => {
      const fraction = scheme.inputFraction + MOST - v.round;
      const by = resetRounding(fraction, scheme);
      const r = sigmoid(tables.sigmoid, v.u_r, scheme);
      const z = sigmoid(tables.sigmoid, v.u_z, scheme);
      const d = sat(rounded(v.s_n_h, by.under), resetWord(scheme).bits);
      const meets = v.s_n_x * by.direct + r * d * by.gated;
      const met = rounded(meets, by.meet);
      const input = end === '' ? sat(met, scheme.inputBits) : clipped(met, v.limit);
      const candidate = tanh(tables.tanh, input, scheme);
      const point = bits + 5 - v.shift;
      const next = nextCell(z, v.state, tableOne(scheme) - z, candidate, point, 16, scheme);
      const hidden = sat(rnd(next, point - (activation - 1)), activation);
      const at = n + TABLE_INPUT_LATENCY;
      const got = [
        signed(out[at + (GRU_LANE.state as number)]?.cell_next as bigint, 16),
        signed(out[at + GRU_LANE.value]?.hidden as bigint, activation),
      ].map(Number);
      if (got[0] !== next) count.state++;
      if (got[1] !== hidden) count.hidden++;
    });
    return count;
  }

  test("computes s' and h with the rounding points of the arithmetic, at all binary points", async () => {
    expect(await wrong()).toEqual({ state: 0, hidden: 0 });
  });

  if (bits !== 12) return;
  if (end !== '') {
    test('the check fails when the clip is that of another cell', async () => {
      const early = edit(/(limit_line\[.*?\+:\s*13\]|limit_line\[[^\]]*\])/, 'limit');
      expect((await wrong(early)).state).toBeGreaterThan(0);
    });
    return;
  }
  test.each([
    [
      'the sum under the reset gate is not rounded',
      edit(/, reset_rounded_exact\[[^\]]+\]\}/, ", 1'b0}"),
      'state',
    ],
    [
      'it does not saturate',
      edit(/\(&reset_clamped_top\) \|\| !\(\|reset_clamped_top\)/, "1'b1"),
      'state',
    ],
    ['the input of tanh is not rounded', edit(/, meet\[[^\]:]+\]\}/, ", 1'b0}"), 'state'],
    [
      'it does not saturate before tanh',
      edit(/\(&meet_clamped_top\) \|\| !\(\|meet_clamped_top\)/, "1'b1"),
      'state',
    ],
    ['the state is not rounded', edit(/, scaled\[[^\]:]+\]\}/, ", 1'b0}"), 'state'],
    [
      'the state does not saturate',
      edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1"),
      'state',
    ],
    [
      '1 - z is a bit less',
      edit("14'sd4096 - $signed(gate_z_line", "14'sd4095 - $signed(gate_z_line"),
      'state',
    ],
    ['h is not rounded', edit('state_rounded_exact[H_POINT - ACT_BITS + 1]', "1'b0"), 'hidden'],
    [
      'h does not saturate',
      edit(/\(&hidden_clamped_top\) \|\| !\(\|hidden_clamped_top\)/, "1'b1"),
      'hidden',
    ],
  ] as const)('the check fails when %s', async (_, mutate, where) => {
    expect((await wrong(mutate))[where]).toBeGreaterThan(0);
  });
});
