import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { againstFloatSteps } from '../../../generator/golden/against-float.js';
import { compress } from '../../../generator/network/compress/compress.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { importKeras } from '../../../generator/network/import/keras/import-keras.js';
import { parseMap } from '../../../generator/network/import/map.js';
import { realFrames } from '../../support/float-models.js';
import { onnxFile } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { cellNode } from './support/cell-graph.js';
import { type CellLayer, randomCell, randomFrames, runCells } from './support/cell-reference.js';
import {
  cellLayer,
  h5Source,
  inputLayer,
  type Layer,
  layerJson,
  separateWeights,
} from './support/keras-files.js';
import { graphOf } from './support/lstm-graph.js';
import { EXACT } from './support/lstm-reference.js';

const random = new Random(19);
const drawn = randomCell(random, 'gru', 5, 4);
/** Its values grow, but not from frame to frame without end. */
const layer: CellLayer = {
  ...drawn,
  gates: drawn.gates.map((gate) => ({
    ...gate,
    R: gate.R.map((row) => row.map((one) => one / 4)),
  })),
};
const before = { ...layer, reset: 'before' } as const;
const RELU = { ...EXACT, tanh: (x: number) => Math.max(0, x) };
const keras = (one: Layer, version?: string) =>
  importKeras(
    h5Source([inputLayer(null, 5), one], undefined, version ? { version } : {}),
    'net.h5',
    parseMap([]),
    {},
  );

/** Outputs against the equations of a GRU whose tanh is a ReLU. */
function expectRelu({ model }: Imported, own: CellLayer): void {
  expect(model.layers.map(({ cell, reset }) => [cell, reset])).toEqual([['gru-relu', own.reset]]);
  const frames = randomFrames(5);
  const network = new FloatNetwork(model);
  const expected = runCells([own], null, frames, undefined, RELU).flat();
  const got = frames.flatMap((frame) => [...network.step(Float64Array.from(frame)).outputs]);
  expect(Math.max(...expected)).toBeGreaterThan(1);
  got.forEach((value, n) => {
    const other = expected[n] as number;
    expect(Math.abs(value - other)).toBeLessThan(1e-12 * Math.max(1, Math.abs(other)));
  });
}

describe.each([
  ['behind', layer],
  ['before', before],
] as const)('a GRU with ReLU, its reset %s the product', (_, own) => {
  it('is read from Keras', () => {
    expectRelu(keras(cellLayer(own, 'gru', { activation: 'relu' })), own);
  });

  it('is read from ONNX, and computes what ONNX Runtime computes', async () => {
    const attributes = { activations: ['Sigmoid', 'Relu'] };
    const graph = graphOf([cellNode(own, 0, 'x', { attributes })], { outputs: ['Y_0'], batch: 1 });
    const imported = importNetwork(onnxFile(graph), 'net.onnx');
    expectRelu(imported, own);
    expect(await disagreement(onnxFile(graph), imported, { x: [9, 1, 5] })).toBeNull();
    const clipped = { ...attributes, clip: { float: 3 } };
    const other = graphOf([cellNode(own, 0, 'x', { attributes: clipped })], { outputs: ['Y_0'] });
    expect(refusal(() => importNetwork(onnxFile(other), 'net.onnx'))).toMatchObject({
      ...{ code: 'LSTM_UNSUPPORTED', field: 'cell_0.clip', got: '3' },
    });
  });

  it('is computed as the float network has it, beyond one', () => {
    const { model: source } = keras(cellLayer(own, 'gru', { activation: 'relu' }));
    const frames = realFrames({ utterances: 3, frames: 20, inputs: 5 }, 8);
    const words = { weight: 14, activation: 15, cell: 18, bias: 18 };
    const options = { words, frames, fill: false, dense: true, provenance: {}, file: 'net' };
    const { model } = compress(source, { ...options, tableBits: 16 });
    const float = atOnce(floatOutputSteps(source, frames));
    expect(Math.max(...float.outputs)).toBeGreaterThan(1);
    expect(atOnce(againstFloatSteps(model, float, frames)).error.relativeRms).toBeLessThan(1e-3);
  });
});

it('a GRU with ReLU of Keras 1, with matrices for each gate', () => {
  const options = { output_dim: 4, activation: 'relu', inner_activation: 'sigmoid' };
  const old: Layer = {
    json: layerJson('GRU', 'gru', { ...options, return_sequences: true, consume_less: 'cpu' }),
    weights: separateWeights(before, 'gru'),
    path: '',
  };
  expectRelu(keras(old, '1.2.2'), before);
});

it('ReLU in the cell of an LSTM is refused', () => {
  const report = refusal(() =>
    keras({
      ...cellLayer(layer, 'one'),
      json: layerJson('LSTM', 'one', {
        units: 4,
        activation: 'relu',
        recurrent_activation: 'sigmoid',
      }),
    }),
  );
  expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'one.activation' });
});
