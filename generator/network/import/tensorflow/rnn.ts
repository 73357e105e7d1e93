import type { Builder } from './builder.js';
import { addOperator, type FoundLayer, type Gate } from './recurrent-operator.js';

/** What the sums of an RNN go through, by the names of ONNX. */
export type RnnFunction = 'Tanh' | 'Relu';

/** An RNN as every form of one in a file comes down to it. */
export interface FoundRnn extends FoundLayer {
  readonly gate: Gate;
  readonly function: RnnFunction;
}

/** Adds it as the operator RNN of ONNX. */
export function addRnn(builder: Builder, rnn: FoundRnn): void {
  const attributes = { activations: [rnn.function] };
  addOperator(builder, rnn, { op: 'RNN', gates: [rnn.gate], states: ['h'], attributes });
}
