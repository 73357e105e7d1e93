import { expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { onnxFile, tensor } from '../../support/onnx.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { gemm, parts, rows, squeezed } from './support/standard-network.js';

const random = new Random(37);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)] as const;
const numbers = (count: number) =>
  Array.from({ length: count }, () => random.between(-99, 99) / 64);

it.each([
  ['sigmoids', {}],
  ['hard sigmoids', { activations: ['HardSigmoid', 'Tanh', 'Tanh'] }],
])('peepholes of ONNX with %s are as ONNX Runtime has them', async (_, attributes) => {
  const constants = parts([], {
    h0: tensor([1, 1, 4], numbers(4)),
    c0: tensor([1, 1, 4], numbers(4)),
    P0: tensor([1, 12], numbers(12)),
    P1: tensor([1, 9], numbers(9)),
  });
  const graph = graphOf(
    [
      constants,
      lstm(layers[0], 0, 'x', { attributes, inputs: ['', 'h0', 'c0', 'P0'] }),
      squeezed('Y_0', 's'),
      lstm(layers[1], 1, 's', { attributes, inputs: ['', '', '', 'P1'] }),
      squeezed('Y_1', 'h'),
      rows,
      gemm,
    ],
    { outputs: ['y'], batch: 1 },
  );
  const imported = importNetwork(onnxFile(graph), 'net.onnx');
  expect(imported.model.layers.map(({ cell }) => cell)).toEqual(['lstm-peephole', 'lstm-peephole']);
  expect(imported.taken).toEqual(expect.arrayContaining(['P0', 'P1']));
  expect(
    await disagreement(onnxFile(graph), imported, { x: [9, 1, 5] }, { limit: 1e-5 }),
  ).toBeNull();
});
