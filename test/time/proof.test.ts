import { expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { top } from '../../generator/accelerator/top.js';
import { type Module, modulesBelow, type Values } from '../../generator/hdl/index.js';
import { randomModel } from '../../generator/network/random.js';
import { prove } from '../support/equivalence.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [8], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
  ...{ bidirectional: 'concat', words: { weight: 6, activation: 13, cell: 16, bias: 16 } },
});
const { configuration } = planDesign(model, {
  ...{ name: 'dut', macs: 32, order: 'sequence', maxFrames: 5, streamLanes: 2 },
});
const modules = new Map(modulesBelow(top(configuration)).map((m) => [m.name, m]));

/** The blocks that are others in the order of sequences, at points beside their own design: the smallest, and odd ones. */
const POINTS: Readonly<Record<string, readonly Values[]>> = {
  utterance_input: [
    {
      ...{ ACT_BITS: 4, LANE_BITS: 8, STREAM_LANES: 1, BEATS: 1, FRAME_WORDS: 1, MAX_FRAMES: 1 },
      ADDRESS_BITS: 1,
    },
    {
      ...{ ACT_BITS: 9, LANE_BITS: 16, STREAM_LANES: 3, BEATS: 5, FRAME_WORDS: 8, MAX_FRAMES: 7 },
      ADDRESS_BITS: 7,
    },
  ],
  sequencer: [
    {
      ...{ LAYERS: 1, LAYER_BITS: 20, GROUP_BITS: 1, SUM_SLOTS: 1, WEIGHT_ADDRESS_BITS: 1 },
      ...{ LANE_GAP: 0, MAX_FRAMES: 1 },
    },
    {
      ...{ LAYERS: 5, LAYER_BITS: 47, GROUP_BITS: 3, SUM_SLOTS: 5, WEIGHT_ADDRESS_BITS: 5 },
      ...{ LANE_GAP: 6, MAX_FRAMES: 9 },
    },
  ],
  frame_output: [
    {
      ...{ VALUE_BITS: 1, LANE_BITS: 8, WRITE_LANES: 1, STREAM_LANES: 1, ROWS: 2, BEATS: 1 },
      ...{ WRITE_WORDS: 1, READ_WORDS: 1, WRITE_ADDRESS_BITS: 1, READ_ADDRESS_BITS: 1 },
    },
    {
      ...{ VALUE_BITS: 5, LANE_BITS: 8, WRITE_LANES: 4, STREAM_LANES: 2, ROWS: 6, BEATS: 5 },
      ...{ WRITE_WORDS: 3, READ_WORDS: 6, WRITE_ADDRESS_BITS: 3, READ_ADDRESS_BITS: 4 },
    },
  ],
  cell_update: [],
  hcgs_decoder: [],
  activation_memory: [],
};

test.each(Object.entries(POINTS))(
  '%s with its parameters overridden is equivalent to its specialised text',
  async (name, points) => {
    const module = modules.get(`dut_${name}`) as Module;
    expect(await prove(module, [{}, ...points])).toBe('');
  },
);

test.each([
  ['utterance_input', 'MAX_FRAMES - 1', 'MAX_FRAMES'],
  ['sequencer', 'MAX_FRAMES[', '(MAX_FRAMES + 1)['],
] as const)('the proof of %s fails where %s is %s', async (name, from, to) => {
  const module = modules.get(`dut_${name}`) as Module;
  const point = (POINTS[name] as readonly Values[])[1] as Values;
  const parameterized = (text: string) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  };
  expect(await prove(module, [point], { parameterized })).not.toBe('');
});
