import { inOrder } from '../../../float/layer-matrices.js';
import type { FloatLayer, FloatTensor } from '../../../float/model.js';
import { MAX_CODES, MAX_SIZE } from '../../../limits.js';
import { attributesOf } from '../attributes.js';
import type { Constants } from '../constants.js';
import { onnxError } from '../errors.js';
import type { Graph, Producer } from '../graph.js';
import type { LayerNode } from '../layer-node.js';
import type { Node } from '../node.js';
import type { Found, Linear, Term } from './linear.js';
import { cellsIn, type Match, type Role } from './match.js';
import { stateAmong } from './states.js';

/** A graph in which one node stands for each LSTM cell that small operators compute. */
export interface Spelled {
  readonly graph: Graph;
  /** The layers of these nodes. */
  readonly layers: ReadonlyMap<Node, LayerNode>;
  /** Cells that are nearly an LSTM, each with the word for what it has that an LSTM here has not. */
  readonly missed: readonly string[];
}

const ROLES: readonly Role[] = ['i', 'f', 'g', 'o'];

/**
 * Finds the LSTM cells of a graph that are written as products, sums and activations: one time step each, with h and
 * c of the step before as inputs. `isFrames`: whether a value is known to be frames.
 */
export function spelledCells(
  graph: Graph,
  constants: Constants,
  isFrames: (name: string) => boolean,
): Spelled {
  const layers = new Map<Node, LayerNode>();
  const missed: string[] = [];
  const parts = new Set<Node>();
  const placed = new Map<Node, Node>();
  for (const match of cellsIn(graph, constants)) {
    const layer = 'why' in match ? match : layerOf(match, graph, constants, isFrames);
    if ('why' in layer) missed.push(layer.why);
    else if (!('why' in match)) {
      layers.set(layer.node, layer);
      placed.set(match.c, layer.node);
      for (const part of layer.node.parts ?? []) parts.add(part);
    }
  }
  if (layers.size === 0) return { graph, layers, missed };
  const nodes = graph.nodes.flatMap((node) => {
    const own = placed.get(node);
    if (own !== undefined) return [own];
    return parts.has(node) ? [] : [node];
  });
  const producers = new Map<string, Producer>(graph.producers);
  for (const node of layers.keys()) {
    node.outputs.forEach((name, output) => {
      if (name !== '') producers.set(name, { node, output });
    });
  }
  return { graph: { ...graph, nodes, producers }, layers, missed };
}

function layerOf(
  match: Match,
  graph: Graph,
  constants: Constants,
  isFrames: (name: string) => boolean,
): Found<LayerNode> {
  const { label } = match.h;
  const why = (what: string) => ({ why: `${what} in the cell at ${label}` });
  const sums = ROLES.map((role) => match.gates[role].sums);
  const [first] = sums as [Linear];
  const cells = first.rows;
  const sources = first.terms.map(({ source }) => source);
  const same = sums.every(
    ({ rows, terms }) =>
      rows === cells &&
      terms.length === sources.length &&
      terms.every(({ source }) => sources.includes(source)),
  );
  if (!same) return why('gates of unlike sizes or inputs');
  const given = sourcesOf(first.terms, graph);
  const [a, b, ...more] = given?.sources ?? [];
  if (!given || !a || !b || more.length > 0)
    return why(`${sources.length} values in place of x and h`);
  const chosen = stateAmong([a, b], match.before, cells, graph, isFrames);
  if (chosen === null) {
    return why(`nothing that says which of ${a.name} and ${b.name} is x (say --map frames=NAME)`);
  }
  const [x, h] = chosen;
  const whole = given.columns - cells;
  const inputs = x.length ?? whole;
  if (inputs !== whole) return why('x and h of other lengths than their weights');
  if (cells > MAX_SIZE || inputs < 1 || 4 * cells * Math.max(cells, inputs) > MAX_CODES) {
    return why('a size that is not sensible');
  }
  const ranks = new Set(sums.flatMap(({ rank }) => rank ?? []));
  if (ranks.size > 1) return why('sums of different numbers of axes');
  const nodes = new Set([...match.nodes, ...given.nodes]);
  const [outer] = [...nodes].filter((node) => isSeenOutside(node, nodes, match, graph));
  if (outer !== undefined) return why(`${outer.label} (${outer.op}), which others read too,`);
  const layer = tensors(match, given, x.name, h.name, cells, inputs, constants);
  for (const { name, values } of [...inOrder([layer]), layer.bias]) {
    const bad = values.findIndex((one) => !Number.isFinite(one));
    if (bad < 0) continue;
    const got = `${values[bad]} at element ${bad}`;
    throw onnxError(graph.file, 'TENSOR_NOT_FINITE', `${label} (${name})`, 'finite numbers', got);
  }
  const node: Node = {
    index: match.c.index,
    op: 'LSTM',
    label,
    inputs: [x.name, '', '', '', '', h.name, match.before],
    captured: [],
    outputs: [match.h.outputs[0] ?? '', '', match.c.outputs[0] ?? ''],
    attributes: [],
    parts: [...nodes],
  };
  const [rank = null] = ranks;
  return { node, layer, layout: 'one step', rank };
}

interface Sources {
  readonly sources: readonly { readonly name: string; readonly length: number | undefined }[];
  /** Columns of all together. */
  readonly columns: number;
  readonly nodes: readonly Node[];
}

/** What the gates read: two values, or two that are joined to one. */
function sourcesOf(terms: readonly Term[], graph: Graph): Sources | null {
  const columns = terms.reduce((sum, term) => sum + term.columns, 0);
  const [only, ...others] = terms;
  if (only === undefined || others.length > 0) {
    const sources = terms.map(({ source, columns: length }) => ({ name: source, length }));
    return { sources, columns, nodes: [] };
  }
  const node = graph.producers.get(only.source)?.node;
  if (node?.op !== 'Concat')
    return { sources: [{ name: only.source, length: columns }], columns, nodes: [] };
  const axis = attributesOf(node, ['axis'], graph).int('axis') ?? 0;
  const rank =
    graph.shapes.get(only.source)?.length ?? graph.shapes.get(node.inputs[0] ?? '')?.length;
  if (axis !== -1 && axis !== (rank ?? 2) - 1) return null;
  const sources = node.inputs.map((name) => ({ name, length: graph.shapes.get(name)?.at(-1) }));
  return { sources, columns, nodes: [node] };
}

/** Whether something else than the cell reads what the node computes, h and c apart. */
function isSeenOutside(
  node: Node,
  cell: ReadonlySet<Node>,
  { h, c }: Match,
  { outputs, consumers }: Graph,
): boolean {
  if (node === h || node === c) return false;
  return node.outputs.some(
    (name) =>
      outputs.has(name) ||
      (consumers.get(name) ?? []).some((reader) => reader.op !== 'Shape' && !cell.has(reader)),
  );
}

function tensors(
  { gates, h: { label } }: Match,
  { sources, nodes }: Sources,
  x: string,
  h: string,
  cells: number,
  inputs: number,
  constants: Constants,
): FloatLayer {
  // where both are joined, the first of them has the first columns
  const xFirst = sources[0]?.name === x;
  const matrix = (source: string, columns: number): FloatTensor => {
    constants.reserve([4 * cells, columns], label);
    const values = new Float64Array(4 * cells * columns);
    let name = '';
    ROLES.forEach((role, gate) => {
      const { terms } = gates[role].sums;
      const own = nodes.length > 0 ? terms[0] : terms.find((term) => term.source === source);
      const { weights, columns: width, name: tensor } = own as Term;
      name = tensor;
      const start = nodes.length > 0 && (source === x) !== xFirst ? width - columns : 0;
      for (let cell = 0; cell < cells; cell++) {
        const row = weights.subarray(cell * width + start, cell * width + start + columns);
        values.set(row, (gate * cells + cell) * columns);
      }
    });
    return { name: nodes.length > 0 ? `${name}, ${source === x ? 'x' : 'h'}` : name, values };
  };
  const bias = new Float64Array(4 * cells);
  ROLES.forEach((role, gate) => {
    bias.set(gates[role].sums.bias, gate * cells);
  });
  const biasName = ROLES.map((role) => gates[role].sums.biasName).find((name) => name !== null);
  const layer = {
    cell: 'lstm' as const,
    inputs,
    cells,
    x: matrix(x, inputs),
    h: matrix(h, cells),
    bias: { name: biasName ?? `bias of ${label}`, values: bias },
  };
  return layer;
}
