import { attributesOf } from '../attributes.js';
import type { Constants } from '../constants.js';
import type { Graph } from '../graph.js';
import type { Node } from '../node.js';
import { cutRows, type Found, type Linear, LinearValues } from './linear.js';
import { rowsOf } from './rows.js';

/** An activation of sums. */
export interface Gate {
  readonly kind: 'Sigmoid' | 'Tanh';
  readonly sums: Linear;
  /** The nodes between the sums and the value. */
  readonly nodes: readonly Node[];
}

/** Activations that gates of other cells have, in the words of the field. */
const OTHERS: Readonly<Record<string, string>> = {
  HardSigmoid: 'hard sigmoid',
  Clip: 'hard sigmoid or clip',
  Relu: 'ReLU in place of tanh',
  Softsign: 'softsign in place of tanh',
  Elu: 'ELU in place of tanh',
};

/** Finds gates; each value is looked at once. */
export class Gates {
  readonly #known = new Map<string, Found<Gate> | null>();
  readonly linear: LinearValues;

  constructor(
    private readonly graph: Graph,
    private readonly constants: Constants,
  ) {
    this.linear = new LinearValues(graph, constants);
  }

  /** The value as a gate, why it is none of an LSTM as known here, or null where it is no activation at all. */
  of(name: string): Found<Gate> | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const own = this.#find(name);
    this.#known.set(name, own);
    return own;
  }

  #find(name: string): Found<Gate> | null {
    const producer = this.graph.producers.get(name);
    if (producer === undefined) return null;
    const { node, output } = producer;
    const [input = ''] = node.inputs;
    const other = OTHERS[node.op];
    if (other !== undefined) return { why: `${other} (${node.label})` };
    if (node.op === 'Sigmoid' || node.op === 'Tanh') {
      attributesOf(node, [], this.graph);
      const sums = this.linear.of(input);
      return 'why' in sums ? sums : { kind: node.op, sums, nodes: [node] };
    }
    if (node.op !== 'Split' && node.op !== 'Slice') return null;
    // one activation for several gates, cut afterwards
    const before = this.graph.producers.get(input)?.node;
    if (before?.op !== 'Sigmoid' && before?.op !== 'Tanh') return null;
    const whole = this.of(input);
    if (whole === null || 'why' in whole) return whole;
    const cut = rowsOf(node, output, whole.sums.rows, this.graph, this.constants);
    if (cut === null) return { why: `${node.label} (${node.op}), which cuts another axis` };
    return { ...whole, sums: cutRows(whole.sums, cut), nodes: [...whole.nodes, node] };
  }
}
