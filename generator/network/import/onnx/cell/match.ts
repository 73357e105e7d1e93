import type { Constants } from '../constants.js';
import type { Graph } from '../graph.js';
import type { Node } from '../node.js';
import { type Gate, Gates } from './gates.js';
import type { Found } from './linear.js';

/** The roles of gates in h = o tanh(c), c = f c' + i g. */
export type Role = 'i' | 'f' | 'g' | 'o';

/** An LSTM cell in small operators: one time step. */
export interface Match {
  readonly gates: Readonly<Record<Role, Gate>>;
  /** The value of c before the step. */
  readonly before: string;
  /** The nodes that compute c and h. */
  readonly c: Node;
  readonly h: Node;
  /** All nodes from the sums on, in no order. */
  readonly nodes: ReadonlySet<Node>;
}

/**
 * Finds cells by their data flow, whatever the order of gates and operands, and what is nearly one with the word for
 * what makes the difference.
 */
export function cellsIn(graph: Graph, constants: Constants): readonly Found<Match>[] {
  const gates = new Gates(graph, constants);
  return graph.nodes.flatMap((node) => {
    if (node.op !== 'Add' && node.op !== 'Sub') return [];
    const found = cellAt(node, gates, graph, constants);
    return found === null ? [] : [found];
  });
}

/** The cell whose c the node computes; null where it is nothing like one. */
function cellAt(c: Node, gates: Gates, graph: Graph, constants: Constants): Found<Match> | null {
  const factors = c.inputs.map((name) => {
    const node = graph.producers.get(name)?.node;
    if (node?.op !== 'Mul' || node.inputs.some((one) => constants.has(one))) return null;
    return { node, parts: node.inputs.map((one) => ({ name: one, gate: gates.of(one) })) };
  });
  const [a, b] = factors;
  if (!a || !b || c.op !== 'Add') return null;
  const activated = ({ parts }: typeof a) => parts.filter(({ gate }) => gate !== null);
  // (1 - z) n + z h
  const complement = [...a.parts, ...b.parts].find(({ name }) => {
    const node = graph.producers.get(name)?.node;
    return (
      node?.op === 'Sub' && constants.has(node.inputs[0] ?? '') && gates.of(node.inputs[1] ?? '')
    );
  });
  if (complement) return { why: `GRU in small operators (its update at ${c.label})` };
  const [input, forget] = activated(a).length === 2 ? [a, b] : [b, a];
  const [kept] = activated(forget);
  if (activated(input).length !== 2 || activated(forget).length !== 1 || !kept) return null;
  const before = forget.parts.find((part) => part !== kept)?.name as string;
  const all = [...input.parts, kept].map(({ gate }) => gate as Found<Gate>);
  const odd = all.find((gate) => 'why' in gate);
  if (odd !== undefined && 'why' in odd) return { why: `${odd.why} in the cell at ${c.label}` };
  const [p, q, f] = all as [Gate, Gate, Gate];
  const [i, g] = p.kind === 'Sigmoid' ? [p, q] : [q, p];
  if (i.kind !== 'Sigmoid' || g.kind !== 'Tanh' || f.kind !== 'Sigmoid') {
    return { why: `other activations than sigmoid and tanh in the cell at ${c.label}` };
  }
  const out = outputOf(c, gates, graph);
  if ('why' in out) return out;
  const { node: h, tanh, o } = out;
  const own = [c, h, tanh, input.node, forget.node];
  const nodes = new Set([
    ...own,
    ...[i, f, g, o].flatMap((one) => [...one.sums.nodes, ...one.nodes]),
  ]);
  return { gates: { i, f, g, o }, before, c, h, nodes };
}

/** h = o tanh(c). */
function outputOf(
  c: Node,
  gates: Gates,
  { consumers }: Graph,
): Found<{ readonly node: Node; readonly tanh: Node; readonly o: Gate }> {
  const why = (what: string) => ({ why: `${what} in the cell at ${c.label}` });
  const readers = consumers.get(c.outputs[0] ?? '') ?? [];
  const tanhs = readers.filter(({ op }) => op === 'Tanh');
  const [tanh, ...others] = tanhs;
  if (tanh === undefined || others.length > 0) {
    const odd = readers.find(({ op }) => op === 'Clip' || op === 'Relu' || op === 'HardSigmoid');
    return why(odd ? `${odd.op === 'Clip' ? 'clip' : odd.op} of c` : 'h that is not o tanh(c)');
  }
  const t = tanh.outputs[0] ?? '';
  const muls = (consumers.get(t) ?? []).filter(({ op }) => op === 'Mul');
  const [node, ...more] = muls;
  if (node === undefined || more.length > 0) return why('h that is not o tanh(c)');
  const o = gates.of(node.inputs.find((name) => name !== t) ?? '');
  if (o === null) return why('h that is not o tanh(c)');
  if ('why' in o) return why(o.why);
  return o.kind === 'Sigmoid' ? { node, tanh, o } : why('an output gate that is no sigmoid');
}
