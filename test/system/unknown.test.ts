import { expect, test } from 'vitest';
import {
  buildImages,
  byteBits,
  emitVerilog,
  outputBits,
  planDesign,
} from '../../generator/accelerator/index.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import {
  type BenchBeat,
  beatsOf,
  outputBeats,
  runBench,
  streamBench,
} from '../support/stream-bench.js';

// A simulator with four states shows what depends on a value that nobody gave: words of a RAM that was never written
// (a memory compiler's has no contents at start), lanes that a frame does not use, a stream that is not valid.

const FRAMES = 5;
/** Frames of which only some beats come before a reset. */
const CUT = { frames: 3, beats: 1 };
const k = (kept: number, n: number) => ({ k: kept, n });
const base = {
  sharing: 'shared',
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;

type Shape = Partial<RandomOptions> & Pick<RandomOptions, 'inputs' | 'hidden' | 'patterns'>;
const designs: readonly (readonly [string, Shape, object])[] = [
  [
    'blocks beyond the inputs, an output layer',
    {
      ...{ inputs: 5, hidden: [20], outputs: 3 },
      patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [k(2, 2), k(4, 4)] }],
    },
    { macs: 64, streamLanes: 2 },
  ],
  [
    'two layers, a mask for each gate, no output layer',
    {
      ...{ inputs: 7, hidden: [9, 6], outputs: 0, sharing: 'per-gate' as const },
      patterns: [{ kind: 'hcgs', blocks: [8, 2], keep: [k(1, 2), k(1, 2)] }],
    },
    { macs: 32, streamLanes: 4 },
  ],
  [
    'dense, tiles wider than the matrix, time-multiplexed lane',
    {
      ...{ inputs: 3, hidden: [5], outputs: 2 },
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
    },
    { macs: 16, streamLanes: 4, cellCycles: 18 },
  ],
  [
    'a lane whose cells overlap',
    {
      ...{ inputs: 3, hidden: [5, 4], outputs: 2 },
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
    },
    { macs: 16, cellCycles: 4 },
  ],
  [
    'specialised, more stream lanes than tile columns, initial states',
    {
      ...{ inputs: 6, hidden: [6, 3], outputs: 3, initialState: true },
      patterns: [{ kind: 'hcgs', blocks: [4], keep: [k(1, 2)] }],
    },
    { macs: 8, streamLanes: 4, style: 'specialised' },
  ],
  [
    'whole utterances, both directions',
    {
      ...{ inputs: 5, hidden: [4], outputs: 3, bidirectional: 'concat' as const },
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
    },
    { macs: 16, streamLanes: 2, order: 'sequence', maxFrames: 3 },
  ],
];

/** RAMs without contents at start. */
function empty(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let emptied = 0;
  const done = [...files].map(([path, text]): [string, string] => {
    if (!/_ram(_\w+)?\.v$/.test(path)) return [path, text];
    const bare = text.replace(
      / {2}integer words_index;\n {2}initial begin\n[\s\S]*?\n {2}end\n/,
      '',
    );
    if (bare !== text) emptied++;
    return [path, bare];
  });
  expect(emptied).toBeGreaterThan(0);
  return new Map(done);
}

async function play(
  shape: Shape,
  options: object,
  mutate: (path: string, text: string) => string = (_, text) => text,
) {
  const model = randomModel({ ...base, outputs: 0, ...shape });
  const { configuration: c } = planDesign(model, { name: 'dut', ...options });
  const { inputs } = shape;
  const lanes = c.streamLanes;
  const [bytes, outBytes] = [byteBits(c.words.activation) / 8, byteBits(outputBits(c)) / 8];
  const all = randomFrames({ frames: FRAMES, inputs, bits: c.words.activation, seed: 3 });
  const frames = { ...all, utteranceStarts: [0, 3] };
  const marks = c.order === 'sequence';
  const good = beatsOf(frames, { lanes, bytes, marks });
  const perFrame = Math.ceil(inputs / lanes);
  const before = good.slice(0, CUT.frames * perFrame + Math.min(CUT.beats, perFrame - 1));
  const [first, ...rest] = good as [BenchBeat, ...BenchBeat[]];
  const beats = [...before, { ...first, reset: true }, ...rest];
  const dut = { module: 'dut', outBits: 8 * outBytes * lanes, marks };
  const verilog = [...empty(emitVerilog(c))].map(([path, text]): [string, string] => [
    path,
    mutate(path, text),
  ]);
  const files = new Map([...verilog, ...buildImages(c, model), ...streamBench([dut], beats)]);
  const golden = new GoldenNetwork(model);
  const codesOf = (f: number) => frames.codes.subarray(f * inputs, (f + 1) * inputs);
  const outputs = frames.utteranceStarts.flatMap((first, u) => {
    const length = (frames.utteranceStarts[u + 1] ?? FRAMES) - first;
    const own = Array.from({ length }, (_, n) => codesOf(first + n));
    return golden.utterance(own).map((frame) => [...frame.outputs]);
  });
  const expected = outputBeats(outputs, { lanes, bytes: outBytes });
  const { beats: seen, unknown } = await runBench(files, 'icarus', 1);
  const [out] = seen;
  return { out: out as typeof expected, expected, unknown };
}

test.each(designs)('nothing unknown leaves a design: %s', async (_, shape, options) => {
  const { out, expected, unknown } = await play(shape, options);
  expect(out.filter(({ last, data }) => /[xz]/i.test(last + data))).toEqual([]);
  // what came of the frames before the reset, and all frames after it
  const begun = out.length - expected.length;
  expect(out.slice(begun)).toEqual(expected);
  expect(out.slice(0, begun)).toEqual(expected.slice(0, begun));
  expect(unknown).toBe(0);
});

test('the check sees a mask that is left out', async () => {
  const [, shape, options] = designs[0] as (typeof designs)[number];
  const { out } = await play(shape, options, (path, text) =>
    path.endsWith('_activation_memory.v') ? text.replace(/ & mask;/, ';') : text,
  );
  expect(out.some(({ data }) => data.includes('x'))).toBe(true);
});
