import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork, outputFractionBits } from '../../generator/golden/network.js';
import { correctDecisions, decisions, outputType, runGolden } from '../../generator/golden/run.js';
import { StateRecorder } from '../../generator/golden/states.js';
import type { Frames } from '../../generator/network/frames.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { equalLengths } from '../../generator/network/utterances.js';
import { integerLstm } from '../support/integer-lstm.js';
import { startedModels } from '../support/networks.js';
import { randomProgram } from '../support/random-program.js';
import { stackOf, withStack } from '../support/stack.js';

function randomCodes(model: Model, frames: number, seed: number): Int32Array {
  const random = new Random(seed);
  const half = 2 ** (model.words.activation - 1);
  const length = frames * (stackOf(model).layers[0]?.inputs ?? 0);
  return Int32Array.from({ length }, () => random.between(-half, half - 1));
}

function framesOf(model: Model, utterances: number, frames: number, seed: number): Frames {
  const inputs = stackOf(model).layers[0]?.inputs ?? 0;
  const codes = randomCodes(model, utterances * frames, seed);
  return { lengths: equalLengths(utterances, frames), inputs, codes, saturated: 0 };
}

const shape: RandomOptions = {
  inputs: 5,
  hidden: [6, 4],
  patterns: [{ kind: 'hcgs', blocks: [2], keep: [{ k: 1, n: 2 }] }],
  sharing: 'shared',
  outputs: 3,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 11,
};
const small = randomModel(shape);
const started = randomModel({ ...shape, initialState: true });

describe('the golden model', () => {
  it('equals the same network in big integers, value by value', () => {
    fc.assert(
      fc.property(
        startedModels,
        fc.nat(),
        fc.integer({ min: -8, max: 6 }),
        (drawn, seed, shift) => {
          // move the binary points of c and bias, so that every alignment occurs
          const model = withStack(drawn, {
            layers: stackOf(drawn).layers.map((layer) => ({
              ...layer,
              cellFraction: layer.cellFraction + shift,
              biasFraction: layer.biasFraction - shift,
            })),
          });
          const codes = randomCodes(model, 4, seed);
          const inputs = stackOf(model).layers[0]?.inputs ?? 0;
          const list = [0, 1, 2, 3].map((t) => [...codes.slice(t * inputs, (t + 1) * inputs)]);
          const golden = new GoldenNetwork(model);
          integerLstm(model, list).forEach((expected, t) => {
            const frame = golden.step(Int32Array.from(list[t] as number[]));
            expected.layers.forEach((layer, l) => {
              expect([...(frame.layers[l]?.sums ?? [])].map(BigInt)).toEqual(layer.sums);
              expect([...(frame.layers[l]?.state ?? [])].map(BigInt)).toEqual(layer.c);
              expect([...(frame.layers[l]?.value ?? [])].map(BigInt)).toEqual(layer.h);
            });
            expect([...frame.outputs].map(BigInt)).toEqual(expected.outputs);
          });
        },
      ),
      { numRuns: Number(process.env.HCGS_TEST_RUNS ?? 150) },
    );
  });

  it.each([
    ['zeros', small],
    ['its own state', started],
  ])('starts every utterance from %s', (_, model) => {
    const input = framesOf(model, 2, 3, 5);
    const both = runGolden(model, input);
    const half = input.codes.length / 2;
    const second = runGolden(model, {
      ...input,
      lengths: Int32Array.of(3),
      codes: input.codes.subarray(half),
    });
    expect([...both.outputs.slice(3 * 3)]).toEqual([...second.outputs]);
  });

  it('starts from zeros where the bias of the first frame is the bias, and the state zero', () => {
    const input = framesOf(small, 2, 3, 5);
    const passes = small.passes.map(({ cell, ...pass }) =>
      cell === 'dense'
        ? { cell, ...pass }
        : { cell, ...pass, initial: { bias: pass.bias, state: new Int32Array(pass.rows) } },
    );
    expect(runGolden({ ...small, passes }, input)).toEqual(runGolden(small, input));
    expect(runGolden(started, input).outputs).not.toEqual(runGolden(small, input).outputs);
  });

  it('hands out frames that later frames leave alone', () => {
    const golden = new GoldenNetwork(small);
    const codes = randomCodes(small, 2, 3);
    const first = golden.step(codes.subarray(0, 5));
    const copy = structuredClone(first);
    golden.step(codes.subarray(5, 10));
    expect(first).toEqual(copy);
  });

  it('takes codes as integers or as doubles', () => {
    const codes = randomCodes(small, 1, 8);
    const a = new GoldenNetwork(small).step(codes);
    expect(new GoldenNetwork(small).step(Float64Array.from(codes))).toEqual(a);
  });

  it('does so where passes read any vectors of this frame and of the one before', () => {
    let skipped = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const model = randomProgram(seed);
        const inputs = model.input.length;
        const codes = randomCodes(model, 4, seed);
        const list = [0, 1, 2, 3].map((t) => [...codes.slice(t * inputs, (t + 1) * inputs)]);
        const golden = new GoldenNetwork(model);
        integerLstm(model, list).forEach((expected, t) => {
          const frame = golden.step(Int32Array.from(list[t] as number[]));
          expect([...frame.outputs].map(BigInt)).toEqual(expected.outputs);
        });
        if (stackOf(model).layers.some(({ reads }, l) => reads.x.vectors[0] !== l)) skipped++;
      }),
    );
    expect(skipped).toBeGreaterThan(50);
  });

  it('refuses a frame of another width', () => {
    expect(() => new GoldenNetwork(small).step(new Int32Array(4))).toThrow(/5 codes, got 4/);
  });

  it('counts what it clamps', () => {
    const bias = new Int32Array(4).fill(32767); // one cell, all gates at the top of the table
    const words = { weight: 6, activation: 13, cell: 16, bias: 16 } as const;
    const shape = {
      hidden: [1],
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
      sharing: 'shared',
    } as const;
    const one = randomModel({ inputs: 1, outputs: 0, seed: 1, words, ...shape });
    const [layer] = stackOf(one).layers;
    if (layer === undefined) throw new Error('no layer');
    const zero = { codes: new Int16Array(4) };
    const model = withStack(one, {
      layers: [
        {
          ...layer,
          x: { ...layer.x, ...zero },
          h: { ...layer.h, ...zero },
          bias,
          biasFraction: 0,
          cellFraction: 12, // c in [-8, 8)
        },
      ],
    });
    const golden = new GoldenNetwork(model);
    for (let t = 0; t < 10; t++) golden.step(Int32Array.of(0));
    // every gate of every frame; c grows by one (f = 4095) until it is clamped; o stays below 1
    expect(golden.saturations.gateInput).toBe(40);
    expect(golden.saturations.cell).toBeGreaterThan(0);
    expect(golden.saturations.cellInput).toBeGreaterThan(0);
    expect(golden.saturations.hidden).toBe(0);
    golden.reset();
    expect(golden.saturations.gateInput).toBe(40);
  });
});

describe('a run', () => {
  it('counts what each layer clamps, and all together', () => {
    const input = framesOf(small, 2, 20, 9);
    // c of the second layer in [-1/8, 1/8)
    const layers = stackOf(small).layers.map((layer, l) =>
      l === 1 ? { ...layer, cellFraction: 18 } : layer,
    );
    const { saturations, layerSaturations } = runGolden(withStack(small, { layers }), input);
    expect(layerSaturations).toHaveLength(2);
    expect(layerSaturations[1]?.cell).toBeGreaterThan(layerSaturations[0]?.cell as number);
    for (const kind of ['gateInput', 'cellInput', 'cell', 'hidden'] as const) {
      const sum = layerSaturations.reduce((total, layer) => total + layer[kind], 0);
      expect([kind, saturations[kind]]).toEqual([kind, sum]);
    }
    const first = runGolden(withStack(small, { layers: layers.slice(0, 1), output: null }), input);
    expect(first.layerSaturations).toEqual(layerSaturations.slice(0, 1));
  });

  it('gives the last h where there is no output layer', () => {
    const model = withStack(small, { ...stackOf(small), output: null });
    const { width, outputs } = runGolden(model, framesOf(model, 1, 2, 4), (frame, index) => {
      if (index === 1) expect([...frame.outputs]).toEqual([...(frame.layers[1]?.value ?? [])]);
    });
    expect([width, outputs.length]).toEqual([4, 8]);
    expect(outputFractionBits(model)).toBe(12);
    expect(outputType(model)).toBe('int32');
  });

  it('decides by the largest output of the last frame, ties to the lowest class', () => {
    const outputs = Float64Array.of(9, 0, 0, 1, 5, 5, 0, 0, 0, -3, -2, -2);
    const decided = decisions({ outputs, width: 3 }, { lengths: equalLengths(2, 2) });
    expect([...decided]).toEqual([1, 1]);
    expect(correctDecisions(decided, Int32Array.of(1, 2))).toBe(1);
    const ragged = decisions({ outputs, width: 3 }, { lengths: Int32Array.of(1, 3) });
    expect([...ragged]).toEqual([0, 1]);
    const three = decisions({ outputs, width: 3 }, { lengths: Int32Array.of(3, 1) });
    expect([...three]).toEqual([0, 1]);
  });

  it('records h and c of every layer', () => {
    const input = framesOf(small, 2, 3, 6);
    const recorder = new StateRecorder(small, input);
    runGolden(small, input, (frame, index) => recorder.record(frame, index));
    const arrays = recorder.arrays();
    expect([...arrays.keys()]).toEqual(['h0', 'c0', 'h1', 'c1']);
    expect(arrays.get('c1')?.shape).toEqual([2, 3, 4]);
    const golden = new GoldenNetwork(small);
    const { layers } = golden.step(input.codes.subarray(0, 5));
    const c1 = arrays.get('c1')?.data as Int32Array;
    expect([...c1.slice(0, 4)]).toEqual([...(layers[1]?.state ?? [])]);
  });
});
