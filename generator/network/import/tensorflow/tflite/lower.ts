import { Builder } from '../builder.js';
import { unsupported } from '../errors.js';
import type { Lowered } from '../lowered.js';
import { Call, type Scope, valueName } from './call.js';
import { addLstmOperator } from './lstm-operator.js';
import { OPERATORS } from './operators.js';
import { addRnnOperator } from './rnn-operator.js';
import type { TfliteSubgraph } from './schema.js';
import { onnxType } from './tensors.js';

/** Recurrent operators of two directions, by the word of the field. */
const OTHER_LAYERS: Readonly<Record<string, string>> = {
  BIDIRECTIONAL_SEQUENCE_LSTM: 'bidirectional LSTM',
  BIDIRECTIONAL_SEQUENCE_RNN: 'bidirectional RNN',
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
    collected: builder.collected,
  };
}

/** Adds the operators and constants of a subgraph. */
export function lowerSubgraph(scope: Scope, depth = 0): void {
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
    } else if (operator.op === 'UNIDIRECTIONAL_SEQUENCE_RNN' || operator.op === 'RNN') {
      addRnnOperator(call);
    } else if (operator.op === 'WHILE' && addWhile(call, depth)) {
      // a loop
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

/** Loops inside of each other: more are no layers. */
const DEEPEST_LOOP = 3;

/** A loop, whose condition and body are subgraphs; false where they do not fit. */
function addWhile(call: Call, depth: number): boolean {
  const { scope, name, builder } = call;
  const graphs = [0, 1].map((field) => scope.subgraphs[call.options?.number(field, 'int32') ?? -1]);
  const [cond, body] = graphs;
  const own = call.inputs;
  if (cond === undefined || body === undefined || depth >= DEEPEST_LOOP) return false;
  if (body.inputs.length !== own.length || body.outputs.length !== own.length) return false;
  if (cond.inputs.length !== own.length || cond.outputs.length !== 1) return false;
  const inner = new Builder(builder.collected);
  const add = (graph: TfliteSubgraph, prefix: string): Scope => {
    const part = { ...scope, graph, prefix, builder: inner, dequantised: dequantised(graph) };
    graph.inputs.forEach((number, i) => {
      inner.part(name, 'Identity', [`${name}/before ${i}`], {}, valueName(part, number));
    });
    lowerSubgraph(part, depth + 1);
    return part;
  };
  const test = add(cond, `${name}/cond/`);
  const step = add(body, `${name}/body/`);
  const variables = own.map((start, i) => ({
    start,
    before: `${name}/before ${i}`,
    after: valueName(step, body.outputs[i] ?? -1),
    end: call.outputs[i] ?? '',
  }));
  const condition = valueName(test, cond.outputs[0] ?? -1);
  builder.loop({ name, of: [name], variables, condition, body: inner.items });
  return true;
}
