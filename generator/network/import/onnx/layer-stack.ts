import type { FloatLayer, FloatMatrix, FloatOutput } from '../../float/model.js';
import { copyLayer, onParts } from '../both-directions.js';
import { foldBefore } from '../fold.js';
import { sideBySide } from '../side-by-side.js';
import type { Affine } from './affine.js';
import type { Constants } from './constants.js';
import { denseLayer } from './dense.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { LayerNode } from './layer-node.js';
import {
  type DenseSource,
  partsOf,
  type RecurrentSource,
  type Signal,
  type Source,
  type Sums,
  wayOf,
} from './meaning.js';
import type { Node } from './node.js';
import { outputLayer } from './output-layer.js';

/** What each recurrent layer reads. */
export type Reads = ReadonlyMap<LayerNode, Signal>;

export interface StackedLayer {
  readonly layer: FloatLayer;
  /** Null where it is a fully connected one. */
  readonly recurrent: LayerNode | null;
}

export interface Folded {
  readonly node: Node;
  /** Name of the layer. */
  readonly into: string;
}

/**
 * The layers that a value needs, each behind those that it reads, in the order in which they run. What no value needs that is
 * asked for is not among them.
 */
export class LayerStack {
  readonly layers: StackedLayer[] = [];
  /** Nodes that lead from one layer to the next. */
  readonly between: Node[] = [];
  /** What constants did to features before a layer, and went into its weights. */
  readonly folded: Folded[] = [];
  readonly #numbers: { readonly source: Source; readonly number: number }[] = [];

  constructor(
    private readonly reads: Reads,
    private readonly graph: Graph,
    private readonly constants: Constants,
  ) {}

  /** The layers up to a source, as far as they are not there. Its number: -1 is the frame. */
  number(source: Source): number {
    if (source.kind === 'frames') return -1;
    const known = this.#numbers.find(({ source: one }) => isSame(one, source));
    if (known !== undefined) return known.number;
    if (source.kind === 'join') throw new Error(`${source.label}: several layers have no number`);
    if (source.kind === 'dense') {
      this.layers.push({ layer: this.#dense(source), recurrent: null });
    } else {
      this.#checkPlace(source);
      this.layers.push({ layer: this.#recurrent(source), recurrent: source.layer });
      const { projection } = source.layer;
      if (projection) this.layers.push({ layer: projection.layer, recurrent: null });
    }
    const number = this.layers.length - 1;
    this.#numbers.push({ source, number });
    return number;
  }

  /** A copy of values that are not those of one layer that runs forward; null where they are. */
  copy({ from, axes }: Signal): FloatLayer | null {
    const sources = partsOf(from, axes.lengths.feature as number).map(({ source, width }) => ({
      number: this.number(source),
      width,
    }));
    const own = this.layers.length;
    const backward = this.layers.at(-1)?.layer.direction === 'backward';
    if (sources.length === 1 && !backward) return null;
    const merge = from.kind === 'join' && from.sum ? 'sum' : 'concat';
    const layer = copyLayer({ sources, merge }, own);
    this.layers.push({ layer, recurrent: null });
    return layer;
  }

  /** @throws UserError DIRECTIONS where a backward layer is there with its values in another place. */
  #checkPlace({ layer, direction, final, label }: RecurrentSource): void {
    const other = this.#numbers.find(
      ({ source }) =>
        source.kind === 'recurrent' && source.layer === layer && source.direction === direction,
    );
    if (other === undefined) return;
    const [frames, last] = ['its values at their frames (Y)', 'its final state (Y_h)'];
    const expected = `of the backward direction ${frames}, or ${last}: there is no hardware for both yet`;
    const got = `${final ? last : frames} beside the other`;
    throw onnxError(this.graph.file, 'DIRECTIONS', label, expected, got);
  }

  /** Whether the layer of a recurrent node is there. */
  has(node: Node): boolean {
    return this.layers.some(({ recurrent }) => recurrent?.node === node);
  }

  /** The output layer that gives exact sums. */
  output(sums: Sums): FloatOutput {
    const { weights, ...layer } = outputLayer(sums, this.graph, this.constants);
    const { from, x } = this.#reading(sums.dense.h, weights);
    return { ...layer, ...from, inputs: x.values.length / layer.outputs, weights: x };
  }

  #dense(source: DenseSource): FloatLayer {
    const { h, node } = source.sums.dense;
    const { inputs: _, x: weights, ...layer } = denseLayer(source, this.graph, this.constants);
    const { from, x } = this.#reading(h, weights);
    if (h.affine !== null) this.folded.push({ node: h.affine.node, into: node.label });
    this.between.push(...wayOf(source.way));
    return { ...layer, ...from, inputs: x.values.length / layer.cells, x };
  }

  #recurrent({ layer: lstm, direction, final }: RecurrentSource): FloatLayer {
    const signal = this.reads.get(lstm) as Signal;
    const { affine, way } = signal;
    const read = direction === 'backward' ? (lstm.backward ?? lstm.layer) : lstm.layer;
    const own = affine === null ? read : this.#withInput(read, lstm.node, affine);
    const layer = final ? { ...own, aligned: false as const } : own;
    const rows = layer.x.values.length / layer.inputs;
    const { from, x } = this.#reading(signal, layer.x);
    if (affine !== null) this.folded.push({ node: affine.node, into: lstm.node.label });
    this.between.push(...wayOf(way));
    return { ...layer, ...from, inputs: x.values.length / rows, x };
  }

  /** The layers that a matrix reads, those in front of it in the order of their numbers, and its columns in that order. */
  #reading({ from, axes }: Signal, weights: FloatMatrix) {
    const parts = partsOf(from, axes.lengths.feature as number);
    const numbers = parts.map(({ source }) => this.number(source));
    const widths = parts.map(({ width }) => width);
    const sum = from.kind === 'join' && from.sum;
    if (sum) this.constants.reserve([parts.length, weights.values.length], weights.name);
    const wide = sum
      ? onParts(weights.values, widths[0] as number, parts.length, 1)
      : weights.values;
    const { sources, values } = sideBySide(wide, numbers, widths);
    if (sources.length > 1 && sources[0] === -1) {
      const expected = 'layers side by side: there is no hardware for the frame beside them';
      throw onnxError(this.graph.file, 'SIDE_BY_SIDE', weights.name, expected, from.label);
    }
    const before = sources.length === 1 && sources[0] === this.layers.length - 1;
    return { from: before ? {} : { from: sources }, x: { ...weights, values } };
  }

  /** The layer on inputs that are not scaled and shifted yet. */
  #withInput(layer: FloatLayer, node: Node, affine: Affine): FloatLayer {
    this.constants.reserve([layer.x.values.length + layer.bias.values.length], node.label);
    const { weights: x, bias } = foldBefore(affine, layer.x, layer.bias);
    for (const [what, { values }] of [
      ['W', x],
      ['B', bias],
    ] as const) {
      const bad = values.findIndex((one) => !Number.isFinite(one));
      if (bad < 0) continue;
      const got = `${values[bad]} at element ${bad}, with ${affine.node.label} before it`;
      const field = `${node.label}.${what}`;
      throw onnxError(this.graph.file, 'TENSOR_NOT_FINITE', field, 'finite numbers', got);
    }
    return { ...layer, x, bias };
  }
}

/** Whether two sources are one layer: who reads the sums of a fully connected one makes a source of its own. */
function isSame(a: Source, b: Source): boolean {
  if (a.kind !== 'dense' || b.kind !== 'dense') return a === b;
  const [one, other] = [a.function, b.function];
  return (
    a.sums.dense === b.sums.dense &&
    a.sums.affine === b.sums.affine &&
    one.cell === other.cell &&
    one.range?.low === other.range?.low &&
    one.range?.high === other.range?.high
  );
}
