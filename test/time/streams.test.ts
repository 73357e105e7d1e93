import { describe, expect, test } from 'vitest';
import {
  buildImages,
  type DesignOptions,
  emitVerilog,
  macCounts,
  planDesign,
} from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { streamTimelineOf } from '../../generator/accelerator/schedule/schedule.js';
import { Random } from '../../generator/base/random.js';
import { sentFrames } from '../../generator/cosim/sent-frames.js';
import { type DrawnCell, type RandomOptions, randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { simulate } from '../support/simulate.js';
import { expectAsPlanned } from './support/expectations.js';
import { utterancesUpTo } from './support/whole-utterances.js';

/** More seeds than these: HCGS_TIME_SEEDS=20 npx vitest run test/time/streams.test.ts. */
const SEEDS = Number(process.env.HCGS_TIME_SEEDS ?? 1);
const FIRST = Number(process.env.HCGS_TIME_FIRST ?? 400);

const drawn = (options: Partial<RandomOptions>) =>
  randomModel({
    ...{ inputs: 5, hidden: [8, 8], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    ...options,
  });

/** A network and a design of several streams, drawn. */
function streamShape(seed: number, network: string) {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const cell = network === 'mixed' ? (['gru', 'dense-relu', 'lstm'] as const) : network;
  const model = drawn({
    ...{ cell: cell as DrawnCell | readonly DrawnCell[], seed, outputs: pick([0, 3]) },
    inputs: random.between(1, 9),
    hidden: Array.from({ length: network === 'mixed' ? 3 : pick([1, 2]) }, () => pick([4, 8, 12])),
    initialState: random.below(2) === 0,
    sharing: pick(['shared', 'per-gate'] as const),
  });
  const counts = macCounts(model).filter((n) => n <= 64);
  const options: DesignOptions = {
    ...{ name: 'dut', streams: pick([2, 3, 4, 5, 8]), macs: pick(counts) },
    emit: pick(['every', 'last'] as const),
    pipeline: pick(['deep', 'balanced', 'short'] as const),
  };
  return { model, options, label: JSON.stringify({ seed, network, options }) };
}

describe.each(['lstm', 'gru', 'gru-before', 'rnn-relu', 'mixed'])(
  'several streams of random %s networks',
  (network) => {
    test.each(Array.from({ length: SEEDS }, (_, n) => FIRST + n))(
      'seed %i: exact, every frame in the cycle predicted, through resets, wrong frames and stalls',
      async (seed) => {
        const { model, options, label } = streamShape(seed, network);
        const { configuration: c } = planDesign(model, options);
        expect(hazards(orderOf(c, model)), label).toEqual([]);
        const sequence = utterancesUpTo(4, model, seed, 2 * (options.streams ?? 1) + 1);
        expectAsPlanned(await simulate(c, model, { sequence, seed, protocol: true }), label);
        const { firstMismatch, complaints } = await simulate(c, model, {
          ...{ sequence, seed, stall: 0.3 },
        });
        expect([firstMismatch, complaints], label).toEqual([null, []]);
      },
    );
  },
);

/** What is one for each stream alone, and lanes that take a cell in several cycles. */
const CASES: readonly (readonly [string, Partial<RandomOptions>, Omit<DesignOptions, 'name'>])[] = [
  [
    'a word of states in each, learned ones',
    { inputs: 3, hidden: [1], outputs: 0, initialState: true },
    { streams: 3, macs: 4 },
  ],
  [
    'a time-multiplexed lane, learned states, outputs of last frames alone',
    { initialState: true },
    { streams: 5, macs: 16, cellCycles: 18, emit: 'last' },
  ],
  [
    'a lane whose cells overlap, learned states, outputs of last frames alone',
    { initialState: true },
    { streams: 5, macs: 16, cellCycles: 4, emit: 'last' },
  ],
];

test.each(CASES)('several streams, exact and as predicted: %s', async (_, network, options) => {
  const model = drawn(network);
  const { configuration: c } = planDesign(model, { ...options, name: 'dut' });
  const sequence = utterancesUpTo(4, model, 11, 2 * (options.streams ?? 1) + 1);
  expectAsPlanned(await simulate(c, model, { sequence, protocol: true }));
});

describe('a design of several streams that is broken by hand is caught:', () => {
  const model = drawn({});
  test.each([
    [
      'a visit does not wait for its stream',
      'sequencer',
      /wire under_way =[^;]*;/,
      "wire under_way = 1'b0;",
    ],
    [
      'states of all streams are one',
      'cell_update',
      /state_stream << [^;]*;/,
      'state_stream << 20;',
    ],
    [
      'h of all streams is one',
      'sequencer',
      'assign place = {stream,',
      "assign place = {stream & 2'd0,",
    ],
    [
      'an utterance starts on another stream',
      'sequencer',
      /restarts <= frame_restart;/,
      'restarts <= ~frame_restart;',
    ],
    [
      'outputs have the stream of another frame',
      'core',
      /\.write_stream\s+\(sum_place\[2:1\]\)/,
      '.write_stream (~sum_place[2:1])',
    ],
    ['a frame of no stream is taken', 'stream_input', /wire known =[^;]*;/, "wire known = 1'b1;"],
    ['a buffer is given free too early', 'stream_input', /held_(\d) == 2'd2/g, "held_$1 == 2'd3"],
  ] as const)('%s', async (_, module, from, to) => {
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 64, streams: 3 });
    let changed = false;
    const sequence = utterancesUpTo(4, model, 7, 7);
    const result = await simulate(c, model, {
      sequence,
      protocol: true,
      mutate: (file, text) => {
        if (file !== `dut_${module}.v`) return text;
        const other = text.replace(from, to);
        changed ||= other !== text;
        return other;
      },
    }).catch((error: unknown) => ({ error }));
    expect(changed).toBe(true);
    const found =
      'error' in result ||
      result.firstMismatch !== null ||
      result.complaints.length > 0 ||
      (result.protocol?.complaints.length ?? 0) > 0;
    expect(found).toBe(true);
  });
});

test('a stream without a frame does not hold up the others', () => {
  const model = drawn({});
  const { configuration: c } = planDesign(model, { name: 'dut', macs: 64, streams: 4 });
  const { walks, shape } = orderOf(c, model);
  const only = Array.from({ length: 6 }, () => ({ stream: 2, emits: true }));
  const { times } = streamTimelineOf(walks, shape).run(only);
  expect(times.map(({ round }) => round)).toEqual([0, 1, 2, 3, 4, 5]);
  const rounds = times.map(({ sent }) => sent);
  const apart = rounds.slice(1).map((sent, n) => sent - (rounds[n] as number));
  // as far apart as those of a design of one stream
  const alone = planDesign(model, { name: 'dut', macs: 64 }).prediction.cyclesPerFrame;
  expect(apart.at(-1)).toBeLessThanOrEqual(alone + 2);
});

test('frames of all streams take their turns, each its utterances in order', () => {
  const sequence = { frames: 9, utteranceStarts: [0, 3, 4, 6] };
  const sent = sentFrames(sequence, 3);
  expect(sent.map(({ stream }) => stream)).toEqual([0, 1, 2, 0, 2, 0, 0, 0, 0]);
  expect(sent.filter(({ stream }) => stream === 0).map(({ frame }) => frame)).toEqual([
    ...[0, 1, 2, 6, 7, 8],
  ]);
});

test('more streams hide more of the drain', () => {
  const model = drawn({ inputs: 6, hidden: [20], outputs: 2 });
  const cycles = [1, 2, 8].map(
    (streams) => planDesign(model, { name: 'dut', macs: 64, streams }).prediction.cyclesPerFrame,
  );
  expect(cycles[0]).toBe(80);
  expect(cycles[1]).toBeLessThan(80);
  expect(cycles[2]).toBeLessThanOrEqual(42);
});

test.each([
  [{ streams: 17 }, '--streams'],
  [{ streams: 2, order: 'sequence' as const, maxFrames: 4 }, '--streams'],
])('%j is refused by name', (options, field) => {
  const refused = () => planDesign(drawn({}), { name: 'dut', macs: 64, ...options });
  expect(refused).toThrow(field);
});

test('lints without a warning', async () => {
  const few = { hidden: [1, 1], initialState: true };
  for (const [emit, network] of [['every', {}] as const, ['last', few] as const]) {
    const model = drawn(network);
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 64, streams: 3, emit });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, c.name)).toEqual(CLEAN);
  }
});
