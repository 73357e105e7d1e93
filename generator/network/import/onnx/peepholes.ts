import type { FloatLayer } from '../../float/model.js';
import { inOurOrder } from '../gates.js';

/** Gates of P in the order of the peepholes of a cell: i, f, o out of i, o, f (https://onnx.ai/onnx/operators/onnx__LSTM.html). */
const ORDER = [0, 2, 1] as const;

/**
 * An LSTM with the weights P [i, o, f][cell] of its state in its gates: they stand behind the biases. Zeros are none.
 */
export function withPeepholes<L extends Pick<FloatLayer, 'cell' | 'cells' | 'bias'>>(
  layer: L,
  peepholes: Float64Array | null,
): L | (Omit<L, 'cell'> & { readonly cell: 'lstm-peephole' }) {
  if (peepholes === null || peepholes.every((one) => one === 0)) return layer;
  const { bias, cells } = layer;
  const values = new Float64Array(bias.values.length + peepholes.length);
  values.set(bias.values);
  values.set(inOurOrder(peepholes, ORDER, cells), bias.values.length);
  return { ...layer, cell: 'lstm-peephole', bias: { name: bias.name, values } };
}
