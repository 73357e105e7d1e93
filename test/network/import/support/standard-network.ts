import { Random } from '../../../../generator/base/random.js';
import { ints, node, tensor } from '../../../support/onnx.js';
import { graphOf, linearTensor, lstm, type Parts } from './lstm-graph.js';
import { randomLayer, randomLinear } from './lstm-reference.js';
import type { Case } from './same-network.js';

/** The network of most tests: 5 inputs, layers of 4 and 3 cells, 2 outputs. */
export const random = new Random(8);
export const first = randomLayer(random, 5, 4);
export const second = randomLayer(random, 4, 3);
export const layers = [first, second];
export const linear = randomLinear(random, 3, 2);

/** Nodes and tensors without an LSTM. */
export const parts = (nodes: Parts['nodes'], tensors: Parts['tensors'] = {}): Parts => ({
  nodes,
  tensors,
});

/** Takes an axis of length one away, by default [frames, 1, batch, cells] to [frames, batch, cells]. */
export const squeezed = (from: string, to: string, axis = 1): Parts =>
  parts([node('Squeeze', [from, `${to}_axes`], [to])], { [`${to}_axes`]: ints(axis) });

/** Both layers as PyTorch exports them, up to `h` [frames, batch, cells]. */
export const two: readonly Parts[] = [
  lstm(first, 0, 'x'),
  squeezed('Y_0', 's_0'),
  lstm(second, 1, 's_0'),
  squeezed('Y_1', 'h'),
];
/** `h` to `rows` [frames * batch, cells]. */
export const rows = parts([node('Reshape', ['h', 'rows_shape'], ['rows'])], {
  rows_shape: ints(-1, 3),
});
export const gemmTensors = { F: linearTensor(linear, 'outputs'), b: tensor([2], linear.b) };
/** `rows` to the sums `y`. */
export const gemm = parts(
  [node('Gemm', ['rows', 'F', 'b'], ['y'], { transB: 1 }, 'head')],
  gemmTensors,
);

export const outputs = ['y'];
export const full = { layers, linear, sums: 'y' } as const;

/** Both layers and what follows on `h`. */
export const withHead = (head: readonly Parts[]): Case => ({
  ...full,
  graph: graphOf([...two, ...head], { outputs }),
});
