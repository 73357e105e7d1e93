import { describe, expect, it, test } from 'vitest';
import {
  buildImages,
  checkContract,
  type DesignOptions,
  emitVerilog,
  planDesign,
} from '../../generator/accelerator/index.js';
import { checkRunnable } from '../../generator/accelerator/plan/runnable.js';
import type { Model } from '../../generator/network/model.js';
import { type Pass, programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { allForward } from '../support/directed.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { refusal } from '../support/refusal.js';
import { simulate } from '../support/simulate.js';
import { expectAsPlanned } from './support/expectations.js';
import { utterancesUpTo } from './support/whole-utterances.js';

const base: RandomOptions = {
  ...{ inputs: 5, hidden: [8, 8], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
};
const network = (options: Partial<RandomOptions> = {}) => randomModel({ ...base, ...options });
const plan = (model: Model, options: Partial<DesignOptions>) =>
  planDesign(model, { name: 'dut', order: 'sequence', macs: 32, ...options }).configuration;

type Case = readonly [
  what: string,
  model: Model,
  options: Partial<DesignOptions> & { readonly maxFrames: number },
];

/** What ends an utterance differs, how long it is and which stream bounds it. */
const CASES: readonly Case[] = [
  [
    'utterances of one frame, of both directions',
    network({ bidirectional: 'concat' }),
    { maxFrames: 1 },
  ],
  [
    'a time-multiplexed lane, both directions, outputs of last frames alone',
    network({ bidirectional: 'sum', initialState: true }),
    { maxFrames: 6, macs: 16, cellCycles: 18, emit: 'last' },
  ],
  [
    'a lane whose cells overlap, both directions',
    network({ bidirectional: 'sum', initialState: true }),
    { maxFrames: 6, macs: 16, cellCycles: 4 },
  ],
  [
    'values that leave in more beats than a visit has cycles',
    network({ cell: 'rnn-tanh', hidden: [32], outputs: 0 }),
    { maxFrames: 5, macs: 64, streamLanes: 1, slices: 4 },
  ],
  [
    'inputs that come in more beats than an utterance has cycles',
    network({ cell: 'rnn-relu', inputs: 64, hidden: [4] }),
    { maxFrames: 3, macs: 64, streamLanes: 1, slices: 2 },
  ],
  [
    'one fully connected layer',
    network({ cell: 'dense-tanh', hidden: [4], outputs: 0 }),
    { maxFrames: 9, macs: 8 },
  ],
];

describe.each(CASES)('whole utterances: %s', (_, model, options) => {
  const c = plan(model, options);

  test('exact, every frame in the cycle predicted, through resets and wrong utterances', async () => {
    const sequence = utterancesUpTo(options.maxFrames, model, 3, 9);
    expectAsPlanned(await simulate(c, model, { sequence, protocol: c.outputBeats < 32 }));
    for (const seed of [1, 2]) {
      const stalled = await simulate(c, model, { sequence, stall: 0.35, seed });
      expect([stalled.firstMismatch, stalled.complaints]).toEqual([null, []]);
    }
  });
});

describe('other models on a design of whole utterances', () => {
  const both = network({ bidirectional: 'concat', initialState: true });
  const options = { maxFrames: 7 };
  const c = plan(both, options);
  const turned: Model = {
    ...both,
    passes: both.passes.map(({ direction, ...pass }, n) =>
      n === 0 || n === 3 ? { ...pass, direction: 'backward', aligned: false } : pass,
    ),
  };

  test.each([
    ['another one of its shape', network({ bidirectional: 'concat', initialState: true, seed: 2 })],
    ['one whose loops all run forward', allForward(both)],
    ['one with other directions, and values in the order of the steps', turned],
    ['one layer of both directions', network({ bidirectional: 'concat', hidden: [8] })],
  ])('%s runs, with utterances of other lengths', async (_, model) => {
    checkContract(c, model);
    const sequence = utterancesUpTo(4, model, 8);
    expectAsPlanned(await simulate(c, model, { sequence, protocol: true }));
  });

  it('refuses a last pass that runs backward, and a design of frames what runs backward', () => {
    const alone = network({ hidden: [8], outputs: 0 });
    const backward: Model = {
      ...alone,
      passes: alone.passes.map((pass) => ({ ...pass, direction: 'backward' })),
    };
    expect(refusal(() => checkContract(plan(alone, options), backward))).toMatchObject({
      code: 'DESIGN_PROGRAM',
      field: 'pass.0.direction',
    });
    const frames = planDesign(allForward(both), { name: 'dut', macs: 32 }).configuration;
    expect(refusal(() => checkContract(frames, both))).toMatchObject({
      code: 'DESIGN_PROGRAM',
      expected: 'a design of --order sequence with --max-frames',
    });
  });
});

test('a step and a frame side by side, in the order of the steps, are refused', () => {
  const projected = network({ hidden: [8], projection: [8] });
  const { input, output, passes } = programOf(projected);
  const [lstm, linear, sums] = passes as [Pass, Pass, Pass];
  const turned = { direction: 'backward', aligned: false } as const;
  const [x] = linear.operands;
  const odd: Pass = {
    ...{ ...linear, ...turned },
    operands: [{ ...x, vectors: [...x.vectors, input] }],
  };
  const own = { ...lstm, ...turned };
  const wanted = 'vectors of its own step alone, as those stand at other frames';
  const check = (second: Pass) => () =>
    checkRunnable({ ...{ input, output }, passes: [own, second, sums] }, 4, 'sequence');
  expect(refusal(check(odd))).toMatchObject({
    ...{ code: 'DESIGN_PROGRAM', field: 'pass.1.x', expected: wanted },
  });
  check({ ...linear, ...turned })();
});

describe('the Verilog of a design of whole utterances', () => {
  test.each([
    ['parameterized', network({ bidirectional: 'concat' }), { maxFrames: 5 }],
    ['specialised', network({ bidirectional: 'concat' }), { maxFrames: 5, style: 'specialised' }],
    [
      'of the smallest sizes',
      network({ inputs: 1, hidden: [1], outputs: 0 }),
      { maxFrames: 1, macs: 4, sumSlots: 1, headroom: 0 },
    ],
    [
      'of a GRU in two passes, gates in turn, last frames alone',
      network({ cell: 'gru-before' }),
      { maxFrames: 100, macs: 16, slices: 1, emit: 'last' },
    ],
  ] as const)('has no warning: %s', async (_, model, options) => {
    const c = plan(model, options);
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
    expect(await lint(files, 'dut_core')).toEqual(CLEAN);
  });

  test('stops all three tools where an address does not reach all frames', async () => {
    const model = network({ bidirectional: 'concat' });
    const c = plan(model, { maxFrames: 5 });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    const lints = async (module: string, values: Readonly<Record<string, number>>) =>
      Object.values(await lint(files, `dut_${module}`, values));
    for (const said of await lints('utterance_input', { MAX_FRAMES: 65 })) {
      expect(said).toContain('ADDRESS_BITS_must_reach_all_frames_of_both_utterances');
    }
    for (const said of await lints('utterance_input', { MAX_FRAMES: 0 })) {
      expect(said).toContain('MAX_FRAMES_must_be_1_to_65536');
    }
  });
});
