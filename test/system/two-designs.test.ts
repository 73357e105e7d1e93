import { beforeAll, expect, test } from 'vitest';
import {
  buildImages,
  byteBits,
  emitVerilog,
  outputBits,
  planDesign,
} from '../../generator/accelerator/index.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { randomModel } from '../../generator/network/random.js';
import {
  type BenchRun,
  beatsOf,
  outputBeats,
  runBench,
  streamBench,
} from '../support/stream-bench.js';

// Two designs of one shape, each with a network of its own: modules and images of both meet in one project.

const INPUTS = 3;
const LANES = 2;

function network(name: string, seed: number) {
  const model = randomModel({
    inputs: INPUTS,
    hidden: [4],
    patterns: [{ kind: 'hcgs', blocks: [2], keep: [{ k: 1, n: 2 }] }],
    sharing: 'shared',
    outputs: 3,
    words: { weight: 4, activation: 8, cell: 10, bias: 8 },
    seed,
  });
  const { configuration: c } = planDesign(model, { name, macs: 8, streamLanes: LANES });
  return { model, c, verilog: emitVerilog(c), images: buildImages(c, model) };
}

const left = network('left', 1);
const right = network('right', 2);
const frames = randomFrames({ frames: 4, inputs: INPUTS, bits: 8, seed: 3 });
const outBytes = byteBits(outputBits(left.c)) / 8;
const beats = beatsOf(frames, { lanes: LANES, bytes: 1, other: '0' });

const expected = [left, right].map(({ model }) => {
  const golden = new GoldenNetwork(model);
  const outputs = Array.from({ length: frames.frames }, (_, f) => {
    if (frames.utteranceStarts.includes(f)) golden.reset();
    return golden.step(frames.codes.subarray(f * INPUTS, (f + 1) * INPUTS)).outputs;
  });
  return outputBeats(outputs, { lanes: LANES, bytes: outBytes });
});

beforeAll(() => {
  expect(left.c).toEqual({ ...right.c, name: 'left' });
  expect(expected[0]).not.toEqual(expected[1]);
});

/** Both in one top; `folders`: where each finds its images. */
function project(folders: readonly [string, string] | null): ReadonlyMap<string, string> {
  const outBits = 8 * outBytes * LANES;
  const duts = [left, right].map(({ c }, n) => ({
    module: c.name,
    outBits,
    ...(folders === null ? {} : { parameters: { MEM_DIR: folders[n] as string } }),
  }));
  const images = [left, right].flatMap(({ images }, n) =>
    [...images].map(([path, text]): [string, string] => [
      folders === null ? path : path.replace(/^mem\//, folders[n] as string),
      text,
    ]),
  );
  return new Map([...left.verilog, ...right.verilog, ...images, ...streamBench(duts, beats)]);
}

test.each([
  ['icarus', 'in one folder', null],
  ['icarus', 'in two folders', ['designs/a/', 'designs/b/']],
  ['icarus', 'in the working directory and a folder', ['', 'b/']],
  ['verilator', 'in the working directory and a folder', ['', 'b/']],
] as const)('%s computes both networks, images %s', async (simulator, _, folders) => {
  const run: BenchRun = await runBench(project(folders as [string, string] | null), simulator, 2);
  expect(run.beats).toEqual(expected);
  if (simulator === 'icarus') expect(run.unknown).toBe(0);
});
