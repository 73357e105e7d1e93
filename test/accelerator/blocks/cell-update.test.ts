import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../generator/accelerator/build/blocks.js';
import { buildImages, planDesign } from '../../../generator/accelerator/index.js';
import { numbersOf } from '../../../generator/accelerator/plan/bounds.js';
import { stepsPerGroup } from '../../../generator/accelerator/plan/configuration.js';
import { walkModel } from '../../../generator/accelerator/schedule/walk.js';
import { Random } from '../../../generator/base/random.js';
import {
  nextCell,
  nextHidden,
  sigmoid,
  tanh,
  toTableInput,
} from '../../../generator/network/arithmetic.js';
import { randomModel } from '../../../generator/network/random.js';
import { blockUnderTest, edit } from '../../support/block.js';
import { signed } from '../../support/verilated-block.js';

const SUM_STAGE = 3;
const HIDDEN_STAGE = 28;
const SEED = 23;

/** Two layers of sizes that no row group set divides, and an output layer; two cell lanes. */
const model = randomModel({
  inputs: 6,
  hidden: [9, 5],
  patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
  sharing: 'shared',
  outputs: 11,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 4,
});
const { scheme } = model.tables;
const c = planDesign(model, {
  name: 'dut',
  macs: 64,
  tileRows: 4,
  tileColumns: 4,
  cellLanes: 2,
}).configuration;
const walks = walkModel(model, c);

interface Expectation {
  readonly cycle: number;
  readonly layer: number;
  readonly row: number;
  readonly sums: readonly number[];
  readonly c: readonly number[];
  readonly h: readonly number[];
  readonly output: boolean;
}

/** Steps of several frames with random sums; how many of them come out wrong. */
async function wrong(mutate?: (text: string) => string): Promise<number> {
  const random = new Random(SEED);
  const block = await blockUnderTest(blocksOf(c).cells, mutate);
  const vectors: Record<string, bigint | number>[] = [{ rst: 1 }, { rst: 0 }];
  const expected: Expectation[] = [];
  const state = walks.map((w) => new Array<number>(w.groups * w.rowsPerGroup).fill(0));
  const sum = () => random.between(-40_000, 40_000);
  for (let frame = 0; frame < 5; frame++) {
    const restart = frame === 0 || frame === 3;
    for (const walk of walks) {
      const n = numbersOf(walk.pass);
      const { bias } = walk.pass;
      for (let group = 0; group < walk.groups; group++) {
        vectors.push({ fetch: 1, fetch_layer: walk.index, step: 0, step_last: 0, frame_end: 0 });
        vectors.push({ fetch: 0, take: 1, take_first: Number(group === 0) });
        for (let step = 0; step < stepsPerGroup(c); step++) {
          const last = step === stepsPerGroup(c) - 1;
          const groupLast = group === walk.groups - 1;
          const ready = Array.from({ length: 8 }, sum);
          const complete = Array.from({ length: 8 }, sum);
          const row = (group * stepsPerGroup(c) + step) * 2;
          const sums = ready.map((r, i) => {
            const [lane, gate] = [i >> 2, i & 3];
            const output = walk.pass.cell === 'dense';
            const [x, h] = output
              ? [complete[i] as number, 0]
              : walk.first === 'x'
                ? [r, complete[i] as number]
                : [complete[i] as number, r];
            const real = output ? (row + lane) * 4 + gate : row + lane;
            const b =
              real >= walk.rows ? 0 : (bias?.[output ? real : gate * walk.rows + real] as number);
            return x * 2 ** n.shiftX + h * 2 ** n.shiftH + b * 2 ** n.shiftBias;
          });
          const cells = [0, 1].map((lane) => {
            if (n.cellPoint === null) return { c: 0, h: 0 };
            const u = [0, 1, 2, 3].map((g) =>
              toTableInput(sums[lane * 4 + g] as number, n.fraction, scheme),
            ) as [number, number, number, number];
            const old = restart ? 0 : (state[walk.index]?.[row + lane] as number);
            const next = nextCell(
              sigmoid(model.tables.sigmoid, u[1], scheme),
              old,
              sigmoid(model.tables.sigmoid, u[0], scheme),
              tanh(model.tables.tanh, u[2], scheme),
              n.cellPoint,
              16,
              scheme,
            );
            (state[walk.index] as number[])[row + lane] = next;
            return {
              c: next,
              h: nextHidden(
                sigmoid(model.tables.sigmoid, u[3], scheme),
                tanh(model.tables.tanh, toTableInput(next, n.cellPoint, scheme), scheme),
                13,
                scheme,
              ),
            };
          });
          expected.push({
            cycle: vectors.length,
            layer: walk.index,
            row: row / 2,
            sums,
            c: cells.map((x) => x.c),
            h: cells.map((x) => x.h),
            output: walk.pass.cell === 'dense',
          });
          vectors.push({
            take: 0,
            step: 1,
            step_last: Number(last),
            frame_end: Number(last && groupLast && walk === walks.at(-1)),
            restart: Number(restart),
            parity: frame & 1,
            ready_sums: pack(ready, c.accumulatorBits),
            complete_sums: pack(complete, c.accumulatorBits),
          });
        }
        if (random.below(3) === 0) vectors.push({ step: 0, step_last: 0, frame_end: 0 });
      }
    }
  }
  const flush = Array.from({ length: HIDDEN_STAGE + 2 }, () => ({
    take: 0,
    step: 0,
    step_last: 0,
    frame_end: 0,
  }));
  const out = await block.run([...vectors, ...flush], {
    files: Object.fromEntries(buildImages(c, model)),
  });
  const values = (word: bigint, bits: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      Number(signed((word >> BigInt(i * bits)) & ((1n << BigInt(bits)) - 1n), bits)),
    );
  const same = (a: readonly number[], b: readonly number[]) => a.every((v, i) => v === b[i]);
  return expected.filter((e) => {
    const s = out[e.cycle + SUM_STAGE];
    const h = out[e.cycle + HIDDEN_STAGE];
    if (s === undefined || h === undefined) return true;
    if (!same(e.sums, values(s.sums as bigint, c.sumBits, 8))) return true;
    if (e.output) return s.sum_valid !== 1n || s.trace_sum_valid !== 0n || h.h_valid !== 0n;
    const place = Number(s.trace_sum_layer) === e.layer && Number(s.trace_sum_step) === e.row;
    const hPlace = Number(h.trace_cell_layer) === e.layer && Number(h.trace_cell_step) === e.row;
    const cells =
      same(e.c, values(h.trace_cell as bigint, 16, 2)) &&
      same(e.h, values(h.h_data as bigint, 13, 2));
    return !(s.trace_sum_valid === 1n && h.h_valid === 1n && place && hPlace && cells);
  }).length;
}

describe('cell update', () => {
  test('updates every cell of every layer over frames and utterances, and lets the output layer through', async () => {
    expect(await wrong()).toBe(0);
  });

  test.each([
    [
      'c of the frame before is read one place off',
      edit(/c_read_address <=\s*c_base_[^;]*;/g, 'c_read_address <= 1;'),
    ],
    [
      'both layers take their sums in one order',
      edit(/wire x_first = .*;/, "wire x_first = 1'b1;"),
    ],
    ['biases run one step ahead', edit('.address (position_next)', '.address (position_next ^ 1)')],
    [
      'an utterance does not start from zero',
      edit(/\{CELL_BITS\{!restart_line\[[^\]]+\]\}\} &\s+/, ''),
    ],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(mutate)).toBeGreaterThan(0);
  });
});

function pack(values: readonly number[], bits: number): bigint {
  return values.reduce(
    (word, v, i) => word | (BigInt.asUintN(bits, BigInt(v)) << BigInt(i * bits)),
    0n,
  );
}
