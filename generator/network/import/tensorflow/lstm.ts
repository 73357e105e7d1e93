import type { Builder } from './builder.js';
import { addOperator, type FoundLayer, type Gate } from './recurrent-operator.js';

/** Gates in the order of ONNX, as rows of W, R and B. */
const ORDER = ['i', 'o', 'f', 'g'] as const;
/** Gates in the order of P. */
const PEEPHOLES = ['i', 'o', 'f'] as const;

/** An LSTM as every form of one in a file comes down to it. */
export interface FoundLstm extends FoundLayer {
  readonly gates: Readonly<Record<'i' | 'f' | 'g' | 'o', Gate>>;
}

/** Adds it as the operator LSTM of ONNX. */
export function addLstm(builder: Builder, lstm: FoundLstm): void {
  const gates = ORDER.map((gate) => lstm.gates[gate]);
  const peepholes = PEEPHOLES.map((gate) => lstm.gates[gate]);
  addOperator(builder, lstm, { op: 'LSTM', gates, states: ['h', 'c'], peepholes, attributes: {} });
}
