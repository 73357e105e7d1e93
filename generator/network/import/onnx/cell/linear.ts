import { attributesOf } from '../attributes.js';
import type { Constants } from '../constants.js';
import type { Graph } from '../graph.js';
import type { Node } from '../node.js';
import { GEMM_ATTRIBUTES } from '../product.js';
import type { Value } from '../tensor.js';
import { type Rows, rowsOf } from './rows.js';

/** Rows of a matrix that multiplies another value. */
export interface Term {
  readonly source: string;
  readonly columns: number;
  /** [row][column] */
  readonly weights: Float64Array;
  readonly name: string;
}

/** What a value is on its last axis: products of other values with constants, and constants. */
export interface Linear {
  readonly rows: number;
  readonly terms: readonly Term[];
  readonly bias: Float64Array;
  /** The constant that was added first. */
  readonly biasName: string | null;
  /** The nodes that compute it. */
  readonly nodes: ReadonlySet<Node>;
  /** Axes that the values multiplied must have, where a node says how many. */
  readonly rank: number | null;
}

/** A value as sums of products, or why it is none, in the words of the field. */
export type Found<T> = T | { readonly why: string };

/** Additions, cuts and the like behind each other that are followed. */
const MAX_DEPTH = 64;

/** Finds sums of products with constant matrices; each value is looked at once. */
export class LinearValues {
  readonly #known = new Map<string, Found<Linear>>();

  constructor(
    private readonly graph: Graph,
    private readonly constants: Constants,
  ) {}

  of(name: string, depth = MAX_DEPTH): Found<Linear> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const own = this.#find(name, depth);
    this.#known.set(name, own);
    return own;
  }

  #find(name: string, depth: number): Found<Linear> {
    const producer = this.graph.producers.get(name);
    if (producer === undefined || depth === 0) return { why: `${name}, which is no product` };
    const { node, output } = producer;
    switch (node.op) {
      case 'Identity':
        return this.#through(node, this.of(node.inputs[0] ?? '', depth - 1));
      case 'Split':
      case 'Slice': {
        const whole = this.of(node.inputs[0] ?? '', depth - 1);
        if ('why' in whole) return whole;
        const cut = rowsOf(node, output, whole.rows, this.graph, this.constants);
        if (cut === null) return { why: `${node.label} (${node.op}), which cuts another axis` };
        return this.#through(node, cutRows(whole, cut));
      }
      case 'MatMul':
      case 'Gemm':
        return this.#product(node, depth);
      case 'Add':
        return this.#sum(node, depth);
      case 'Mul': {
        // a state times a constant for each cell, within a gate
        const peephole = node.inputs.some((one) => this.constants.has(one));
        return { why: peephole ? `a peephole (${node.label})` : `${node.label} (Mul)` };
      }
      case 'LayerNormalization':
      case 'InstanceNormalization':
      case 'BatchNormalization':
        return { why: `a norm within the cell (${node.label}, ${node.op})` };
      default:
        return { why: `${node.label} (${node.op})` };
    }
  }

  #through(node: Node, found: Found<Linear>): Found<Linear> {
    return 'why' in found ? found : { ...found, nodes: new Set([...found.nodes, node]) };
  }

  #product(node: Node, depth: number): Found<Linear> {
    const { graph, constants } = this;
    const [source = '', name = '', added = ''] = node.inputs;
    const gemm = node.op === 'Gemm';
    const attributes = attributesOf(node, gemm ? GEMM_ATTRIBUTES : [], graph);
    const transA = gemm && (attributes.int('transA') ?? 0) !== 0;
    if (transA || !constants.has(name) || constants.has(source)) {
      return { why: `${node.label} (${node.op}), whose weights are computed` };
    }
    const matrix = constants.get(name);
    if (matrix.shape.length !== 2 || !matrix.type.real) {
      return { why: `${node.label} (${node.op}), whose weights are no matrix` };
    }
    const down = !(gemm && (attributes.int('transB') ?? 0) !== 0);
    const alpha = gemm ? (attributes.float('alpha') ?? 1) : 1;
    const [m = 0, n = 0] = matrix.shape;
    const [rows, columns] = down ? [n, m] : [m, n];
    constants.reserve([rows, columns], node.label);
    const weights = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const at = down ? column * rows + row : row * columns + column;
        weights[row * columns + column] = alpha * (matrix.data[at] as number);
      }
    }
    const product: Linear = {
      rows,
      terms: [{ source, columns, weights, name }],
      bias: new Float64Array(rows),
      biasName: null,
      nodes: new Set([node]),
      rank: gemm ? 2 : null,
    };
    if (added === '') return product;
    const beta = attributes.float('beta') ?? 1;
    if (constants.has(added)) return withBias(product, constants.get(added), added, node, beta);
    const rest = this.of(added, depth - 1);
    if ('why' in rest || beta === 1) return 'why' in rest ? rest : joined(product, rest, node);
    return { why: `${node.label} (Gemm) with beta ${beta}` };
  }

  #sum(node: Node, depth: number): Found<Linear> {
    attributesOf(node, [], this.graph);
    const [a = '', b = ''] = node.inputs;
    const [value, constant] = this.constants.has(a) ? [b, a] : [a, b];
    const first = this.of(value, depth - 1);
    if ('why' in first) return first;
    if (this.constants.has(constant)) {
      return withBias(first, this.constants.get(constant), constant, node, 1);
    }
    const second = this.of(constant, depth - 1);
    return 'why' in second ? second : joined(first, second, node);
  }
}

/** Some rows of sums. */
export function cutRows(sums: Linear, { start, count, rank }: Rows): Linear {
  const terms = sums.terms.map((term) => ({
    ...term,
    weights: term.weights.subarray(start * term.columns, (start + count) * term.columns),
  }));
  const bias = sums.bias.subarray(start, start + count);
  return { ...sums, rows: count, terms, bias, rank: sums.rank ?? rank };
}

function withBias(
  to: Linear,
  { shape, data, type }: Value,
  name: string,
  node: Node,
  factor: number,
): Found<Linear> {
  const one = data.length === 1;
  if (!type.real || !(one || (data.length === to.rows && shape.at(-1) === to.rows))) {
    return { why: `${node.label} (${node.op}), which adds another number in each frame` };
  }
  const bias = to.bias.map((sum, i) => sum + factor * (data[one ? 0 : i] as number));
  return { ...to, bias, biasName: to.biasName ?? name, nodes: new Set([...to.nodes, node]) };
}

function joined(a: Linear, b: Linear, node: Node): Found<Linear> {
  const differ = a.rank !== null && b.rank !== null && a.rank !== b.rank;
  if (a.rows !== b.rows || differ) return { why: `${node.label} (${node.op}) of unlike sums` };
  const terms = new Map(a.terms.map((term) => [term.source, term]));
  for (const term of b.terms) {
    const other = terms.get(term.source);
    if (other === undefined) terms.set(term.source, term);
    else if (other.columns !== term.columns) return { why: `${node.label} of unlike products` };
    else {
      const weights = other.weights.map((one, i) => one + (term.weights[i] as number));
      terms.set(term.source, { ...other, weights });
    }
  }
  return {
    rows: a.rows,
    terms: [...terms.values()],
    bias: a.bias.map((sum, i) => sum + (b.bias[i] as number)),
    biasName: a.biasName ?? b.biasName,
    nodes: new Set([...a.nodes, ...b.nodes, node]),
    rank: a.rank ?? b.rank,
  };
}
