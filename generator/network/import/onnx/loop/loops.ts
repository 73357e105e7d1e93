import { UserError } from '../../../../base/errors.js';
import { cellOfOperator, graphsIn } from '../contents.js';
import { onnxError } from '../errors.js';
import type { Graph, Producer } from '../graph.js';
import type { LayerNode } from '../layer-node.js';
import type { GraphProto } from '../messages.js';
import { type Node, operatorOf } from '../node.js';
import { layersOf } from './body.js';
import { loopForm } from './loop.js';
import { scanForm } from './scan.js';
import type { Scope } from './scope.js';

/** Loops of a graph that are looked into: networks have one for each layer. */
const MAX_LOOPS = 64;

/** A graph in which nodes stand for the layers that loops over the frames compute. */
export interface Unrolled {
  readonly graph: Graph;
  /** The layers of these nodes. */
  readonly layers: ReadonlyMap<Node, LayerNode>;
  /** Why loops that have recurrent layers in them are not taken. */
  readonly missed: readonly UserError[];
}

/** Finds the Scans and Loops of a graph whose body is one step of recurrent layers. @throws UserError IMPORT_TOO_LARGE */
export function loopLayers(scope: Scope): Unrolled {
  const { graph } = scope;
  const layers = new Map<Node, LayerNode>();
  const missed: UserError[] = [];
  const placed = new Map<Node, readonly Node[]>();
  const loops = graph.nodes.filter(isRecurrent);
  if (loops.length > MAX_LOOPS) {
    const expected = `at most ${MAX_LOOPS} loops with layers in them`;
    throw onnxError(graph.file, 'IMPORT_TOO_LARGE', 'graph', expected, `${loops.length}`);
  }
  for (const node of loops) {
    const found = layersAt(node, scope);
    if (found instanceof UserError) missed.push(found);
    else {
      const [lstm] = found;
      for (const one of found) layers.set(one.node, one);
      for (const part of lstm?.node.parts ?? []) placed.set(part, []);
      placed.set(
        node,
        found.map((one) => one.node),
      );
    }
  }
  if (layers.size === 0) return { graph, layers, missed };
  const producers = new Map<string, Producer>(graph.producers);
  for (const node of layers.keys()) {
    node.outputs.forEach((name, output) => {
      producers.set(name, { node, output });
    });
  }
  const nodes = graph.nodes.flatMap((node) => placed.get(node) ?? [node]);
  return { graph: { ...graph, nodes, producers }, layers, missed };
}

function layersAt(node: Node, scope: Scope): readonly LayerNode[] | UserError {
  const { file } = scope.graph;
  const expected = `one step of recurrent layers that there is hardware for, and nothing else, inside the ${node.op}`;
  const fail = (got: string) => onnxError(file, 'LSTM_UNSUPPORTED', node.label, expected, got);
  try {
    const body = node.attributes.find(({ name }) => name === 'body')?.g;
    if (!body) throw fail('no body');
    const form =
      node.op === 'Scan'
        ? scanForm(node, body, scope.graph, fail)
        : loopForm(node, body, scope, fail);
    return layersOf(form, scope, fail);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { field, got, code } = error.report;
    // a question to the user is one as it is
    if (field === node.label || code === 'GRU_RESET') return error;
    const own = code === 'NOT_AN_LSTM' ? `none, but ${got}` : `${field}: ${got}`;
    return fail(`${own} inside this ${node.op}`);
  }
}

const ACTIVATIONS = new Set(['Sigmoid', 'Tanh', 'HardSigmoid', 'Relu', 'Softsign', 'Elu', 'Clip']);

/** Whether the node is a loop with what recurrent layers have in it. */
function isRecurrent(node: Node): boolean {
  if (node.op !== 'Loop' && node.op !== 'Scan') return false;
  if (!node.attributes.some(({ name, g }) => name === 'body' && g)) return false;
  const ops = new Set(graphsIn(node).flatMap(([, graph]) => [...operatorsOf(graph)]));
  if ([...ops].some((op) => cellOfOperator(op) !== undefined)) return true;
  return [...ops].some((op) => ACTIVATIONS.has(op)) && (ops.has('MatMul') || ops.has('Gemm'));
}

/** Operators of a graph and of the graphs inside it. */
function operatorsOf({ node }: GraphProto, ops = new Set<string>()): ReadonlySet<string> {
  for (const one of node) {
    ops.add(operatorOf(one));
    for (const [, graph] of graphsIn({ attributes: one.attribute })) operatorsOf(graph, ops);
  }
  return ops;
}
