import type { FloatLayer } from '../../float/model.js';
import type { Constants } from './constants.js';
import type { Graph } from './graph.js';
import type { DenseFunction, DenseSource, Signal, Sums, Way } from './meaning.js';
import { outputLayer } from './output-layer.js';

const LINEAR: DenseFunction = { cell: 'dense-linear' };
const SIGMOID: DenseFunction = { cell: 'dense-sigmoid' };

/** h of the layer that is those sums and a function, at the end of `way`. */
export function denseSignal(sums: Sums, own: DenseFunction, way: Way | null): Signal {
  const { node } = sums.dense;
  const from: DenseSource = {
    kind: 'dense',
    label: node.label,
    sums,
    function: own,
    way,
  };
  return { kind: 'h', from, axes: sums.axes, affine: null, way: null };
}

/**
 * The sums, for who computes on: h of a layer without a function, or with the sigmoid that followed; null behind a
 * softmax, for which there is no hardware.
 */
export function signalOf(sums: Sums): Signal | null {
  if (sums.final === null) return denseSignal(sums, LINEAR, sums.way);
  return sums.final.op === 'Sigmoid' ? denseSignal(sums, SIGMOID, sums.way) : null;
}

/**
 * The layer of the network: weights [outputs x inputs] with what constants did before and behind.
 * @throws UserError as `outputLayer`
 */
export function denseLayer(
  { sums, function: { cell, range } }: DenseSource,
  graph: Graph,
  constants: Constants,
): FloatLayer {
  const { inputs, outputs, weights, bias } = outputLayer(sums, graph, constants);
  return { cell, inputs, cells: outputs, x: weights, h: null, bias, ...(range && { range }) };
}
