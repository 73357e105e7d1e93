import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { top } from '../../generator/accelerator/top.js';
import { Random } from '../../generator/base/random.js';
import { type Module, modulesBelow, type Values } from '../../generator/hdl/index.js';
import { randomModel } from '../../generator/network/random.js';
import { clippedModel } from '../support/clipped.js';
import { prove } from '../support/equivalence.js';

const half = { k: 1, n: 2 };
const model = randomModel({
  inputs: 16,
  hidden: [16, 16],
  patterns: [{ kind: 'hcgs', blocks: [8, 4], keep: [half, half] }],
  sharing: 'per-gate',
  outputs: 5,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});
const initial = { bias: new Int32Array(64), state: new Int32Array(16) };
const { configuration } = planDesign(model, { name: 'dut', macs: 32, streamLanes: 2 });
const modules = new Map(modulesBelow(top(configuration)).map((m) => [m.name, m]));
/** The blocks that are others with a time-multiplexed lane. */
const timeMultiplexed = planDesign(model, { name: 'turn', macs: 32, cellCycles: 18 }).configuration;
const TIME_MULTIPLEXED_BLOCKS = [
  'turn_activation_table',
  'turn_lane_feed',
  'turn_lstm_lane',
  'turn_cell_update',
];
for (const m of modulesBelow(top(timeMultiplexed)))
  if (TIME_MULTIPLEXED_BLOCKS.includes(m.name)) modules.set(m.name, m);
/** The block that is another one where its cells overlap. */
const overlapped = planDesign(model, { name: 'overlap', macs: 32, cellCycles: 4 }).configuration;
for (const m of modulesBelow(top(overlapped)))
  if (m.name === 'overlap_cell_update') modules.set(m.name, m);
/** Those that hang on the scheme of the activation tables, with another one, and both kinds of lanes. */
const fineModel = randomModel({
  ...{ inputs: 4, hidden: [8], patterns: [null], sharing: 'shared', outputs: 0, seed: 1 },
  ...{ words: { weight: 6, activation: 13, cell: 20, bias: 16 }, tableBits: 16 },
});
for (const [name, cellCycles, blocks] of [
  ['fine', 1, ['activation_table', 'gate_sum', 'lstm_lane']],
  ['slow', 18, ['activation_table', 'lstm_lane']],
  ['over', 4, ['lstm_lane']],
] as const) {
  const own = planDesign(fineModel, { name, macs: 16, cellCycles }).configuration;
  for (const m of modulesBelow(top(own)))
    if (blocks.some((block) => m.name === `${name}_${block}`)) modules.set(m.name, m);
}
/** The block that is another one with initial states. */
const start = planDesign(
  { ...model, passes: model.passes.map((pass, n) => (n === 0 ? { ...pass, initial } : pass)) },
  { name: 'start', macs: 32, streamLanes: 2 },
).configuration;
for (const m of modulesBelow(top(start)))
  if (m.name === 'start_cell_update') modules.set(m.name, m);
/** Lanes of the other cells, and the blocks that differ with them: rows of `mixed` take turns, `held` keeps z. */
const LAST = { macs: 32, streamLanes: 2, emit: 'last' } as const;
const mixture = ['dense-tanh', 'lstm', 'dense-linear'] as const;
for (const [name, cell, options, blocks] of [
  ['gru', 'gru', { macs: 24 }, ['aligned_sum', 'gru_lane', 'cell_update']],
  ['rnn_tanh', 'rnn-tanh', { macs: 8 }, ['activation_table', 'tanh_lane', 'cell_update']],
  ['rnn_relu', 'rnn-relu', { macs: 8 }, ['linear_lane', 'cell_update']],
  ['sigmoid', 'dense-sigmoid', { macs: 8 }, ['sigmoid_lane']],
  ['linear', 'dense-linear', { macs: 8 }, ['linear_lane', 'cell_update']],
  ['mixed', mixture, { macs: 64 }, ['lane_feed', 'cell_update', 'sequencer']],
  ['pair', ['lstm', 'gru'], { macs: 32 }, ['cell_update']],
  ['inturn', 'gru', { macs: 8, slices: 1 }, ['lane_feed', 'sequencer']],
  ['twobytwo', 'lstm', { macs: 16, slices: 2 }, ['lane_feed']],
  ['peephole', 'lstm-peephole', { macs: 16 }, ['lstm_peephole_lane', 'cell_update']],
  ['last', 'lstm', LAST, ['frame_input', 'frame_output', 'sequencer']],
  ['held', 'gru-before', { macs: 16 }, ['gru_reset_lane', 'gru_new_lane', 'cell_update']],
  ['relu', 'gru-relu', { macs: 24 }, ['gru_relu_lane', 'cell_update']],
  [
    'relu_held',
    'gru-relu-before',
    { macs: 16 },
    ['gru_reset_relu_lane', 'gru_new_relu_lane', 'cell_update'],
  ],
  ['clip', 'gru', { macs: 24 }, ['gate_sum', 'gru_lane', 'cell_update']],
  ['clip_seen', 'lstm-peephole', { macs: 16 }, ['lstm_peephole_lane']],
] as const) {
  const drawn = randomModel({
    ...{ cell, inputs: 16, outputs: 5, sharing: 'shared', seed: 1 },
    hidden: typeof cell === 'string' ? [16, 16] : cell.map(() => 16),
    patterns: [{ kind: 'hcgs', blocks: name === 'mixed' ? [16, 8] : [8, 4], keep: [half, half] }],
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });
  const own = name.startsWith('clip') ? clippedModel(drawn, new Random(1)) : drawn;
  for (const m of modulesBelow(top(planDesign(own, { name, ...options }).configuration)))
    if (blocks.some((block) => m.name === `${name}_${block}`)) modules.set(m.name, m);
}
/** The blocks that are others where as few registers stand as can be. */
const SHORT_BLOCKS = [
  ...['mac_array', 'activation_memory', 'weight_banks', 'hcgs_decoder', 'gate_sum'],
  ...['activation_table', 'lstm_lane', 'cell_update'],
] as const;
const short = planDesign(model, {
  ...{ name: 'short', macs: 32, streamLanes: 2, pipeline: 'short' },
}).configuration;
for (const m of modulesBelow(top(short)))
  if (SHORT_BLOCKS.some((block) => m.name === `short_${block}`)) modules.set(m.name, m);
const moduleOf = (name: string): Module => modules.get(name) as Module;

/** Bits of a layer table word of a decoder of two levels. */
const layerBits = (p: Values): number => {
  const of = (name: string): number => p[name] as number;
  const index = (depth: number): number => Math.max(1, Math.ceil(Math.log2(depth)));
  const level = (l: number): number =>
    ['KEEP_BITS', 'STRIDE_BITS', 'REPEAT_BITS'].reduce((sum, name) => sum + of(`${name}_${l}`), 0) +
    index(of(`INDEX_DEPTH_${l}`));
  const addresses = 2 * of('ADDRESS_BITS') + of('TILE_COLS');
  const side = of('INNER_BITS') + addresses + level(0) + level(1);
  return 5 + of('GROUP_BITS') + index(of('SUM_SLOTS')) + of('WEIGHT_ADDRESS_BITS') + 2 * side;
};
const decoder = (p: Values): Values => ({ ...p, LAYER_BITS: layerBits(p) });

/** The same of a time-multiplexed lane. */
const TURN_CELL_UPDATE = [
  {
    ...{ ACC_BITS: 8, SUM_BITS: 16, ACT_BITS: 4, CELL_BITS: 8, BIAS_BITS: 4, LAYERS: 1 },
    ...{ BIAS_DEPTH: 1, CELL_DEPTH: 1, SHIFT_X_BITS: 1, SHIFT_H_BITS: 1 },
    ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 0, ROUND_BITS: 1, CELL_POINT: 12 },
    ...{
      CELL_SHIFT_MOST: 0,
      CELL_SHIFT_BITS: 1,
      H_ADDRESS_BITS: 1,
      H_BUFFER_WORDS: 1,
    },
  },
  {
    ...{ ACC_BITS: 11, SUM_BITS: 19, ACT_BITS: 7, CELL_BITS: 9, BIAS_BITS: 5, LAYERS: 5 },
    ...{ BIAS_DEPTH: 13, CELL_DEPTH: 11, SHIFT_X_BITS: 3, SHIFT_H_BITS: 2 },
    ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 5, ROUND_BITS: 3, CELL_POINT: 14 },
    ...{
      CELL_SHIFT_MOST: 3,
      CELL_SHIFT_BITS: 2,
      H_ADDRESS_BITS: 5,
      H_BUFFER_WORDS: 9,
    },
  },
];

/** Parameters of the cell update, with and without initial states. */
const CELL_UPDATE = [
  {
    ...{ ACC_BITS: 8, SUM_BITS: 16, ACT_BITS: 4, CELL_BITS: 8, BIAS_BITS: 4, CELL_LANES: 1 },
    ...{ LAYERS: 1, BIAS_DEPTH: 1, CELL_DEPTH: 1, SHIFT_X_BITS: 1, SHIFT_H_BITS: 1 },
    ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 0, ROUND_BITS: 1, CELL_POINT: 12 },
    ...{
      CELL_SHIFT_MOST: 0,
      CELL_SHIFT_BITS: 1,
      H_ADDRESS_BITS: 1,
      H_BUFFER_WORDS: 1,
    },
  },
  {
    ...{ ACC_BITS: 11, SUM_BITS: 19, ACT_BITS: 7, CELL_BITS: 9, BIAS_BITS: 5, CELL_LANES: 3 },
    ...{ LAYERS: 5, BIAS_DEPTH: 13, CELL_DEPTH: 11, SHIFT_X_BITS: 3, SHIFT_H_BITS: 2 },
    ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 5, ROUND_BITS: 3, CELL_POINT: 14 },
    ...{
      CELL_SHIFT_MOST: 3,
      CELL_SHIFT_BITS: 2,
      H_ADDRESS_BITS: 5,
      H_BUFFER_WORDS: 9,
    },
  },
];

/** Those of a cell update whose cells keep no state. */
function stateless(values: Values): Values {
  const own = /^CELL_(BITS|DEPTH|POINT|SHIFT_\w+)$/;
  return Object.fromEntries(Object.entries(values).filter(([name]) => !own.test(name)));
}

/** Parameters of the streams and of the sequencer, whatever frames have outputs. */
const FRAME_INPUT = [
  { ACT_BITS: 4, LANE_BITS: 8, STREAM_LANES: 1, BEATS: 1, BUFFER_WORDS: 1, ADDRESS_BITS: 1 },
  { ACT_BITS: 9, LANE_BITS: 16, STREAM_LANES: 3, BEATS: 5, BUFFER_WORDS: 5, ADDRESS_BITS: 4 },
];
const SEQUENCER = [
  {
    ...{ LAYERS: 1, LAYER_BITS: 8, GROUP_BITS: 1, SUM_SLOTS: 1, WEIGHT_ADDRESS_BITS: 1 },
    LANE_GAP: 0,
  },
  {
    ...{ LAYERS: 5, LAYER_BITS: 35, GROUP_BITS: 3, SUM_SLOTS: 5, WEIGHT_ADDRESS_BITS: 5 },
    LANE_GAP: 6,
  },
];
const FRAME_OUTPUT = [
  {
    ...{ VALUE_BITS: 1, LANE_BITS: 8, WRITE_LANES: 1, STREAM_LANES: 1, ROWS: 2, BEATS: 1 },
    ...{ WRITE_WORDS: 1, READ_WORDS: 1, WRITE_ADDRESS_BITS: 1, READ_ADDRESS_BITS: 1 },
  },
  {
    ...{ VALUE_BITS: 5, LANE_BITS: 8, WRITE_LANES: 4, STREAM_LANES: 2, ROWS: 6, BEATS: 5 },
    ...{ WRITE_WORDS: 3, READ_WORDS: 6, WRITE_ADDRESS_BITS: 3, READ_ADDRESS_BITS: 4 },
  },
];

/** Parameters of lanes: of those with a state, of those with a table alone, and of those with neither. */
const STATE_LANE = [
  { ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 12, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
  { ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 13, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
];
const TABLE_LANE = [{ ACT_BITS: 4 }, { ACT_BITS: 16 }];
const LINEAR_LANE = [
  { ACT_BITS: 4, SUM_BITS: 16, ROUND_MOST: 0, ROUND_BITS: 1 },
  { ACT_BITS: 16, SUM_BITS: 19, ROUND_MOST: 5, ROUND_BITS: 3 },
];

/** Those of lanes that round sums themselves, of a gate sum, and of a cell update with such lanes. */
const GRU_LANE = [
  {
    ...{ ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 12, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
    ...{ SUM_BITS: 16, ROUND_MOST: 2, ROUND_BITS: 2 },
  },
  {
    ...{ ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 13, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
    ...{ SUM_BITS: 19, ROUND_MOST: 17, ROUND_BITS: 5 },
  },
];
const PEEPHOLE_LANE = [
  {
    ...{ ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 12, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
    ...{ SUM_BITS: 16, ROUND_MOST: 0, ROUND_BITS: 1, BIAS_BITS: 4 },
    ...{ PEEPHOLE_POINT: 10, PEEPHOLE_SHIFT_MOST: 0, PEEPHOLE_SHIFT_BITS: 1 },
  },
  {
    ...{ ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 13, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
    ...{ SUM_BITS: 19, ROUND_MOST: 7, ROUND_BITS: 3, BIAS_BITS: 9 },
    ...{ PEEPHOLE_POINT: 23, PEEPHOLE_SHIFT_MOST: 5, PEEPHOLE_SHIFT_BITS: 3 },
  },
];
const GATE_SUM = [
  {
    ...{ ACC_BITS: 8, BIAS_BITS: 4, SUM_BITS: 16, ROUND_MOST: 0, ROUND_BITS: 1 },
    ...{ SHIFT_X_BITS: 1, SHIFT_H_BITS: 1, SHIFT_BIAS_BITS: 1 },
  },
  {
    ...{ ACC_BITS: 11, BIAS_BITS: 7, SUM_BITS: 19, ROUND_MOST: 5, ROUND_BITS: 3 },
    ...{ SHIFT_X_BITS: 3, SHIFT_H_BITS: 2, SHIFT_BIAS_BITS: 1 },
  },
];
const GRU_CELL_UPDATE = CELL_UPDATE.map((values) => ({
  ...values,
  ROUND_MOST: values.ROUND_MOST + 2,
  ROUND_BITS: values.ROUND_BITS + 1,
}));

/** Of the lane feed of an array that takes gates in turn. */
const IN_TURN_FEED = [
  { ACC_BITS: 2, CELLS: 1, CELL_LANES: 1, LAST_STEP: 0 },
  { ACC_BITS: 5, CELLS: 6, CELL_LANES: 3, LAST_STEP: 1 },
];

/** Points at which a module is proven beside its own design: the smallest first, odd ones behind. */
const POINTS: Readonly<Record<string, readonly Values[]>> = {
  dut_rom: [
    { WIDTH: 1, DEPTH: 1 },
    { WIDTH: 7, DEPTH: 5 },
  ],
  dut_ram: [
    { WIDTH: 1, DEPTH: 1 },
    { WIDTH: 7, DEPTH: 5 },
  ],
  dut_act_memory: [
    ...[1, 2].map((n) => ({
      ...{ LANE_BITS: n, WRITE_LANES: n, READ_LANES: n, ROWS: 2 },
      ...{ WRITE_ADDRESS_BITS: 1, READ_ADDRESS_BITS: 1 },
    })),
    {
      ...{ LANE_BITS: 3, WRITE_LANES: 4, READ_LANES: 1, ROWS: 5 },
      ...{ WRITE_ADDRESS_BITS: 3, READ_ADDRESS_BITS: 5 },
    },
    {
      ...{ LANE_BITS: 5, WRITE_LANES: 2, READ_LANES: 8, ROWS: 3 },
      ...{ WRITE_ADDRESS_BITS: 4, READ_ADDRESS_BITS: 2 },
    },
  ],
  dut_activation_memory: [
    {
      ...{ ACT_BITS: 4, TILE_COLS: 1, STREAMS: 1, ADDRESS_BITS: 1, STREAM_LANES: 1, CELL_LANES: 1 },
      ...{ X_ROWS: 2, H_ROWS: 2, X_WRITE_BITS: 1, X_READ_BITS: 1, H_WRITE_BITS: 1, H_READ_BITS: 1 },
    },
    {
      ...{ ACT_BITS: 7, TILE_COLS: 2, STREAMS: 3, ADDRESS_BITS: 5, STREAM_LANES: 4, CELL_LANES: 1 },
      ...{ X_ROWS: 2, H_ROWS: 8, X_WRITE_BITS: 1, X_READ_BITS: 2, H_WRITE_BITS: 4, H_READ_BITS: 3 },
    },
  ],
  dut_frame_input: FRAME_INPUT,
  dut_sequencer: SEQUENCER,
  dut_hcgs_decoder: [
    decoder({
      ...{
        GROUP_BITS: 1,
        SUM_SLOTS: 1,
        WEIGHT_ADDRESS_BITS: 1,
        INNER_BITS: 1,
        ADDRESS_BITS: 2,
        STREAMS: 1,
      },
      ...{ TILE_COLS: 1 },
      ...{ KEEP_BITS_0: 1, STRIDE_BITS_0: 1, REPEAT_BITS_0: 1, INDEX_DEPTH_0: 1 },
      ...{ KEEP_BITS_1: 1, STRIDE_BITS_1: 1, REPEAT_BITS_1: 1, INDEX_DEPTH_1: 1 },
      ...{ INDEX_BITS_0: 1, INDEX_COPIES_0: 1, INDEX_BITS_1: 1, INDEX_COPIES_1: 1 },
      ...{ X_BUFFER_WORDS: 1, H_BUFFER_WORDS: 1 },
    }),
    decoder({
      ...{
        GROUP_BITS: 3,
        SUM_SLOTS: 5,
        WEIGHT_ADDRESS_BITS: 3,
        INNER_BITS: 2,
        ADDRESS_BITS: 7,
        STREAMS: 6,
      },
      ...{ TILE_COLS: 3 },
      ...{ KEEP_BITS_0: 2, STRIDE_BITS_0: 3, REPEAT_BITS_0: 4, INDEX_DEPTH_0: 9 },
      ...{ KEEP_BITS_1: 3, STRIDE_BITS_1: 2, REPEAT_BITS_1: 1, INDEX_DEPTH_1: 21 },
      ...{ INDEX_BITS_0: 3, INDEX_COPIES_0: 2, INDEX_BITS_1: 5, INDEX_COPIES_1: 3 },
      ...{ X_BUFFER_WORDS: 11, H_BUFFER_WORDS: 37 },
    }),
  ],
  dut_weight_banks: [
    { BANK_BITS: 1, DEPTH: 1 },
    { BANK_BITS: 7, DEPTH: 5 },
  ],
  dut_mac_array: [
    {
      ...{ WEIGHT_BITS: 2, ACT_BITS: 4, TILE_ROWS: 1, TILE_COLS: 1, ROW_GROUPS: 1, STREAMS: 1 },
      ...{ STREAM_SHARE: 1, GATE_STREAMS: 0, ACC_BITS: 7 },
    },
    {
      ...{ WEIGHT_BITS: 3, ACT_BITS: 5, TILE_ROWS: 3, TILE_COLS: 4, ROW_GROUPS: 2, STREAMS: 1 },
      ...{ STREAM_SHARE: 2, GATE_STREAMS: 0, ACC_BITS: 13, HOLD_PRODUCTS: 0 },
    },
    {
      ...{ WEIGHT_BITS: 5, ACT_BITS: 7, TILE_ROWS: 1, TILE_COLS: 2, ROW_GROUPS: 3, STREAMS: 12 },
      ...{ STREAM_SHARE: 1, GATE_STREAMS: 3, ACC_BITS: 17 },
    },
  ],
  dut_sum_slots: [
    { SUM_BITS: 1, SUM_SLOTS: 1 },
    { SUM_BITS: 7, SUM_SLOTS: 5 },
  ],
  dut_lane_feed: [
    { ACC_BITS: 2, CELLS: 1, CELL_LANES: 1, LAST_STEP: 0 },
    { ACC_BITS: 5, CELLS: 6, CELL_LANES: 1, LAST_STEP: 5 },
  ],
  dut_gate_sum: GATE_SUM,
  dut_lstm_lane: STATE_LANE,
  fine_gate_sum: [
    {
      ...{ ACC_BITS: 8, BIAS_BITS: 4, SUM_BITS: 21, SHIFT_X_BITS: 1, SHIFT_H_BITS: 1 },
      ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 0, ROUND_BITS: 1 },
    },
    {
      ...{ ACC_BITS: 11, BIAS_BITS: 5, SUM_BITS: 23, SHIFT_X_BITS: 3, SHIFT_H_BITS: 2 },
      ...{ SHIFT_BIAS_BITS: 1, ROUND_MOST: 5, ROUND_BITS: 3 },
    },
  ],
  fine_lstm_lane: [
    { ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 16, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
    { ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 22, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
  ],
  slow_lstm_lane: [
    { ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 16, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
    { ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 22, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
  ],
  over_lstm_lane: [
    { ACT_BITS: 4, CELL_BITS: 8, CELL_POINT: 16, CELL_SHIFT_MOST: 0, CELL_SHIFT_BITS: 1 },
    { ACT_BITS: 16, CELL_BITS: 24, CELL_POINT: 22, CELL_SHIFT_MOST: 9, CELL_SHIFT_BITS: 4 },
  ],
  dut_cell_update: CELL_UPDATE,
  gru_aligned_sum: [
    {
      ...{ ACC_BITS: 8, BIAS_BITS: 4, SUM_BITS: 16 },
      ...{ SHIFT_X_BITS: 1, SHIFT_H_BITS: 1, SHIFT_BIAS_BITS: 1 },
    },
    {
      ...{ ACC_BITS: 11, BIAS_BITS: 7, SUM_BITS: 19 },
      ...{ SHIFT_X_BITS: 3, SHIFT_H_BITS: 2, SHIFT_BIAS_BITS: 1 },
    },
  ],
  gru_gru_lane: GRU_LANE,
  relu_gru_relu_lane: GRU_LANE,
  relu_cell_update: CELL_UPDATE,
  relu_held_gru_reset_relu_lane: [
    { ACT_BITS: 4, CELL_BITS: 8 },
    { ACT_BITS: 16, CELL_BITS: 11 },
  ],
  relu_held_gru_new_relu_lane: GRU_LANE,
  relu_held_cell_update: CELL_UPDATE.map((values, n) => ({ ...values, KIND_BITS: 1 + n })),
  clip_gate_sum: GATE_SUM,
  clip_gru_lane: GRU_LANE,
  clip_cell_update: GRU_CELL_UPDATE,
  clip_seen_lstm_peephole_lane: PEEPHOLE_LANE,
  rnn_tanh_tanh_lane: TABLE_LANE,
  sigmoid_sigmoid_lane: TABLE_LANE,
  rnn_relu_linear_lane: LINEAR_LANE,
  linear_linear_lane: LINEAR_LANE,
  peephole_lstm_peephole_lane: PEEPHOLE_LANE,
  peephole_cell_update: CELL_UPDATE.map((values, n) => ({
    ...values,
    ...{ PEEPHOLE_POINT: 10 + 9 * n, PEEPHOLE_SHIFT_MOST: 3 * n, PEEPHOLE_SHIFT_BITS: 1 + n },
  })),
  inturn_lane_feed: IN_TURN_FEED,
  twobytwo_lane_feed: IN_TURN_FEED,
  inturn_sequencer: [
    {
      ...{ LAYERS: 1, LAYER_BITS: 10, GROUP_BITS: 1, SUM_SLOTS: 1, WEIGHT_ADDRESS_BITS: 1 },
      LANE_GAP: 0,
    },
    {
      ...{ LAYERS: 5, LAYER_BITS: 29, GROUP_BITS: 3, SUM_SLOTS: 5, WEIGHT_ADDRESS_BITS: 5 },
      LANE_GAP: 2,
    },
  ],
  held_gru_reset_lane: STATE_LANE,
  held_gru_new_lane: STATE_LANE,
  gru_cell_update: GRU_CELL_UPDATE,
  rnn_tanh_cell_update: CELL_UPDATE.map(stateless),
  rnn_relu_cell_update: CELL_UPDATE.map(stateless),
  linear_cell_update: CELL_UPDATE.map(stateless),
  start_cell_update: CELL_UPDATE,
  mixed_lane_feed: [
    { ACC_BITS: 2, CELLS: 2, CELL_LANES: 2, LAST_STEP: 0, TURN_CELLS: 1, TURN_LAST_STEP: 1 },
    { ACC_BITS: 5, CELLS: 12, CELL_LANES: 4, LAST_STEP: 2, TURN_CELLS: 2, TURN_LAST_STEP: 5 },
  ],
  mixed_cell_update: CELL_UPDATE.map((values, n) => ({
    ...{ ...values, KIND_BITS: 2 + n, CELL_LANES: 2 + 2 * n, TURN_CELLS: 1 + n },
  })),
  mixed_sequencer: [
    {
      ...{ LAYERS: 1, LAYER_BITS: 15, GROUP_BITS: 1, SUM_SLOTS: 1, WEIGHT_ADDRESS_BITS: 1 },
      ...{ LANE_GAP: 0, TURN_GAP: 0 },
    },
    {
      ...{ LAYERS: 5, LAYER_BITS: 29, GROUP_BITS: 3, SUM_SLOTS: 5, WEIGHT_ADDRESS_BITS: 5 },
      ...{ LANE_GAP: 2, TURN_GAP: 9 },
    },
  ],
  pair_cell_update: CELL_UPDATE.map((values, n) => ({
    ...{ ...values, KIND_BITS: 1 + n },
    ...{ ROUND_MOST: values.ROUND_MOST + 2, ROUND_BITS: values.ROUND_BITS + 1 },
  })),
  last_frame_input: FRAME_INPUT,
  last_frame_output: FRAME_OUTPUT,
  last_sequencer: SEQUENCER,
  held_cell_update: CELL_UPDATE.map((values, n) => ({ ...values, KIND_BITS: 1 + n })),
  turn_lane_feed: [
    { ACC_BITS: 2, CELLS: 1, LAST_STEP: 0, STEP_CYCLES: 18 },
    { ACC_BITS: 5, CELLS: 6, LAST_STEP: 5, STEP_CYCLES: 21 },
  ],
  turn_lstm_lane: STATE_LANE,
  turn_cell_update: TURN_CELL_UPDATE,
  overlap_cell_update: TURN_CELL_UPDATE,
  dut_frame_output: FRAME_OUTPUT,
};

/** Those of a block, also where few registers stand: products have none then that a parameter is about. */
function pointsOf(name: string): readonly Values[] | undefined {
  if (!name.startsWith('short_')) return POINTS[name];
  return POINTS[name.replace('short_', 'dut_')]?.map(({ HOLD_PRODUCTS: _, ...values }) => values);
}

/** What Yosys says when it is not; of two memories that differ it says that they cannot stand in one module. */
const UNPROVEN = /unproven \$equiv cells|packed_memids/;

/** A ROM with something in it: zeros would prove little. */
const IMAGE = { 'words.mem': '3\n5\n1\n7f\n0\n' };

describe('Verilog with its parameters overridden is equivalent to specialised Verilog', () => {
  test.each([...modules.keys()])('%s', async (name) => {
    const module = moduleOf(name);
    const sizes = Object.values(module.parameters).some((p) => p.kind === 'integer' && !p.stays);
    const points = [{}, ...(pointsOf(name) ?? [])];
    if (sizes) expect(points.length).toBeGreaterThan(2);
    expect(await prove(module, points)).toBe('');
  });

  test('dut_cell_update without its trace', async () => {
    const { TRACE, ...rest } = moduleOf('dut_cell_update').parameters;
    const off = { ...TRACE, value: 0 } as typeof TRACE;
    const without = { ...moduleOf('dut_cell_update'), parameters: { ...rest, TRACE: off } };
    expect(await prove(without as Module, [{}])).toBe('');
  });

  test('dut_rom with an image', async () => {
    const { INIT_FILE, ...rest } = moduleOf('dut_rom').parameters;
    const file = { ...INIT_FILE, value: 'words.mem' } as typeof INIT_FILE;
    const rom = { ...moduleOf('dut_rom'), parameters: { ...rest, INIT_FILE: file } } as Module;
    const points = [{ WIDTH: 7, DEPTH: 5 }];
    expect(await prove(rom, points, { images: IMAGE })).toBe('');
    const other = (text: string) => text.replace('words);', 'words, 1);');
    expect(await prove(rom, points, { images: IMAGE, specialised: other })).toMatch(UNPROVEN);
  });
});

describe('the proof fails for', () => {
  /** Replaces everywhere; nothing to replace is an error. */
  const edit =
    (from: string, to: string) =>
    (text: string): string => {
      if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
      return text.replaceAll(from, to);
    };
  const full = (name: string): string =>
    /^(turn|start|mixed|held|last)_/.test(name) ? name : `dut_${name}`;
  const small = POINTS as Readonly<Record<string, readonly [Values, Values, ...Values[]]>>;
  const shared = {
    ...{ WEIGHT_BITS: 2, ACT_BITS: 4, TILE_ROWS: 1, TILE_COLS: 2, ROW_GROUPS: 2, STREAMS: 1 },
    ...{ STREAM_SHARE: 2, GATE_STREAMS: 0, ACC_BITS: 8 },
  };

  test.each([
    ['mac_array', 0, 'a product that is a sum', 'weight * activation', 'weight + activation'],
    ['mac_array', 0, 'a bound', 'row < TILE_ROWS', 'row < TILE_ROWS - 1'],
    ['mac_array', 0, 'a width', '= ACT_BITS + WEIGHT_BITS', '= ACT_BITS + WEIGHT_BITS - 1'],
    ['mac_array', 2, 'a wrong stream', '(slice / STREAM_SHARE)', 'slice'],
    ['act_memory', 1, 'a depth below', '.DEPTH (ROWS)', '.DEPTH (ROWS + 1)'],
    ['act_memory', 1, 'a condition', 'if (WRITE_LANES == READ', 'if (WRITE_LANES != READ'],
    ['frame_input', 0, 'a comparison', 'beat == last_beat', 'beat != last_beat'],
    ['frame_output', 1, 'another buffer', 'WRITE_WORDS[WRITE', 'READ_WORDS[WRITE'],
    ['last_frame_output', 1, 'a mark', 'BEAT_BITS + 1]}', 'BEAT_BITS]}'],
    ['gate_sum', 0, 'a shift', 'x_sum}) <<< shift_x', 'x_sum}) <<< shift_h'],
    ['ram', 1, 'a memory of another depth', '[0:DEPTH - 1]', '[0:DEPTH]'],
    ['ram', 1, 'a read that does not wait', 'if (read_enable)', 'if (1)'],
    ['turn_lane_feed', 0, 'another pace', 'STEP_CYCLES - 1', 'STEP_CYCLES - 2'],
    ['start_cell_update', 0, 'the other bias', 'take_restart ?', '!take_restart ?'],
    ['start_cell_update', 0, 'the other c', '.INIT_FILE (INITIAL_FILE)', '.INIT_FILE (BIAS_FILE)'],
    ['mixed_lane_feed', 1, 'another last step', 'flat ? TURN_LAST', '!flat ? TURN_LAST'],
    ['held_cell_update', 1, 'another kind', 'entry[KIND_BITS:1] ==', 'entry[KIND_BITS:1] !='],
    ['weight_banks', 1, 'ports that are swapped', '.enable  (advance)', '.enable  (rst)'],
  ] as const)('%s at point %i: %s', async (name, point, _, from, to) => {
    const values = name === 'mac_array' && point === 2 ? shared : small[full(name)]?.[point];
    const parameterized = edit(from, to);
    const module = moduleOf(full(name));
    expect(await prove(module, [values as Values])).toBe('');
    expect(await prove(module, [values as Values], { parameterized })).toMatch(UNPROVEN);
  });

  test.each([
    ['mac_array', 0, 'an operator', 'weight * activation', 'weight + activation'],
    ['mac_array', 0, 'a bound', 'gate < 4', 'gate < 3'],
    ['act_memory', 2, 'a size', 'bank < 4', 'bank < 3'],
    ['lane_feed', 1, 'a number', "steps_left <= 3'd5", "steps_left <= 3'd4"],
  ] as const)('specialised %s at point %i: %s', async (name, point, _, from, to) => {
    const values = POINTS[full(name)]?.[point] as Values;
    const specialised = edit(from, to);
    expect(await prove(moduleOf(full(name)), [values], { specialised })).toMatch(UNPROVEN);
  });
});
