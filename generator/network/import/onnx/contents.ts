import type { Part } from '../format.js';
import type { GraphProto, NodeProto, TensorProto } from './messages.js';
import { type Node, nodesOf, operatorOf } from './node.js';

/** Recurrent operators with the gates that their matrices hold, and the position of R. */
const RECURRENT: Readonly<Record<string, { readonly cell: string; readonly gates: number }>> = {
  LSTM: { cell: 'LSTM', gates: 4 },
  GRU: { cell: 'GRU', gates: 3 },
  RNN: { cell: 'RNN', gates: 1 },
  'com.microsoft.DynamicQuantizeLSTM': { cell: 'LSTM, int8 (DynamicQuantizeLSTM)', gates: 4 },
};

/** Cell of a recurrent operator; undefined where it is none. */
export const cellOfOperator = (op: string): string | undefined => RECURRENT[op]?.cell;

/** Shapes of the tensors that a graph holds, by name. */
type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * What is in a graph: recurrent nodes and products with their sizes, the graphs inside nodes likewise under paths as
 * `If_0.then_branch`, and what is left of each graph by its operators.
 */
export function graphContents(
  graph: GraphProto,
  path = '',
  outer: Shapes = new Map(),
  kind = '',
): readonly Part[] {
  const shapes = new Map([...outer, ...shapesOf(graph)]);
  const parts: Part[] = [];
  const others = new Map<string, number>();
  nodesOf(graph.node).forEach(({ label, op }, i) => {
    const proto = graph.node[i] as NodeProto;
    const name = path === '' ? label : `${path}/${label}`;
    const what = RECURRENT[op] ? recurrentText(proto, shapes) : productText(op, proto, shapes);
    const inner = graphsIn({ attributes: proto.attribute });
    if (what !== null) parts.push({ name, what });
    // a graph with nothing but small operators is one of them
    const graphs = inner
      .map(([attribute, one]) =>
        graphContents(one, `${name}.${attribute}`, shapes, `graph inside ${op}`),
      )
      .filter(({ length }) => length > 1);
    if (what === null && graphs.length === 0) others.set(op, (others.get(op) ?? 0) + 1);
    parts.push(...graphs.flat());
  });
  if (others.size === 0 && path === '') return parts;
  const sorted = [...others].sort(([, a], [, b]) => b - a);
  const what = sorted.map(([op, count]) => `${count} ${op}`).join(', ') || 'nothing else';
  if (path === '') return [...parts, { name: 'other nodes', what }];
  return [{ name: path, what: `${kind}: ${what}` }, ...parts];
}

/** The recurrent nodes of a graph and of the graphs inside it: name and what it is. */
export function recurrentParts(graph: GraphProto): readonly Part[] {
  const cells = Object.values(RECURRENT).map(({ cell }) => cell);
  return graphContents(graph).filter(({ what }) => cells.some((cell) => what.includes(cell)));
}

/** The graphs inside a node, by attribute. */
export function graphsIn({
  attributes,
}: Pick<Node, 'attributes'>): readonly (readonly [string, GraphProto])[] {
  return attributes.flatMap(({ name = '', g, graphs }) =>
    (g ? [g, ...graphs] : graphs).map((one, i) => [i === 0 ? name : `${name}[${i}]`, one] as const),
  );
}

function recurrentText(proto: NodeProto, shapes: Shapes): string {
  const { cell, gates } = RECURRENT[operatorOf(proto)] as { cell: string; gates: number };
  const direction = proto.attribute.find(({ name }) => name === 'direction')?.s;
  const way = direction ? new TextDecoder().decode(Uint8Array.from(direction)) : 'forward';
  const hidden = proto.attribute.find(({ name }) => name === 'hidden_size')?.i?.toNumber();
  const W = shapes.get(proto.input[1] ?? '');
  const int8 = cell.includes('int8');
  const inputs = W?.[int8 ? 1 : 2];
  const cells = hidden ?? (W && (W[int8 ? 2 : 1] as number) / gates);
  const sizes = [inputs === undefined ? '' : `${inputs} inputs`, cells ? `${cells} cells` : ''];
  const peepholes = gates === 4 && !int8 && proto.input[7] ? ['peephole'] : [];
  const head = [...(way === 'forward' ? [] : [way]), ...peepholes, cell].join(' ');
  return [head, ...sizes.filter((one) => one !== '')].join(', ');
}

/** A product with a constant matrix. */
function productText(op: string, { input, attribute }: NodeProto, shapes: Shapes): string | null {
  const shape = op === 'Gemm' || op === 'MatMul' ? shapes.get(input[1] ?? '') : undefined;
  if (shape?.length !== 2) return null;
  const across = attribute.some(({ name, i }) => name === 'transB' && i?.toNumber() === 1);
  const [from, to] = across ? [shape[1], shape[0]] : shape;
  return `dense (${op}), ${from} inputs, ${to} outputs`;
}

/** Shapes of initializers and of Constant nodes, and of what only moves the latter. */
function shapesOf({ node, initializer }: GraphProto): Shapes {
  const dims = (tensor: TensorProto) => tensor.dims.map((n) => n.toNumber());
  const shapes = new Map(initializer.map((one) => [one.name ?? '', dims(one)] as const));
  for (const { op_type, attribute, output } of node) {
    const tensor = op_type === 'Constant' ? attribute.find(({ t }) => t)?.t : undefined;
    if (tensor) shapes.set(output[0] ?? '', dims(tensor));
  }
  return shapes;
}
