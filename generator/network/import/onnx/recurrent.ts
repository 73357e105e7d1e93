import { UserError } from '../../../base/errors.js';
import { badMap } from '../map.js';
import { cellOfOperator, graphsIn, recurrentParts } from './contents.js';
import { onnxError } from './errors.js';
import { branchOptions } from './expand/branches.js';
import type { Graph } from './graph.js';
import { isLayer } from './layer-operators.js';
import type { GraphProto, ModelProto } from './messages.js';
import { type Node, operatorOf } from './node.js';

const ONLY =
  'LSTM, GRU or RNN in floating point (there is no hardware for other recurrent layers yet: train the network with these';
const CHOOSE = '--map lstm=NODE[,NODE] takes some of several';

/** What is said about the recurrent layers of a file. */
export interface Wanted {
  /** What is nearly an LSTM in small operators. */
  readonly missed: readonly string[];
  /** Why loops with recurrent layers in them are not taken. */
  readonly loops: readonly UserError[];
  /** The nodes that the user names, separated by commas; all others are operators like any. */
  readonly lstm?: string | undefined;
}

/**
 * The recurrent nodes of the main graph that there is hardware for, which may be none; every other recurrent layer of the file is refused unless the user names others.
 * @throws UserError LSTM_UNSUPPORTED for a quantised LSTM, and layers inside a branch, loop or function;
 * BAD_MAP for a name that no recurrent layer has.
 */
export function recurrentNodes(
  graph: Graph,
  { functions, graph: proto }: ModelProto,
  { missed, loops, lstm }: Wanted,
): readonly Node[] {
  const { file, nodes } = graph;
  const fail = (field: string, expected: string, got: string) =>
    listed(onnxError(file, 'LSTM_UNSUPPORTED', field, expected, got), proto);
  const all = nodes.filter(({ op }) => cellOfOperator(op) !== undefined);
  if (lstm !== undefined) return chosen(lstm.split(','), all, fail, file);
  const [loop] = loops;
  if (loop !== undefined) throw listed(loop, proto);
  for (const node of nodes) {
    const other = otherCell(node);
    if (other !== null) throw fail(node.label, `${ONLY}; ${CHOOSE})`, other);
    const found = graphsIn(node).flatMap(([, inner]) => recurrentIn(inner) ?? []);
    if (found[0] === undefined) continue;
    const got = `${found[0]} inside a graph of this ${node.op}`;
    throw fail(node.label, inMainGraph(node), got);
  }
  for (const { name = '', node } of functions) {
    const found = node.map(operatorOf).find((op) => cellOfOperator(op) !== undefined);
    if (found === undefined) continue;
    throw fail(`function ${name}`, 'recurrent layers in the main graph', `${found} in a function`);
  }
  const [almost] = missed;
  // below or above a layer that is spelled out another one would be left out
  if (almost !== undefined && all.every(({ parts }) => parts !== undefined)) {
    throw fail(
      'graph',
      'a node of operator LSTM, GRU or RNN, or an LSTM in small operators with sigmoid and tanh, all weights of x and h constants',
      almost,
    );
  }
  return all;
}

/** The error for a graph without layers. */
export function noLayers({ file, nodes }: Graph): Error {
  const ifs = nodes.filter(({ op }) => op === 'If').map(({ label }) => branchOptions(label));
  const expected = [
    'a node of operator LSTM, GRU or RNN',
    ...ifs,
    'fully connected layers on an input of the graph',
  ].join(', or ');
  return onnxError(file, 'NOT_AN_LSTM', 'graph', expected, `${operators(nodes)}${hint(nodes)}`);
}

/** The cell of a recurrent node that there is no hardware for. */
function otherCell({ op }: Node): string | null {
  const cell = cellOfOperator(op);
  return cell === undefined || isLayer(op) ? null : cell;
}

function chosen(
  names: readonly string[],
  all: readonly Node[],
  fail: (field: string, expected: string, got: string) => Error,
  file: string,
): readonly Node[] {
  const found = new Map(all.map((node) => [node.label, node]));
  const odd = names.find((name) => !found.has(name));
  if (odd !== undefined) {
    const expected =
      [...found.keys()].join(', ') || 'none, as no recurrent layer is in the main graph';
    throw badMap(`lstm=NODE, of ${expected}`, `lstm=${odd}`, file);
  }
  const nodes = all.filter(({ label }) => names.includes(label));
  for (const node of nodes) {
    const other = otherCell(node);
    if (other !== null) throw fail(node.label, `${ONLY})`, other);
  }
  return nodes;
}

/** The refusal, with the recurrent layers of the file below it where there are several. */
function listed(error: UserError, graph: ModelProto['graph']): UserError {
  const parts = graph ? recurrentParts(graph) : [];
  if (parts.length < 2) return error;
  const lines = parts.slice(0, MOST_LISTED).map(({ name, what }) => `  ${name}: ${what}`);
  const details = ['recurrent layers of the file:', ...lines];
  if (parts.length > MOST_LISTED) details.push(`  and ${parts.length - MOST_LISTED} more`);
  return new UserError({ ...error.report, details });
}

const MOST_LISTED = 40;

function inMainGraph(node: Node): string {
  const main = 'recurrent layers in the main graph';
  return node.op === 'If' ? `${main}: ${branchOptions(node.label)} takes a branch` : main;
}

/** The first recurrent operator of a graph or of a graph inside it. */
function recurrentIn({ node }: GraphProto): string | null {
  for (const one of node) {
    const cell = cellOfOperator(operatorOf(one));
    if (cell !== undefined) return cell;
    for (const [, inner] of graphsIn({ attributes: one.attribute })) {
      const found = recurrentIn(inner);
      if (found !== null) return found;
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
