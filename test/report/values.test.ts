import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { atOnce } from '../../generator/base/steps.js';
import { runGolden } from '../../generator/golden/run.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { codesOf, frameArray } from '../../generator/network/data/frame-set.js';
import { FloatNetwork } from '../../generator/network/float/run.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { inputFormat } from '../../generator/network/frames.js';
import { importNetwork } from '../../generator/network/import/import.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { modelSummary } from '../../generator/network/summary.js';
import { Counter } from '../../generator/report/values/bins.js';
import { measureValues } from '../../generator/report/values/measured.js';
import { weightHistograms } from '../../generator/report/values/weights.js';
import { NETWORK } from '../../scripts/drawing/network.js';
import { runCli } from '../support/cli.js';

const EXAMPLE = 'examples/keyword-spotting';
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-values-'));
  const line = `compress ${EXAMPLE}/V16_q6.safetensors --calibrate ${EXAMPLE}/synth_frames.npy -o ${folder}/m.safetensors --quiet`;
  expect((await runCli(line.split(' '))).exitCode).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a histogram', () => {
  test('counts every code in its bin, and those at the ends', () => {
    const counter = new Counter({ name: 'w', fraction: 4, low: -32, high: 31 });
    counter.add([-32, -32, 0, 1, 31]);
    const { counts, values, least, largest, atEnds, step, first } = counter.histogram();
    expect({ values, least, largest, atEnds, step, first }).toEqual({
      ...{ values: 5, least: -32, largest: 31, atEnds: 3, step: 1, first: -32 },
    });
    expect([counts[0], counts[32], counts[33], counts[63]]).toEqual([2, 1, 1, 1]);
  });

  test('of long words has bins of neighbouring codes, zero at the start of one', () => {
    const counter = new Counter({ name: 'c', fraction: 8, low: -32768, high: 32767 });
    counter.add([-1, 0, 1023, 1024]);
    const { counts, step, first } = counter.histogram();
    expect(step).toBe(1024);
    const at = (code: number) => counts[Math.floor((code - first) / step)];
    expect([at(-1), at(0), at(1024)]).toEqual([1, 2, 1]);
    expect(counts).toHaveLength(64);
  });

  test('has no code that its format does not have', () => {
    const counter = new Counter({ name: 'h', fraction: 12, low: 0, high: 15 });
    expect(() => counter.add([-1])).toThrow('h: expected a code from 0 to 15, got -1');
  });
});

test.each(['shared', 'per-gate'] as const)(
  'weights that are counted are the kept ones, %s',
  (sharing) => {
    const model = randomModel({
      ...{ ...NETWORK, inputs: 10, hidden: [12, 8], outputs: 3, seed: 5 },
      patterns: [{ kind: 'mask', rate: 3, balance: 'equal' }],
      ...{ cell: ['gru', 'lstm'], sharing },
    });
    const { layers, output } = modelSummary(model);
    const kept = layers.flatMap(({ x, h }) => [x.kept, ...(h ? [h.kept] : [])]);
    const all = weightHistograms(model).filter(({ name }) => name.startsWith('W_'));
    const dense = (output?.inputs ?? 0) * (output?.outputs ?? 0);
    expect(all.map(({ values }) => values)).toEqual([...kept, dense]);
  },
);

function keyword() {
  const model = parseModel(readFileSync(join(folder, 'm.safetensors')), 'm');
  const file = `${EXAMPLE}/synth_frames.npy`;
  const set = frameArray(readNpy(readFileSync(file), file), { inputs: 64, file });
  const labels = Int32Array.from(
    readNpy(readFileSync(`${EXAMPLE}/synth_labels.npy`), 'l').data as ArrayLike<number>,
  );
  const name = `${EXAMPLE}/V16_q6.safetensors`;
  const float = { model: importNetwork(readFileSync(name), name, {} as never).model, file: name };
  return { model, set, labels, float };
}

describe('what is measured on frames', () => {
  test('is what golden model and float network compute', () => {
    const { model, set, labels, float } = keyword();
    const measured = atOnce(measureValues(model, { set, labels, float, tick: () => undefined }));
    expect(measured.frames).toBe(800);
    expect(measured.accuracy).toMatchObject({ correct: 32, utterances: 32, floatCorrect: 32 });
    const frames = codesOf(set, inputFormat(model));
    // the second layer, once more by hand
    const network = new FloatNetwork(float.model);
    const { fraction } = programOf(model).passes[1]!.writes;
    let [squares, first, largest] = [0, 0, 0];
    let u = 0;
    let left = frames.lengths[0] as number;
    runGolden(model, frames, ({ layers }, index) => {
      if (left === 0) {
        network.reset();
        left = frames.lengths[++u] as number;
      }
      left--;
      const { h } = network.step(set.values.subarray(64 * index, 64 * index + 64)).layers[1]!;
      const errors = [...layers[1]!.value].map((code, row) => code * 2 ** -fraction - h[row]!);
      const own = errors.reduce((sum, error) => sum + error * error, 0);
      squares += own;
      largest = Math.max(largest, ...errors.map(Math.abs));
      if (index === 24) first = Math.sqrt(own / errors.length);
    });
    const [, second] = measured.errors!;
    expect(second!.rms).toBeCloseTo(Math.sqrt(squares / 800 / 128), 8);
    expect(second!.largest).toBeCloseTo(largest, 6);
    expect(second!.frames).toHaveLength(25);
    expect(second!.frames[24]).toBeCloseTo(first, 8);
  });

  test('counts every state and value of every frame', () => {
    const { model, set } = keyword();
    const { histograms, saturations } = atOnce(
      measureValues(model, { set, labels: null, float: null, tick: () => undefined }),
    );
    expect(histograms.map(({ name, values }) => [name, values])).toEqual([
      ['inputs', 800 * 64],
      ['c of layer 0', 800 * 128],
      ['h of layer 0', 800 * 128],
      ['c of layer 1', 800 * 128],
      ['h of layer 1', 800 * 128],
    ]);
    const run = runGolden(model, codesOf(set, inputFormat(model)));
    expect(saturations).toEqual(run.layerSaturations.map((one, layer) => ({ layer, ...one })));
  });

  test('refuses another network as the float one', () => {
    const { model, set, float } = keyword();
    const layers = float.model.layers.slice(0, 1);
    const shorter = { ...float, model: { ...float.model, layers } };
    const wrong = () =>
      atOnce(measureValues(model, { set, labels: null, float: shorter, tick: () => undefined }));
    expect(wrong).toThrow(UserError);
    expect(wrong).toThrow('not the network that the model was made of');
  });
});
