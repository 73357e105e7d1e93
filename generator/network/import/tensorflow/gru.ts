import type { Builder } from './builder.js';
import { addOperator, type FoundLayer, type Gate } from './recurrent-operator.js';

/** Gates in the order of ONNX, as rows of W, R and B. */
const ORDER = ['z', 'r', 'n'] as const;

/** A GRU as every form of one in a file comes down to it. */
export interface FoundGru extends FoundLayer {
  readonly gates: Readonly<Record<'r' | 'z' | 'n', Gate>>;
  /** Where its reset gate stands: before the product of the recurrent matrix, or behind it. */
  readonly reset: 'before' | 'after';
}

/** Adds it as the operator GRU of ONNX. */
export function addGru(builder: Builder, gru: FoundGru): void {
  const gates = ORDER.map((gate) => gru.gates[gate]);
  const attributes = { linear_before_reset: gru.reset === 'after' ? 1 : 0 };
  addOperator(builder, gru, { op: 'GRU', gates, states: ['h'], attributes });
}
