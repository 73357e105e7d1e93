import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { againstFloatSteps } from '../../../generator/golden/against-float.js';
import { measureSteps } from '../../../generator/golden/measure/measure.js';
import { outputFractionBits } from '../../../generator/golden/network.js';
import { remedySteps } from '../../../generator/golden/remedy.js';
import { runGolden } from '../../../generator/golden/run.js';
import { searchWords } from '../../../generator/golden/words/search.js';
import { heldOutFrames } from '../../../generator/network/compress/held-out.js';
import { prepareSteps } from '../../../generator/network/compress/prepare.js';
import { quantiseSteps } from '../../../generator/network/compress/quantise-network.js';
import { modelBytes, parseModel } from '../../../generator/network/compressed-model.js';
import type {
  FloatLayer,
  FloatMatrix,
  FloatModel,
} from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import type { Model, WordLengths } from '../../../generator/network/model.js';
import { codesFor } from '../../support/directed.js';
import {
  bidirectional,
  directed,
  identityOf,
  TORCH_CELLS,
  type TorchCell,
  type Way,
} from '../../support/float-directions.js';
import { realFrames } from '../../support/float-models.js';
import { refusal } from '../../support/refusal.js';

const file = 'net';
const LONG: WordLengths = { weight: 14, activation: 15, cell: 22, bias: 22 };
const request = { fill: false, dense: true, file };

const prepared = (source: FloatModel, seed: number, size = { utterances: 4, frames: 9 }) => {
  const inputs = source.layers[0]?.inputs as number;
  const frames = realFrames({ ...size, inputs }, seed);
  const heldOut = heldOutFrames(frames, file);
  return atOnce(prepareSteps(source, { ...request, frames, heldOut }));
};

const ways = ({ passes }: Model) => passes.map(({ direction, aligned }) => [direction, aligned]);

/** A forward layer, one that runs that way, and behind both the identity. */
function beside(cell: TorchCell, way: Way, seed: number): FloatModel {
  const random = new Random(seed);
  const size = { inputs: 4, cells: 5 };
  const forward = directed(cell, 'forward', size, [-1], random);
  const reverse = directed(cell, way, size, [-1], random);
  const width = (forward.at(-1) as FloatLayer).cells;
  const from = [forward.length - 1, 2 * forward.length - 1];
  return { layers: [...forward, ...reverse, identityOf(2 * width, from)], output: null };
}

describe.each(TORCH_CELLS)('compressed %s layers of both directions', (cell) => {
  it('have the directions of the network, and nearly its outputs', () => {
    const source = bidirectional(cell, { inputs: 4, cells: [5, 4], outputs: 3 }, 21);
    const ready = prepared(source, 22);
    const { model } = atOnce(
      quantiseSteps(ready, { words: LONG, tableBits: 16, provenance: {}, file }),
    );
    const passes = cell === 'gru-before' || cell === 'lstm-proj' ? 2 : 1;
    const layer = (direction?: 'backward') =>
      Array.from({ length: passes }, () => [direction, undefined]);
    const both = [...layer(), ...layer('backward')];
    expect(ways(model)).toEqual([...both, ...both, [undefined, undefined]]);
    expect(parseModel(modelBytes(model), 'm')).toEqual(model);
    const { error } = atOnce(
      againstFloatSteps(model, ready.calibration.outputs, ready.calibration.frames),
    );
    expect(error.relativeRms).toBeLessThan(0.004);
  });

  it.each(['backward', 'steps'] as const)('%s stand before the identity, which is exact', (way) => {
    const ready = prepared(beside(cell, way, 31), 32);
    const random = new Random(33);
    for (let trial = 0; trial < 12; trial++) {
      const words: WordLengths = {
        weight: random.between(2, 16),
        activation: random.between(4, 16),
        cell: random.between(12, 24),
        bias: random.between(4, 24),
      };
      const { model } = atOnce(quantiseSteps(ready, { words, provenance: {}, file }));
      const said = ways(model).slice(0, -1);
      expect(said.slice(said.length / 2)).toEqual(
        said.slice(said.length / 2).map(() => ['backward', way === 'steps' ? false : undefined]),
      );
      expectExact(model, trial);
    }
  });
});

/** The network with weights so small that a finer binary point would hold its values in calibration. */
function quiet({ layers, output }: FloatModel): FloatModel {
  const scaled = ({ name, values }: Pick<FloatMatrix, 'name' | 'values'>) => ({
    name,
    values: Float64Array.from(values, (v) => v / 5),
  });
  return {
    output,
    layers: layers.map((layer) => {
      const { h, initial } = layer;
      if (h === null) return layer;
      const start = initial && { h: scaled(initial.h), c: initial.c && scaled(initial.c) };
      const [x, bias] = [scaled(layer.x), scaled(layer.bias)];
      return { ...layer, x, h: scaled(h), bias, initial: start };
    }),
  };
}

/** The last pass writes what it reads, bit by bit, whatever the frames. */
function expectExact(model: Model, seed: number): void {
  const [f, b] = (model.passes.at(-1)?.operands[0]?.vectors ?? []).map((id) => id - 1);
  const frames = codesFor(model, [7, 1], new Random(seed));
  const made: { f: Int32Array; b: Int32Array }[] = [];
  const { outputs, width, layerSaturations } = runGolden(model, frames, ({ layers }) => {
    const of = (pass: number | undefined) => layers[pass as number]?.value as Int32Array;
    made.push({ f: of(f), b: of(b) });
  });
  const reversed = model.passes[b as number]?.aligned === false;
  made.forEach((own, t) => {
    const at = reversed && t < 7 ? 6 - t : t;
    const wanted = [...own.f, ...(made[at]?.b ?? [])];
    expect([...outputs.subarray(t * width, (t + 1) * width)]).toEqual(wanted);
  });
  expect(layerSaturations.at(-1)).toEqual({ gateInput: 0, cellInput: 0, cell: 0, hidden: 0 });
  // the identity is that of values too: both stand at one binary point
  const { words, passes } = model;
  const { valueFraction, operands } = passes.at(-1) as Model['passes'][number];
  expect(outputFractionBits(model)).toBe(valueFraction);
  const read = passes[f as number]?.valueFraction ?? words.activation - 1;
  expect(valueFraction).toBe(read);
  const one = 2 ** (operands[0]?.matrix.exponent as number);
  expect(Math.max(...(operands[0]?.matrix.codes ?? []))).toBe(one);
}

describe('words that are looked for', () => {
  it('leave the identity behind both directions exact', async () => {
    const source = quiet(beside('gru', 'steps', 41));
    const ready = prepared(source, 42, { utterances: 6, frames: 8 });
    const { frames, outputs, heldOut } = ready.calibration;
    const set = { frames, outputs, labels: null, heldOut };
    const measurer = {
      measure: async (model: Model) => atOnce(measureSteps(model, set)),
      width: 1,
      close: async () => undefined,
    };
    const target = { kind: 'error', limit: 0.02 } as const;
    const found = await searchWords(ready, measurer, { target, fixed: {}, formats: {}, file });
    expect(found.reached).toBe(true);
    const { table: tableBits, ...words } = found.words;
    const { formats } = found;
    const { model } = atOnce(
      quantiseSteps(ready, { words, tableBits, formats, provenance: {}, file }),
    );
    expectExact(model, 43);
  });

  it('to mend an error are measured on utterances that are cut short', () => {
    const source = bidirectional('gru', { inputs: 3, cells: [5], outputs: 3 }, 51);
    const ready = prepared(source, 52, { utterances: 1, frames: 500 });
    const words = { ...LONG, weight: 2 };
    const options = { words, formats: {}, limit: 0.05, file };
    const found = atOnce(remedySteps(ready, options));
    expect(found?.frames).toBe(400);
    // the same utterance where it ends after as many frames
    const { frames: all } = ready.calibration;
    const cut = { ...all, lengths: Int32Array.of(400), values: all.values.subarray(0, 1200) };
    const mended = { ...words, ...found?.words };
    const { model } = atOnce(quantiseSteps(ready, { words: mended, provenance: {}, file }));
    const outputs = atOnce(floatOutputSteps(source, cut));
    const { error } = atOnce(againstFloatSteps(model, outputs, cut));
    expect(error.relativeRms).toBe(found?.relativeRms);
  });
});

describe('a network whose layers do not agree in time', () => {
  it('is refused when it is quantised', () => {
    const source = beside('lstm', 'backward', 61);
    const ready = prepared(source, 62);
    const layers = source.layers.map((layer, l) =>
      l === 0 ? { ...layer, aligned: false as const } : layer,
    );
    const changed = { ...ready, source: { ...source, layers } };
    const report = refusal(() =>
      atOnce(quantiseSteps(changed, { words: LONG, provenance: {}, file })),
    );
    expect(report).toMatchObject({ code: 'MODEL_INVALID', field: 'pass.0.aligned', file });
  });
});
