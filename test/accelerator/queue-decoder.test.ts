import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import { Random } from '../../generator/base/random.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { withOrders } from '../../generator/network/unit-order.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { PatternSpec } from '../../generator/sparsity/registry.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

/** What a user states, by the options of the kind. */
function spec(kind: string, texts: Readonly<Record<string, string>>): PatternSpec {
  return patternKind({ kind } as PatternSpec).parse.spec(texts);
}

const STRIPS = spec('strips', { blocks: '8x16', rate: '4' });
const DROPPED = spec('strips', { blocks: '8x16', rate: '3,2' });
const ROWS = spec('rows', { rate: '4' });
const MASK = spec('mask', { rate: '5' });
const SKEWED = spec('mask', { rate: '6', balance: 'skewed' });
const HCGS = spec('hcgs', { blocks: '8,4', keep: '1/2,1/2' });

function drawn(options: Partial<RandomOptions>): Model {
  return randomModel({
    ...{ inputs: 13, hidden: [24, 16], outputs: 5, sharing: 'shared', seed: 3 },
    ...{ patterns: [MASK], words: STANDARD_WORDS },
    ...options,
  });
}

/** The design of a model with queues, and the model as it lies in it. */
function planned(model: Model, options: Partial<DesignOptions>) {
  const { configuration, orders } = planDesign(model, {
    ...{ name: 'dut', array: 'queues' },
    ...options,
  });
  expect(configuration.decoder.kind).toBe('queue');
  return { c: configuration, placed: orders === null ? model : withOrders(model, orders) };
}

describe('row groups with queues', () => {
  test.each<[string, Partial<RandomOptions>, Partial<DesignOptions>]>([
    ['rows of one, more lanes than rows', { sharing: 'per-gate' }, { macs: 32, cellLanes: 4 }],
    [
      'tiles of more rows than lanes, GRU',
      { patterns: [DROPPED], cell: 'gru' },
      { macs: 16, tileRows: 4, cellLanes: 2 },
    ],
    [
      'tiles of two columns and rows, a short pipeline',
      { patterns: [STRIPS, SKEWED] },
      { macs: 32, tileRows: 2, tileColumns: 2, cellLanes: 2, pipeline: 'short' },
    ],
    ['blocks', { patterns: [HCGS], outputs: 0 }, { macs: 16, pipeline: 'balanced' }],
    ['a frame of one beat, at once behind reset', { inputs: 1 }, { macs: 16, tileRows: 2 }],
    [
      'passes of fewer rows than a tile, behind one another without a gap',
      { cell: 'gru-before', hidden: [5, 5], patterns: [ROWS] },
      { macs: 16, tileRows: 4, tileColumns: 2, cellLanes: 1 },
    ],
    ['one layer, whose x is done ahead', { hidden: [24], outputs: 0 }, { macs: 16 }],
    ['a learned state', { initialState: true }, { macs: 16, cellLanes: 2, tileColumns: 1 }],
    ['a projection', { patterns: [STRIPS], projection: [8, 0] }, { macs: 16 }],
    ['outputs of the last frame alone, RNN', { cell: 'rnn-relu' }, { macs: 8, emit: 'last' }],
    [
      'a reset before the product',
      { cell: 'gru-before', patterns: [ROWS] },
      { macs: 64, tileColumns: 4 },
    ],
    [
      'layers of one operand',
      { patterns: [MASK, STRIPS, ROWS], hidden: [24, 32, 16], cell: 'dense-relu' },
      { macs: 16 },
    ],
  ])('%s: exact, in the cycles predicted', async (_, options, design) => {
    const { c, placed } = planned(drawn(options), design);
    for (const [name, value] of Object.entries(design)) {
      if (name in c) expect(c).toHaveProperty(name, value);
    }
    expectExact(await simulate(c, placed, { frames: 12, seed: 3, protocol: true }));
  });

  test('random networks, patterns and tilings', async () => {
    const seed = Number(process.env.HCGS_QUEUE_SEED ?? 20_261_130);
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    const kinds = [STRIPS, DROPPED, ROWS, SKEWED, MASK, HCGS, null];
    const cells = ['lstm', 'gru', 'gru-before', 'rnn-relu', 'lstm-peephole', 'dense-relu'] as const;
    for (let n = 0; n < Number(process.env.HCGS_QUEUE_DESIGNS ?? 1); n++) {
      const model = drawn({
        inputs: 1 + random.below(24),
        hidden: [1 + random.below(40), 8 + random.below(32)].slice(random.below(2)),
        outputs: random.below(8),
        sharing: random.below(2) === 0 ? 'shared' : 'per-gate',
        cell: cells[random.below(cells.length)],
        patterns: [kinds[random.below(6)] as PatternSpec],
        initialState: random.below(4) === 0,
        seed: random.below(1000),
      });
      const { c, placed } = planned(model, {
        macs: [8, 16, 32][random.below(3)] as number,
        pipeline: (['deep', 'balanced', 'short'] as const)[random.below(3)] as 'deep',
        keepOrder: random.below(2) === 0,
        ...(random.below(4) === 0 && { emit: 'last' }),
        style: random.below(2) === 0 ? 'parameterized' : 'specialised',
      });
      expectExact(await simulate(c, placed, { frames: 10, seed: n, protocol: true }));
    }
  });

  test.each([
    ['rows never end', 'dut_mac_array.v', 'fresh <= ends_now;', "fresh <= ends_now & 'd0;"],
    [
      'the half is read that is written',
      'dut_row_queues.v',
      'read_half <= write_half;',
      'read_half <= ~write_half;',
    ],
    ['a queue is read twice', 'dut_row_queues.v', /head <= head \+ .*;/, 'head <= head;'],
    ['steps of the frame go on', 'dut_row_queues.v', 'frame_end_late <= frame_end;', ''],
    [
      'the number is that of another stream',
      'dut_queue_decoder.v',
      'INDEX_BITS * stream +:',
      'INDEX_BITS * (stream ^ 1) +:',
    ],
    [
      'the ends are those of the tile before',
      'dut_queue_decoder.v',
      'assign ends = ends_late;',
      'reg [ROW_GROUPS - 1:0] ends_old; always @(posedge clk) ends_old <= ends_late; assign ends = ends_old;',
    ],
  ])('is found out when %s', async (_, name, from, to) => {
    const { c, placed } = planned(drawn({ sharing: 'per-gate' }), { macs: 16 });
    let hits = 0;
    const result = await simulate(c, placed, {
      ...{ frames: 12, seed: 3 },
      mutate: (file, text) => {
        if (file !== name) return text;
        const edited = text.replace(from, to);
        if (edited !== text) hits++;
        return edited;
      },
    });
    expect(hits).toBe(1);
    expect(result.firstMismatch !== null || result.complaints.length > 0).toBe(true);
  });

  test('their Verilog has no warning', async () => {
    const model = drawn({ patterns: [STRIPS, MASK] });
    for (const design of [
      { macs: 16, tileRows: 4, cellLanes: 2 },
      { macs: 32, tileRows: 1, cellLanes: 4, tileColumns: 2 },
    ]) {
      const { c, placed } = planned(model, design);
      const files = new Map([...emitVerilog(c), ...buildImages(c, placed)]);
      expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
    }
  });
});

test('another model, of blocks too, runs on the Verilog of queues', async () => {
  const { c } = planned(drawn({ patterns: [null, MASK] }), { macs: 16 });
  const other = drawn({ patterns: [HCGS], seed: 8 });
  checkContract(c, other);
  expectExact(await simulate(c, other, { frames: 8, seed: 1, protocol: true }));
});

test('queues are kept busy where row groups that end together wait', () => {
  const model = drawn({ hidden: [64, 64], patterns: [SKEWED], sharing: 'per-gate' });
  const cycles = (array: 'sets' | 'queues') =>
    planDesign(model, { name: 'dut', macs: 64, array }).prediction.cyclesPerFrame;
  expect(cycles('queues')).toBeLessThan(0.8 * cycles('sets'));
});

test.each<[string, Partial<DesignOptions>]>([
  ['slices', { slices: 4 }],
  ['whole utterances', { order: 'sequence', maxFrames: 8 }],
  ['streams', { streams: 2 }],
  ['a small lane', { cellCycles: 18 }],
])('queues are refused with %s', (_, options) => {
  expect(() => planned(drawn({}), { macs: 16, ...options })).toThrow('expected sets with --');
});
