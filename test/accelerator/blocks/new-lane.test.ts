import { describe, expect, test } from 'vitest';
import { activationTable } from '../../../generator/accelerator/cell/activation-table.js';
import { newLane, newStages } from '../../../generator/accelerator/cell/gru/new-lane.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import { nextCell, rnd, sat, tanh } from '../../../generator/network/arithmetic.js';
import { tableOne } from '../../../generator/network/table-scheme.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';
import { tablesIn } from '../support/lane-tables.js';

const NEW_LANE = newStages({});

const SEED = 11;

describe.each([
  [12, 13],
  [12, 16],
  [14, 9],
  [16, 13],
])('GRU new lane with tables of %i fraction bits, h of %i bits', (bits, activation) => {
  const { tables, scheme, least, files } = tablesIn(bits);
  const one = tableOne(scheme);
  const c = blockConfiguration({
    ...{ cells: ['gru-reset', 'gru-new'], slices: 2, tables: scheme },
    ...{ cellPointMost: bits + 5, cellPointLeast: 9 },
    words: { weight: 6, activation, cell: 16, bias: 16 },
  });

  async function wrong(mutate?: (text: string) => string) {
    const random = new Random(SEED);
    const module = newLane(c, activationTable('dut', rom('dut'), scheme, 'tanh'));
    const block = await blockUnderTest(module, mutate);
    const cases = Array.from({ length: 3000 }, () => ({
      u:
        random.below(4) === 0
          ? ([least, -least - 1][random.below(2)] as number)
          : random.between(least, -least - 1),
      z: random.below(4) === 0 ? one * random.below(2) : random.between(0, one),
      state: random.below(5) === 0 ? 32767 : random.between(-32768, 32767),
      shift: random.below(bits - 3),
    }));
    const out = await block.run(
      Array.from({ length: cases.length + NEW_LANE.value + 1 }, (_, n) => {
        const read = cases[n - NEW_LANE.stateRead];
        return {
          active: 2 ** NEW_LANE.value - 1,
          ...{ u_n: cases[n]?.u ?? 0, cell_shift: cases[n]?.shift ?? 0 },
          ...{ held_now: read?.z ?? 0, cell_now: read?.state ?? 0 },
        };
      }),
      { files },
    );
    const count = { state: 0, hidden: 0 };
    cases.forEach(({ u, z, state, shift }, n) => {
      const point = bits + 5 - shift;
      const candidate = tanh(tables.tanh, u, scheme);
      const next = nextCell(z, state, one - z, candidate, point, 16, scheme);
      const hidden = sat(rnd(next, point - (activation - 1)), activation);
      const got = {
        state: Number(signed(out[n + NEW_LANE.state]?.cell_next as bigint, 16)),
        hidden: Number(signed(out[n + NEW_LANE.value]?.hidden as bigint, activation)),
      };
      if (got.state !== next) count.state++;
      if (got.hidden !== hidden) count.hidden++;
    });
    return count;
  }

  test("computes s' and h with the rounding points of the arithmetic, at all binary points", async () => {
    expect(await wrong()).toEqual({ state: 0, hidden: 0 });
  });

  if (bits !== 12 || activation !== 13) return;
  test.each([
    ['the state is not rounded', edit(/, scaled\[[^\]:]+\]\}/, ", 1'b0}"), 'state'],
    [
      'the state does not saturate',
      edit(/\(&clamped_top\) \|\| !\(\|clamped_top\)/, "1'b1"),
      'state',
    ],
    ['1 - z is a bit less', edit("14'sd4096 - ", "14'sd4095 - "), 'state'],
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
