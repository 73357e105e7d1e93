import { describe, expect, test } from 'vitest';
import {
  activationTable,
  tableSize,
} from '../../../generator/accelerator/cell/activation-table.js';
import {
  timeMultiplexedCycles,
  timeMultiplexedLane,
  timeMultiplexedStages,
} from '../../../generator/accelerator/cell/lstm/time-multiplexed-lane.js';
import { activationImage } from '../../../generator/accelerator/images/activation.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import {
  nextCell,
  nextHidden,
  sigmoid,
  tanh,
  toTableInput,
} from '../../../generator/network/arithmetic.js';
import { magnitudeBits } from '../../../generator/network/table-scheme.js';
import { tablesFor } from '../../../generator/network/tables.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';

const TIME_MULTIPLEXED_CYCLES = timeMultiplexedCycles({});
const TIME_MULTIPLEXED_LANE = timeMultiplexedStages({});

const SEED = 19;
describe.each([12, 13, 14, 15, 16])(
  'time-multiplexed LSTM lane, tables of %i fraction bits',
  (bits) => {
    const tables = tablesFor(bits);
    const { scheme } = tables;
    const { sigmoid: sigma, tanh: th } = tables;
    const files = {
      'mem/dut_functions.mem': activationImage([sigma, th], scheme, tableSize(scheme, 2)),
    };
    const least = -(2 ** magnitudeBits(scheme));
    const usual = bits === 12;
    const c = blockConfiguration({
      ...{ cellPointMost: bits + 1, cellPointLeast: 9, tables: scheme },
      words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    });
    const module = timeMultiplexedLane(c, activationTable('dut', rom('dut'), scheme, 'both'));

    /** Cells at the least distance and at others; how many c' and h come out wrong. */
    async function wrong(mutate?: (text: string) => string, mutated?: readonly string[]) {
      const random = new Random(SEED);
      const block = await blockUnderTest(module, mutate, mutated);
      const extreme = [least, -1, 0, 1, -least - 1];
      const u = () =>
        random.below(4) === 0
          ? (extreme[random.below(5)] as number)
          : random.between(least, -least - 1);
      let start = 0;
      const cells = Array.from({ length: 800 }, () => {
        start += TIME_MULTIPLEXED_CYCLES + (random.below(2) === 0 ? 0 : random.below(9));
        const gates = [u(), u(), u(), u()] as const;
        const now = random.below(5) === 0 ? 32767 : random.between(-32768, 32767);
        return { start, gates, now, shift: random.below(bits - 7) };
      });
      const cycles = start + TIME_MULTIPLEXED_LANE.value + 1;
      const vectors: Record<string, bigint | number>[] = Array.from({ length: cycles }, () => ({
        // what is not a gate must not matter
        ...{ active: 0n, u: random.between(least, -least - 1), cell_now: 1, cell_shift: 0 },
      }));
      for (const { start: at, gates, now, shift } of cells) {
        for (let n = 0; n < TIME_MULTIPLEXED_LANE.value; n++) {
          const vector = vectors[at + n];
          if (vector !== undefined) vector.active = (vector.active as bigint) | (1n << BigInt(n));
        }
        gates.forEach((gate, n) => {
          Object.assign(vectors[at + n] ?? {}, { u: gate });
        });
        for (let n = 0; n < TIME_MULTIPLEXED_CYCLES; n++)
          Object.assign(vectors[at + n] ?? {}, { cell_shift: shift });
        Object.assign(vectors[at + TIME_MULTIPLEXED_LANE.stateRead] ?? {}, { cell_now: now });
      }
      const out = await block.run(vectors, { files });
      const count = { cell: 0, hidden: 0 };
      for (const { start: at, gates, now, shift } of cells) {
        const fraction = bits + 1 - shift;
        const [ui, uf, ug, uo] = gates;
        const [i, f, o] = [ui, uf, uo].map((x) => sigmoid(sigma, x, scheme)) as [
          number,
          number,
          number,
        ];
        const cell = nextCell(f, now, i, tanh(th, ug, scheme), fraction, 16, scheme);
        const hidden = nextHidden(
          o,
          tanh(th, toTableInput(cell, fraction, scheme), scheme),
          13,
          scheme,
        );
        const value = (name: string, cycle: number, bits: number) =>
          Number(signed(out[at + cycle]?.[name] as bigint, bits));
        if (value('cell_next', TIME_MULTIPLEXED_LANE.state, 16) !== cell) count.cell++;
        if (value('hidden', TIME_MULTIPLEXED_LANE.value, 13) !== hidden) count.hidden++;
      }
      return count;
    }

    test("computes c' and h of cells that come as close as they may, and farther apart", async () => {
      expect(await wrong()).toEqual({ cell: 0, hidden: 0 });
    });

    test.runIf(usual).each([
      ['another gate is tanh', edit('.tanh     (active[2]', '.tanh     (active[3]'), 'cell'],
      [
        'the sign is that of another function',
        edit('((active[GATE_STAGE + 2] ||', '((active[GATE_STAGE + 1] ||'),
        'cell',
      ],
      [
        'c goes to the table a cycle late',
        edit('active[C_TABLE_STAGE] ? state_input', 'active[C_TABLE_STAGE + 1] ? state_input'),
        'hidden',
      ],
      [
        'o is taken a cycle early',
        edit('if (active[GATES_STAGE])', 'if (active[GATES_STAGE - 1])'),
        'hidden',
      ],
      [
        'the gates stop one turn early',
        edit(
          'if (active[GATE_STAGE + 1] || active[GATE_STAGE + 2] || active[GATE_STAGE + 3])',
          'if (active[GATE_STAGE + 1] || active[GATE_STAGE + 2])',
        ),
        'cell',
      ],
    ] as const)('the check fails when %s', async (_, mutate, where) => {
      expect((await wrong(mutate))[where]).toBeGreaterThan(0);
    });

    test.runIf(usual)('the check fails when both functions read one table', async () => {
      const one = edit(/address \(\{tanh, /, "address ({1'b0, ");
      expect((await wrong(one, ['dut_activation_table'])).cell).toBeGreaterThan(0);
    });
  },
);
