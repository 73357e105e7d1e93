import { describe, expect, test } from 'vitest';
import {
  activationTable,
  tableSize,
} from '../../../generator/accelerator/cell/activation-table.js';
import { timesOfCopies } from '../../../generator/accelerator/cell/lstm/output-copies.js';
import {
  overlappedLane,
  overlappedStages,
} from '../../../generator/accelerator/cell/lstm/overlapped-lane.js';
import { SQUASH_WAIT } from '../../../generator/accelerator/cell/lstm/squashes.js';
import { activationImage } from '../../../generator/accelerator/images/activation.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { type Pipeline, pipelined } from '../../../generator/accelerator/pipeline/registers.js';
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

const SEED = 23;

/** A lane whose cells come `apart` cycles after one another at least. */
function laneUnderTest(apart: number, pipeline: Pipeline, bits: number) {
  const tables = tablesFor(bits);
  const { scheme, sigmoid: sigma, tanh: th } = tables;
  const files = {
    'mem/dut_sigmoid.mem': activationImage([sigma], scheme, tableSize(scheme)),
    'mem/dut_tanh.mem': activationImage([th], scheme, tableSize(scheme)),
  };
  const least = -(2 ** magnitudeBits(scheme));
  const own = pipelined(pipeline);
  const c = blockConfiguration({
    ...{ cellPointMost: bits + 1, cellPointLeast: 9, tables: scheme, cellCycles: apart, ...own },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });
  const stages = overlappedStages(own);
  const module = overlappedLane(c, activationTable('dut', rom('dut'), scheme, 'sigmoid', own));

  /** Cells as close as they may come, and at every distance up to twice a lane; how many c' and h come out wrong. */
  return async (mutate?: (text: string) => string) => {
    const random = new Random(SEED);
    const block = await blockUnderTest(module, mutate);
    const extreme = [least, -1, 0, 1, -least - 1];
    const u = () =>
      random.below(4) === 0
        ? (extreme[random.below(5)] as number)
        : random.between(least, -least - 1);
    let start = 0;
    const cells = Array.from({ length: 900 }, () => {
      start += apart + (random.below(3) === 0 ? 0 : random.below(2 * stages.value));
      const now = random.below(5) === 0 ? 32767 : random.between(-32768, 32767);
      return { start, gates: [u(), u(), u(), u()] as const, now, shift: random.below(bits - 7) };
    });
    const vectors: Record<string, bigint | number>[] = Array.from(
      { length: start + stages.value + 1 },
      () => ({
        // what belongs to no cell must not matter
        ...{ active: 0n, u: random.between(least, -least - 1) },
        ...{ cell_now: random.between(-32768, 32767), cell_shift: random.below(bits - 7) },
      }),
    );
    for (const { start: at, gates, now, shift } of cells) {
      for (let n = 0; n < stages.value; n++) {
        const vector = vectors[at + n];
        if (vector !== undefined) vector.active = (vector.active as bigint) | (1n << BigInt(n));
      }
      gates.forEach((gate, n) => {
        Object.assign(vectors[at + n] ?? {}, { u: gate });
      });
      Object.assign(vectors[at] ?? {}, { cell_shift: shift });
      Object.assign(vectors[at + stages.stateRead] ?? {}, { cell_now: now });
    }
    const out = await block.run(vectors, { files });
    const count = { cell: 0, hidden: 0 };
    for (const { start: at, gates, now, shift } of cells) {
      const fraction = bits + 1 - shift;
      const [ui, uf, ug, uo] = gates;
      const level = (x: number) => sigmoid(sigma, x, scheme);
      const candidate = tanh(th, ug, scheme);
      const cell = nextCell(level(uf), now, level(ui), candidate, fraction, 16, scheme);
      const squashed = tanh(th, toTableInput(cell, fraction, scheme), scheme);
      const hidden = nextHidden(level(uo), squashed, 13, scheme);
      const value = (name: string, cycle: number, bits: number) =>
        Number(signed(out[at + cycle]?.[name] as bigint, bits));
      if (value('cell_next', stages.state, 16) !== cell) count.cell++;
      if (value('hidden', stages.value, 13) !== hidden) count.hidden++;
    }
    return count;
  };
}

describe('an LSTM lane whose cells overlap', () => {
  test.each([
    [4, 'deep', 12],
    [5, 'deep', 16],
    [11, 'deep', 13],
    [4, 'balanced', 12],
    [7, 'balanced', 12],
    [4, 'short', 12],
    [5, 'short', 14],
  ] as const)(
    "computes c' and h of cells every %i cycles or later, %s, tables of %i fraction bits",
    async (apart, pipeline, bits) => {
      expect(await laneUnderTest(apart, pipeline, bits)()).toEqual({ cell: 0, hidden: 0 });
    },
  );

  test.each([
    [
      "c' never waits",
      edit(
        / && !\(active\[\d+\] \|\| active\[\d+\]\)\) \|\| \(\(active\[\d+\] \|\| active\[\d+\]\) && active\[\d+\]\)/g,
        ')',
      ),
      'hidden',
    ],
    [
      "c' does not wait for f of another cell at the multiplier",
      edit(
        / && !\(active\[\d+\] \|\| (active\[\d+\])\)\) \|\| \(\((active\[\d+\]) \|\| active\[\d+\]\)/g,
        ' && !$1) || (($2)',
      ),
      'hidden',
    ],
    [
      "c' waits one cycle at most",
      edit(/\|\| \(\((active\[\d+\]) \|\| active\[\d+\]\)/g, '|| (($1)'),
      'hidden',
    ],
    [
      'i is taken a cycle late',
      edit('if (active[5]) begin\n      gate_i', 'if (active[6]) begin\n      gate_i'),
      'cell',
    ],
    ['i meets c', edit('active[6] ?\n', 'active[7] ?\n'), 'cell'],
    [
      'the first copy of o comes a cycle late',
      edit('if (active[8]) begin\n      gate_o_0', 'if (active[9]) begin\n      gate_o_0'),
      'hidden',
    ],
    ['a copy of o is left out', edit('gate_o_3 <= gate_o_2', 'gate_o_3 <= gate_o_1'), 'hidden'],
    [
      'o is at no table',
      edit('active[0] || active[1] || active[3]', 'active[0] || active[1]'),
      'hidden',
    ],
    [
      'the shift of another cell',
      edit('cell_shift_1 <= cell_shift_0', 'cell_shift_1 <= cell_shift'),
      'cell',
    ],
  ] as const)('the check fails when %s', async (_, mutate, where) => {
    const count = await laneUnderTest(4, 'deep', 12)(mutate);
    expect(count[where]).toBeGreaterThan(0);
  });

  test.each([4, 5, 6, 9, 17])('o stands when it is asked for, cells %i cycles apart', (apart) => {
    for (let there = 4; there < 9; there++)
      for (let first = there + 1; first < there + 30; first++) {
        const last = first + SQUASH_WAIT;
        const times = timesOfCopies({ apart, there, first, last });
        expect(times[0]).toBe(there);
        const gaps = times.slice(1).map((time, n) => time - (times[n] as number));
        expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(apart);
        expect(times.at(-1)).toBeLessThan(first);
        expect((times.at(-1) as number) + apart).toBeGreaterThanOrEqual(last);
      }
  });
});
