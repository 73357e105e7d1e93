import { Builder } from '../builder.js';
import { unsupported } from '../errors.js';
import type { Lowered } from '../lowered.js';
import { Call, type Scope, valueName } from './call.js';
import { addLstmOperator } from './lstm-operator.js';
import { OPERATORS } from './operators.js';
import type { TfliteSubgraph } from './schema.js';
import { onnxType } from './tensors.js';

/** Recurrent operators that are no LSTM of one direction, by the word of the field. */
const OTHER_LAYERS: Readonly<Record<string, string>> = {
  BIDIRECTIONAL_SEQUENCE_LSTM: 'bidirectional LSTM',
  BIDIRECTIONAL_SEQUENCE_RNN: 'bidirectional RNN',
  UNIDIRECTIONAL_SEQUENCE_RNN: 'RNN',
  RNN: 'RNN',
};

/** The first subgraph in ONNX's operators. @throws UserError what its LSTMs or constants throw */
export function lowerTflite(subgraphs: readonly TfliteSubgraph[], file: string): Lowered {
  const builder = new Builder();
  const graph = subgraphs[0] as TfliteSubgraph;
  const scope: Scope = {
    file,
    subgraphs,
    graph,
    prefix: '',
    builder,
    dequantised: dequantised(graph),
  };
  lowerSubgraph(scope);
  return {
    inputs: graph.inputs.map((number) => ({
      name: valueName(scope, number),
      shape: graph.tensors[number]?.signature ?? null,
    })),
    outputs: graph.outputs.map((number) => valueName(scope, number)),
    items: builder.items,
    constants: builder.constants,
    shapes: builder.shapes,
    notes: builder.notes,
  };
}

/** Adds the operators and constants of a subgraph. */
export function lowerSubgraph(scope: Scope): void {
  const { graph, builder, file } = scope;
  graph.tensors.forEach((tensor, number) => {
    const name = valueName(scope, number);
    if (tensor.data === null) {
      builder.shapes.set(name, tensor.signature);
      return;
    }
    const { shape, data: raw } = tensor;
    const type = tensor.odd === null ? onnxType(tensor) : 0;
    builder.constants.set(name, { type, shape, raw, of: [name] });
  });
  for (const operator of graph.operators) {
    const call = new Call(scope, operator);
    const other = OTHER_LAYERS[operator.op];
    if (other !== undefined) throw unsupported(file, call.name, other);
    if (operator.op === 'UNIDIRECTIONAL_SEQUENCE_LSTM' || operator.op === 'LSTM') {
      addLstmOperator(call);
    } else if (!OPERATORS[operator.op]?.(call)) call.opaque();
  }
}

/** Which results of DEQUANTIZE are constants as they are stored. */
export function dequantised(graph: TfliteSubgraph): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { op, inputs, outputs } of graph.operators) {
    const [from = -1, to = -1] = [inputs[0], outputs[0]];
    if (op === 'DEQUANTIZE' && graph.tensors[from]?.data != null) found.set(to, from);
  }
  return found;
}
