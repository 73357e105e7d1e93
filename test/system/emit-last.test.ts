import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import type { DesignOptions } from '../../generator/accelerator/plan/options.js';
import { Random } from '../../generator/base/random.js';
import type { FrameSequence } from '../../generator/cosim/design.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { expectExact, simulate } from '../support/simulate.js';

const k = (kept: number, n: number) => ({ k: kept, n });
const base = {
  sharing: 'shared',
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;
const sparse = { kind: 'hcgs', blocks: [4], keep: [k(1, 2)] } as const;

type Network = Omit<RandomOptions, keyof typeof base> & Partial<RandomOptions>;
type Case = readonly [what: string, network: Network, options: Omit<DesignOptions, 'name'>];

/** What ends a frame differs: exact sums or h, of lanes of each kind, in frames longer and shorter than the outputs. */
const CASES: readonly Case[] = [
  [
    'LSTM, sums of an output layer leave',
    { inputs: 6, hidden: [8, 8], patterns: [sparse], outputs: 5 },
    { macs: 16 },
  ],
  [
    'LSTM in a time-multiplexed lane, with an output layer',
    { inputs: 4, hidden: [4], patterns: [null], outputs: 6 },
    { macs: 16, cellCycles: 18 },
  ],
  [
    'GRU, h leaves',
    { cell: 'gru', inputs: 5, hidden: [8], patterns: [sparse], outputs: 0 },
    { macs: 12 },
  ],
  [
    'RNN, h leaves in more beats than a frame has cycles',
    {
      cell: 'rnn-tanh',
      inputs: 4,
      hidden: [64],
      patterns: [{ ...sparse, keep: [k(1, 16)] }],
      outputs: 0,
    },
    { macs: 64, streamLanes: 1 },
  ],
  [
    'one fully connected layer, many frames in its pipeline',
    { cell: 'dense-linear', inputs: 2, hidden: [4], patterns: [null], outputs: 0 },
    { macs: 8 },
  ],
];

/** Utterances of one frame and of several, from a seed. */
function utterances(inputs: number, frames: number, seed: number): FrameSequence {
  const random = new Random(seed);
  const codes = Int32Array.from({ length: frames * inputs }, () => random.between(-4096, 4095));
  const starts = Array.from({ length: frames }, (_, n) => n).filter(
    (n) => n < 3 || random.below(3) === 0,
  );
  return { inputs, frames, codes, utteranceStarts: starts };
}

describe.each(CASES)('outputs of last frames alone: %s', (_, network, options) => {
  const model = randomModel({ ...base, ...network });
  const { configuration } = planDesign(model, { ...options, name: 'dut', emit: 'last' });
  const sequence = utterances(network.inputs, 14, 7);

  test('every output is that of the last frame of its utterance, in the cycles predicted', async () => {
    // of many values in a frame the protocol pass would be long
    const protocol = configuration.outputBeats < 32;
    const result = await simulate(configuration, model, { sequence, protocol });
    expectExact(result, protocol);
    const outputs = result.comparisons.at(-1);
    expect(outputs?.received).toBe(sequence.utteranceStarts.length);
  });

  test.each([1, 2])('under stalls of seed %i', async (seed) => {
    const result = await simulate(configuration, model, { sequence, stall: 0.35, seed });
    expect(result.firstMismatch).toBeNull();
    expect(result.complaints).toEqual([]);
  });
});

test('frames without outputs are not bound by the beats of the outputs', () => {
  const [, network, options] = CASES.find(([what]) => what.startsWith('RNN')) as Case;
  const model = randomModel({ ...base, ...network });
  const cycles = (emit: 'every' | 'last') =>
    planDesign(model, { ...options, name: 'dut', emit }).prediction.cyclesPerFrame;
  expect(cycles('every')).toBe(64);
  expect(cycles('last')).toBeLessThan(64);
});

describe('a design that is broken by hand is caught:', () => {
  const lstm: Case[1] = { inputs: 6, hidden: [8], patterns: [null], outputs: 5 };
  const dense = (CASES.at(-1) as Case)[1];

  test.each([
    [
      'a frame without outputs waits',
      lstm,
      'sequencer',
      /(wire output_wait = .*) && emits;/,
      '$1;',
    ],
    ['it claims a buffer', lstm, 'sequencer', /wire claim = .*;/, 'wire claim = frame_end;'],
    ['its end is not seen', lstm, 'core', /wire dropped = .*;/, "wire dropped = 1'b0;"],
    ['its outputs are written', lstm, 'core', '(sum_valid && output_emits)', '(sum_valid)'],
    ['marks of another frame', dense, 'cell_update', /(output_marks = ).*;/, '$1marks;'],
    ['too many frames inside', dense, 'busy_counter', /_inside != 7'd0/, "_inside[2:0] != 3'd0"],
  ] as const)('%s', async (_, network, block, from, to) => {
    const model = randomModel({ ...base, ...network });
    const macs = network === dense ? 8 : 16;
    const { configuration } = planDesign(model, { macs, name: 'dut', emit: 'last' });
    let changed = false;
    const { firstMismatch, complaints, protocol } = await simulate(configuration, model, {
      ...{ frames: 8, protocol: true },
      mutate: (file, text) => {
        if (!file.endsWith(`_${block}.v`)) return text;
        const edited = text.replace(from, to);
        changed ||= edited !== text;
        return edited;
      },
    });
    expect(changed).toBe(true);
    expect(firstMismatch ?? complaints[0] ?? protocol?.complaints[0]).toBeDefined();
  });
});
