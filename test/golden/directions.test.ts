import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { type GoldenFrame, GoldenNetwork } from '../../generator/golden/network.js';
import { runGolden } from '../../generator/golden/run.js';
import { StateRecorder } from '../../generator/golden/states.js';
import { SumWatch } from '../../generator/golden/sum-peaks.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { type DrawnCell, randomModel } from '../../generator/network/random.js';
import { allForward, codesFor, redirected, utterancesIn } from '../support/directed.js';
import { integerUtterance } from '../support/integer-utterance.js';
import { randomProgram } from '../support/random-program.js';

const SEEDS = Array.from({ length: 14 }, (_, n) => 700 + n);
const KINDS: readonly (readonly [string, DrawnCell, number])[] = [
  ['lstm', 'lstm', 0],
  ['lstm with projection', 'lstm', 3],
  ['lstm with peepholes', 'lstm-peephole', 0],
  ['gru', 'gru', 0],
  ['gru-before', 'gru-before', 0],
  ['gru-relu-before', 'gru-relu-before', 0],
  ['rnn-tanh', 'rnn-tanh', 0],
  ['rnn-relu', 'rnn-relu', 0],
];

/** A network of both directions, one to three layers of it, or one whose loops run any way. */
function drawn(cell: DrawnCell, projection: number, seed: number): Model {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const layers = random.between(1, 3);
  const block = pick([null, null, 2]);
  const model = randomModel({
    ...{ inputs: random.between(1, 5), seed, sharing: pick(['shared', 'per-gate']) },
    hidden: Array.from({ length: layers }, () => pick([2, 4, 6])),
    cell,
    projection: projection === 0 ? undefined : [block === null ? projection : 2],
    bidirectional: pick(['concat', 'sum', undefined]),
    patterns: [block === null ? null : { kind: 'hcgs', blocks: [block], keep: [{ k: 1, n: 2 }] }],
    outputs: random.between(1, 3),
    initialState: seed % 2 === 0,
    words: {
      weight: pick([3, 6, 8]),
      activation: pick([6, 10, 13, 16]),
      cell: pick([12, 16, 24]),
      bias: pick([8, 16, 20]),
    },
  });
  return seed % 3 === 0 || model.passes.every(({ direction }) => direction === undefined)
    ? redirected(model, random)
    : model;
}

const lengthsOf = (random: Random) => Array.from({ length: 3 }, () => random.between(1, 9));

/** All frames of a run, as it showed them. */
function framesOf(model: Model, frames: ReturnType<typeof codesFor>) {
  const shown: GoldenFrame[] = [];
  const run = runGolden(model, frames, (frame, index) => {
    expect(index).toBe(shown.length);
    shown.push(frame);
  });
  return { run, shown };
}

function expectFrame(
  { layers, outputs }: GoldenFrame,
  wanted: ReturnType<typeof integerUtterance>[number],
): void {
  layers.forEach(({ sums, state, value }, l) => {
    const own = wanted.layers[l] as (typeof wanted.layers)[number];
    expect([...sums].map(BigInt)).toEqual(own.sums);
    expect(state === null ? null : [...state].map(BigInt)).toEqual(own.state);
    expect([...value].map(BigInt)).toEqual(own.h);
  });
  expect([...outputs].map(BigInt)).toEqual(wanted.outputs);
}

describe.each(KINDS)('the golden model of %s layers in both directions', (_, cell, projection) => {
  it.each(SEEDS)('agrees with the definition, seed %i', (seed) => {
    const model = drawn(cell, projection, seed);
    const random = new Random(seed + 1);
    const frames = codesFor(model, lengthsOf(random), random);
    const { run, shown } = framesOf(model, frames);
    const wanted = utterancesIn(frames).flatMap((one) => integerUtterance(model, one));
    expect(shown).toHaveLength(wanted.length);
    shown.forEach((frame, t) => {
      expectFrame(frame, wanted[t] as (typeof wanted)[number]);
      const own = run.outputs.subarray(t * run.width, (t + 1) * run.width);
      expect(own).toEqual(frame.outputs);
    });
  });
});

describe('passes that read any vectors', () => {
  it.each(SEEDS)('run in the directions of their loops, seed %i', (seed) => {
    const random = new Random(seed);
    const model = redirected(randomProgram(seed), random);
    const frames = codesFor(model, lengthsOf(random), random);
    const lined = inLine(model);
    const { shown } = framesOf(lined, frames);
    const wanted = utterancesIn(frames).flatMap((one) => integerUtterance(lined, one));
    shown.forEach((frame, t) => {
      expectFrame(frame, wanted[t] as (typeof wanted)[number]);
    });
  });
});

describe('whole utterances', () => {
  it('give what frames give where time goes forward', () => {
    for (const seed of SEEDS) {
      const model = allForward(drawn('lstm', 3, seed));
      const random = new Random(seed);
      const [one = []] = utterancesIn(codesFor(model, [7], random));
      const codes = one.map((frame) => Int32Array.from(frame));
      const [whole, single] = [new GoldenNetwork(model), new GoldenNetwork(model)];
      single.reset();
      expect(whole.utterance(codes)).toEqual(codes.map((frame) => single.step(frame)));
      expect(whole.saturations).toEqual(single.saturations);
    }
  });

  it('of a backward layer are those of a forward one on frames the other way round', () => {
    for (const aligned of [undefined, false] as const) {
      const forward = randomModel({
        ...{ inputs: 4, hidden: [6], outputs: 3, patterns: [null], sharing: 'shared', seed: 9 },
        ...{ words: { weight: 6, activation: 13, cell: 16, bias: 16 }, initialState: true },
      });
      const backward: Model = {
        ...forward,
        passes: forward.passes.map((pass, n) =>
          n > 0 ? pass : { ...pass, direction: 'backward', aligned },
        ),
      };
      const [one = []] = utterancesIn(codesFor(forward, [8], new Random(3)));
      const codes = one.map((frame) => Int32Array.from(frame));
      const [own, other] = [new GoldenNetwork(backward), new GoldenNetwork(forward)];
      const got = own.utterance(codes).map(({ outputs }) => outputs);
      const wanted = other.utterance([...codes].reverse()).map(({ outputs }) => outputs);
      expect(got).toEqual(aligned === false ? wanted : wanted.reverse());
      expect(own.saturations).toEqual(other.saturations);
    }
  });

  it('begin anew, whatever was run before', () => {
    for (const [, cell, projection] of KINDS) {
      const model = drawn(cell, projection, 704);
      const one = utterancesIn(codesFor(model, [5], new Random(6)))[0]?.map((frame) =>
        Int32Array.from(frame),
      );
      const golden = new GoldenNetwork(model);
      const first = golden.utterance(one ?? []);
      expect(golden.utterance(one ?? [])).toEqual(first);
    }
  });

  it('need to be whole where a pass runs backward', () => {
    const model = drawn('gru', 0, 701);
    const golden = new GoldenNetwork(model);
    const frame = new Int32Array(model.input.length);
    expect(() => golden.step(frame)).toThrow('a pass runs backward: it needs an utterance');
    expect(() => golden.utterance([new Int32Array(9)])).toThrow(RangeError);
    expect(golden.utterance([])).toEqual([]);
  });

  it('leave states at the frames from which they were made', () => {
    const model = drawn('lstm', 0, 702);
    const frames = codesFor(model, [3, 5], new Random(2));
    const recorder = new StateRecorder(model, frames);
    runGolden(model, frames, (frame, index) => recorder.record(frame, index));
    const wanted = utterancesIn(frames).map((one) => integerUtterance(model, one));
    const c = recorder.arrays().get('c1');
    expect(c?.shape.slice(0, 2)).toEqual([2, 5]);
    const rows = c?.shape[2] as number;
    wanted.forEach((utterance, u) => {
      utterance.forEach(({ layers }, t) => {
        const start = (u * 5 + t) * rows;
        const own = Array.from({ length: rows }, (_, k) => BigInt(c?.data[start + k] as number));
        expect(own).toEqual(layers[1]?.state);
      });
    });
  });
});

describe('the largest sums', () => {
  it.each(SEEDS)('are those of every pass in its own direction, seed %i', (seed) => {
    const random = new Random(seed);
    const [cell, projection] = (
      [
        ['lstm', 3],
        ['gru-before', 0],
        ['rnn-relu', 0],
        ['gru', 0],
      ] as const
    )[seed % 4] as [DrawnCell, number];
    const any = redirected(randomProgram(seed), random);
    for (const model of [redirected(drawn(cell, projection, seed), random), inLine(any)]) {
      const frames = codesFor(model, lengthsOf(random), random);
      const watch = new SumWatch(model, frames);
      runGolden(model, frames, (frame, index) => watch.visit(frame, index));
      const all = utterancesIn(frames).flatMap((one) => integerUtterance(model, one));
      watch.peaks().forEach(({ aligned, x, h }, n) => {
        const own = all.map(({ layers }) => layers[n] as (typeof layers)[number]);
        const sums = own.flatMap((done) => done.sums.map(Number));
        expect(aligned).toBe(Math.max(...sums.map(Math.abs)));
        const wanted = (model.passes[n] as Model['passes'][number]).operands.map(({ matrix }, o) =>
          largest(
            matrix,
            own.map(({ read }) => (read[o]?.h ?? []).map(Number)),
          ),
        );
        expect(h === null ? [x] : [x, h]).toEqual(wanted);
      });
    }
  });
});

/** Values of all passes at their frames: loops of more than two passes are beyond the reference where they are not. */
function inLine(model: Model): Model {
  return { ...model, passes: model.passes.map(({ aligned: _, ...pass }) => pass) };
}

/** The largest magnitude of a row times a frame. */
function largest({ columns, codes }: SparseMatrix, frames: readonly (readonly number[])[]): number {
  let most = 0;
  for (const frame of frames) {
    for (let first = 0; first < codes.length; first += columns) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += (codes[first + k] as number) * (frame[k] as number);
      most = Math.max(most, Math.abs(sum));
    }
  }
  return most;
}
