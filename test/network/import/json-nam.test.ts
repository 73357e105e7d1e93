import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { readNpy } from '../../../generator/network/formats/npy.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { jsonBytes, readJson } from './support/json-networks.js';

const SEED = 5;
const config = { input_size: 2, hidden_size: 3, num_layers: 2 };

/** A flat list with as many numbers as the sizes ask for. */
function weightsFor({ input_size: inputs, hidden_size: cells, num_layers: layers }: typeof config) {
  const random = new Random(SEED);
  const layer = (n: number) => 4 * cells * (n + cells + 1) + 2 * cells;
  const length = layer(inputs) + (layers - 1) * layer(cells) + cells + 1;
  return Array.from({ length }, () => 2 * random.unit() - 1);
}

const nam = (changes: object = {}) => ({
  version: '0.5.4',
  metadata: null,
  architecture: 'LSTM',
  config,
  weights: weightsFor(config),
  ...changes,
});

/** As NAM/lstm.cpp reads and runs it: the list is an iterator, x and h are one vector, gates are i, f, g, o. */
function asNam(
  { weights, config: { input_size, hidden_size: n, num_layers } }: ReturnType<typeof nam>,
  frames: readonly (readonly number[])[],
): number[] {
  let at = 0;
  const next = () => weights[at++] as number;
  const list = (length: number) => Array.from({ length }, next);
  const cells = Array.from({ length: num_layers }, (_, l) => {
    const columns = (l === 0 ? input_size : n) + n;
    const w = Array.from({ length: 4 * n }, () => list(columns));
    return { w, b: list(4 * n), h: list(n), c: list(n) };
  });
  const [head, bias] = [list(n), next()];
  expect(at).toBe(weights.length);
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
  return frames.map((frame) => {
    let x = frame;
    for (const cell of cells) {
      const xh = [...x, ...cell.h];
      const sums = cell.w.map((row, i) => dot(row, xh) + (cell.b[i] as number));
      const gate = (k: number, i: number) => sums[k * n + i] as number;
      cell.c = cell.c.map(
        (c, i) => sigmoid(gate(1, i)) * c + sigmoid(gate(0, i)) * Math.tanh(gate(2, i)),
      );
      cell.h = cell.c.map((c, i) => sigmoid(gate(3, i)) * Math.tanh(c));
      x = cell.h;
    }
    return dot(head, x) + bias;
  });
}

describe('a .nam file', () => {
  it('is computed as Neural Amp Modeler does, from its learned states', () => {
    const random = new Random(SEED);
    const frames = Array.from({ length: 40 }, () => [random.unit() - 0.5, random.unit() - 0.5]);
    const { model, taken, leftOut, notes, format } = readJson(nam());
    expect(format).toBe('json');
    expect(taken).toHaveLength(12);
    expect(leftOut).toEqual([]);
    expect(notes.join()).toContain('learned h and c');
    const network = new FloatNetwork(model);
    const expected = asNam(nam(), frames);
    for (const again of [0, 1]) {
      network.reset();
      frames.forEach((frame, t) => {
        const [own = Number.NaN] = network.step(Float64Array.from(frame)).outputs;
        expect(Math.abs(own - (expected[t] as number)), `${again}`).toBeLessThan(1e-12);
      });
    }
  });

  it('without its head, and with states of zeros', () => {
    const { model, headLeftOut, leftOut, notes } = readJson(nam(), 'fc=none');
    expect([model.output, headLeftOut, leftOut.length]).toEqual([null, true, 2]);
    expect(notes.at(-1)).toContain('left out');
    const zeros = readJson(nam({ weights: weightsFor(config).fill(0) }));
    expect(zeros.model.layers.map(({ initial }) => initial)).toEqual([undefined, undefined]);
    expect(zeros.notes.join()).not.toContain('learned');
  });

  it.each([
    ['WaveNet', { architecture: 'WaveNet', config: { layers: [] } }, 'NOT_AN_LSTM', 'architecture'],
    ['ConvNet', { architecture: 'ConvNet' }, 'NOT_AN_LSTM', 'architecture'],
    ['a number short', { weights: weightsFor(config).slice(1) }, 'TENSOR_SHAPE', 'weights'],
    ['a number more', { weights: [...weightsFor(config), 1] }, 'TENSOR_SHAPE', 'weights'],
    ['a word', { weights: ['x'] }, 'TENSOR_NOT_FINITE', 'weights'],
    ['no weights', { weights: undefined }, 'JSON_FIELD', 'weights'],
    ['no size', { config: { ...config, hidden_size: 0.5 } }, 'JSON_FIELD', 'config.hidden_size'],
    ['many cells', { config: { ...config, hidden_size: 1e9 } }, 'JSON_FIELD', 'config.hidden_size'],
    ['channels', { config: { ...config, in_channels: 1 } }, 'JSON_FIELD', 'config.in_channels'],
    ['more', { config: { ...config, bidirectional: true } }, 'JSON_FIELD', 'config.bidirectional'],
    ['another field', { head: {} }, 'JSON_FIELD', 'head'],
  ])('is refused: %s', (_, changes, code, field) => {
    expect(refusal(() => readJson(nam(changes)))).toMatchObject({ code, field, file: 'net.json' });
  });

  it('refuses other maps, and shows what is in a file that is not taken', () => {
    expect(refusal(() => readJson(nam(), 'lstm=x')).code).toBe('BAD_MAP');
    const parts = (value: unknown) => contentsOf(jsonBytes(value), 'a.nam').map(({ what }) => what);
    expect(parts(nam({ architecture: 'WaveNet' }))).toEqual(['WaveNet of Neural Amp Modeler']);
    expect(parts(nam())[0]).toBe('LSTM, 2 inputs, 2 layers of 3 cells');
  });
});

const zoo = resolve(packageRoot, '../shared/data/zoo');

describe.skipIf(!existsSync(zoo))('a published .nam file', () => {
  it('is taken as it is', () => {
    const bytes = readFileSync(resolve(zoo, 'lstm.nam'));
    const frames = readNpy(readFileSync(resolve(zoo, 'nam_frames.npy')), 'f');
    const { model, notes } = importNetwork(bytes, 'lstm.nam');
    expect(notes[0]).toBe('a frame is one sample of audio at 48000 Hz, full scale ±1');
    const inputs = [...frames.data.subarray(0, 1500)].map((x) => [x]);
    const expected = asNam(JSON.parse(bytes.toString()), inputs);
    const network = new FloatNetwork(model);
    inputs.forEach((frame, t) => {
      const [own = Number.NaN] = network.step(Float64Array.from(frame)).outputs;
      expect(Math.abs(own - (expected[t] as number))).toBeLessThan(1e-12);
    });
  });
});
