import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { GraphProto, ModelProto } from './messages.js';
import { type Node, operatorOf } from './node.js';

const OTHER_LAYERS = new Set(['GRU', 'RNN', 'com.microsoft.DynamicQuantizeLSTM']);

const ONLY =
  'LSTM as the only recurrent layer (there is no hardware for others yet: train the network with float LSTM layers)';

/**
 * The LSTM nodes of the main graph; every other recurrent layer of the file is refused.
 * @throws UserError LSTM_UNSUPPORTED for GRU, RNN, quantised LSTM, and LSTM inside a branch, loop or function;
 * NOT_AN_LSTM (with the operators found) when there is no LSTM.
 */
export function lstmNodes(graph: Graph, { functions }: ModelProto): readonly Node[] {
  const { file, nodes } = graph;
  const fail = (field: string, expected: string, got: string) =>
    onnxError(file, 'LSTM_UNSUPPORTED', field, expected, got);
  for (const { label, op, attributes } of nodes) {
    if (OTHER_LAYERS.has(op)) throw fail(label, ONLY, op);
    for (const { g, graphs } of attributes) {
      for (const inner of g ? [g, ...graphs] : graphs) {
        const found = recurrentIn(inner);
        if (found === null) continue;
        throw fail(
          label,
          'recurrent layers in the main graph',
          `${found} inside a graph of this ${op}`,
        );
      }
    }
  }
  for (const { name = '', node } of functions) {
    const found = node.map(operatorOf).find(isRecurrent);
    if (found === undefined) continue;
    throw fail(`function ${name}`, 'recurrent layers in the main graph', `${found} in a function`);
  }
  const lstms = nodes.filter(({ op }) => op === 'LSTM');
  if (lstms.length > 0) return lstms;
  const expected = 'a node of operator LSTM';
  throw onnxError(file, 'NOT_AN_LSTM', 'graph', expected, `${operators(nodes)}${hint(nodes)}`);
}

const isRecurrent = (op: string) => op === 'LSTM' || OTHER_LAYERS.has(op);

/** The first recurrent operator of a graph or of a graph inside it. */
function recurrentIn({ node }: GraphProto): string | null {
  for (const one of node) {
    if (isRecurrent(operatorOf(one))) return operatorOf(one);
    for (const { g, graphs } of one.attribute) {
      for (const inner of g ? [g, ...graphs] : graphs) {
        const found = recurrentIn(inner);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

const SHOWN = 12;

/** `12 MatMul, 6 Sigmoid, ...`, the most frequent ones first. */
function operators(nodes: readonly Node[]): string {
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, SHOWN).map(([op, count]) => `${count} ${op}`);
  if (sorted.length > SHOWN) shown.push('...');
  return shown.join(', ') || 'no nodes';
}

/** An LSTM can be written as products, gates and element-wise operators; this program does not put it together. */
function hint(nodes: readonly Node[]): string {
  const has = (...ops: string[]) => nodes.some(({ op }) => ops.includes(op));
  const spelled = has('MatMul', 'Gemm') && has('Sigmoid') && has('Tanh');
  return spelled ? '; an LSTM may be spelled out in them, export it as one operator' : '';
}
