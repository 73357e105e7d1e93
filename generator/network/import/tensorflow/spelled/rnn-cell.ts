import type { LoweredNode } from '../lowered.js';
import type { Gate } from '../recurrent-operator.js';
import type { RnnFunction } from '../rnn.js';
import { constantsOf, gateOf, inputsOf, type Step } from './cell.js';
import { linearOf } from './linear.js';
import type { Values } from './values.js';

/** One step of an RNN, whatever operators it is made of. */
export interface RnnCell extends Step {
  readonly kind: 'rnn';
  readonly function: RnnFunction;
  readonly gate: Gate;
}

const FUNCTIONS: Readonly<Record<string, RnnFunction>> = { Tanh: 'Tanh', Relu: 'Relu' };

/**
 * The step h = f(W x + U h' + b) whose h a node computes (BasicRNNCell of TensorFlow, SimpleRNN of Keras), where `h` is the value
 * of h of the step before; null where it is none.
 */
export function rnnCellOf(node: LoweredNode, h: string, values: Values): RnnCell | null {
  const own = FUNCTIONS[node.op];
  const sums = own && linearOf(node.inputs[0] ?? '', values);
  if (own === undefined || !sums) return null;
  const sources = new Set(sums.terms.flatMap((term) => term.sources));
  const [x, ...more] = [...sources].filter((source) => source !== h);
  if (!sources.has(h) || x === undefined || more.length > 0) return null;
  const cells = sums.width;
  const inputs = inputsOf([sums], x, cells);
  if (inputs === null) return null;
  values.reserve(cells * (inputs + cells + 1), node.name);
  return {
    kind: 'rnn',
    h: node.outputs[0] ?? '',
    c: '',
    before: { h, c: '' },
    ...{ x, inputs, cells, function: own },
    gate: gateOf(sums, x, inputs, cells),
    ...constantsOf([sums], values),
  };
}
