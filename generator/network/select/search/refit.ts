import type { Steps } from '../../../base/steps.js';
import { keptMask } from '../../../sparsity/kept-mask.js';
import type { Channel } from '../../cells/cell.js';
import { cellOf } from '../../cells/registry.js';
import type { LayerMatrices } from '../../float/layer-matrices.js';
import type { FloatLayer, FloatModel, MatrixPattern } from '../../float/model.js';
import { factorise, solve } from './least-squares.js';
import type { Moments } from './moments.js';

/**
 * How much a change of a weight costs, as a share of the mean square of the values: what frames say little about stays near what was
 * trained. Results hardly differ between 0.003 and 0.1.
 */
const RIDGE = 0.03;

/** Whether the weights of a layer can be fitted: its sums are linear in what it reads, and products of all of that were kept. */
export function isFitted({ reset }: FloatLayer, { products }: Moments): boolean {
  return products !== null && reset !== 'before';
}

/**
 * The network with patterns, its kept weights and its biases such that every sum of a layer is nearest to that of `dense`, the whole
 * network, in least squares, when the layer reads what it reads there. Layers that cannot be fitted (`isFitted`) keep their weights.
 */
export function* refitSteps(
  dense: FloatModel,
  pruned: FloatModel,
  moments: readonly Moments[],
): Steps<FloatModel> {
  const layers: FloatLayer[] = [];
  for (const [l, layer] of pruned.layers.entries()) {
    yield;
    const own = moments[l] as Moments;
    const { products } = own;
    if (products === null || !isFitted(layer, own)) {
      layers.push(layer);
      continue;
    }
    const patterns = pruned.patterns?.[l] as LayerMatrices<MatrixPattern>;
    const fit = new LayerFit(dense.layers[l] as FloatLayer, patterns, { ...own, products });
    layers.push(yield* fit.steps());
  }
  return { ...pruned, layers };
}

type Products = Moments & { readonly products: Float64Array };

/** The fit of one layer. */
class LayerFit {
  readonly #layer: FloatLayer;
  readonly #moments: Products;
  readonly #masks: LayerMatrices<readonly Uint8Array[]>;
  readonly #x: Float64Array;
  readonly #h: Float64Array | null;
  readonly #bias: Float64Array;
  readonly #ridge: number;
  /** The last factor, and what it is of: neighbouring rows, and gates of a shared pattern, often keep the same. */
  #kept: Int32Array = new Int32Array();
  #factor: Float64Array = new Float64Array();

  constructor(layer: FloatLayer, { x, h }: LayerMatrices<MatrixPattern>, moments: Products) {
    this.#layer = layer;
    this.#moments = moments;
    this.#masks = { x: masksOf(x), h: h && masksOf(h) };
    this.#x = new Float64Array(layer.x.values.length);
    this.#h = layer.h && new Float64Array(layer.h.values.length);
    this.#bias = layer.bias.values.slice();
    const mean = moments.squares.reduce((sum, square) => sum + square, 0) / moments.squares.length;
    // not zero, so that there is always a factor
    this.#ridge = Math.max(Number.MIN_VALUE ** 0.25, RIDGE * mean);
  }

  *steps(): Steps<FloatLayer> {
    const { cells, cell } = this.#layer;
    for (let row = 0; row < cells; row++) {
      yield;
      cellOf(cell).channels.forEach((channel, n) => {
        if (channel.operands !== 'none') this.#fitRow(channel, n, row);
      });
    }
    const { x, h, bias } = this.#layer;
    const tensor = ({ name }: { readonly name: string }, values: Float64Array) => ({
      name,
      values,
    });
    return {
      ...this.#layer,
      x: tensor(x, this.#x),
      h: h && this.#h && tensor(h, this.#h),
      bias: tensor(bias, this.#bias),
    };
  }

  /** The weights that a row of a channel keeps, and its bias: those of the whole network, and what makes up for the dropped ones. */
  #fitRow({ gate, operands }: Channel, channel: number, row: number): void {
    const { inputs, hidden, products } = this.#moments;
    const { cells, x, h } = this.#layer;
    const size = inputs + hidden + 1;
    const weights = new Float64Array(size);
    const first = gate * cells + row;
    if (operands !== 'h') {
      weights.set(x.values.subarray(first * inputs, (first + 1) * inputs));
    }
    if (operands !== 'x' && h !== null) {
      weights.set(h.values.subarray(first * hidden, (first + 1) * hidden), inputs);
    }
    const kept = this.#keptOf(gate, operands, row);
    const dropped = weights.slice();
    for (const i of kept) dropped[i] = 0;
    const delta = Float64Array.from(kept, (i) => {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        if (dropped[j] !== 0) sum += (products[i * size + j] as number) * (dropped[j] as number);
      }
      return sum;
    });
    solve(this.#factorOf(kept), kept.length, delta);
    kept.forEach((i, n) => {
      const change = delta[n] as number;
      const value = (weights[i] as number) + change;
      if (i === size - 1) {
        const at = channel * cells + row;
        this.#bias[at] = (this.#bias[at] as number) + change;
      } else if (i < inputs) this.#x[first * inputs + i] = value;
      else (this.#h as Float64Array)[first * hidden + i - inputs] = value;
    });
  }

  /** Of what a row reads that which it keeps, and the one of the bias. */
  #keptOf(gate: number, operands: Channel['operands'], row: number): Int32Array {
    const { inputs, hidden } = this.#moments;
    const kept: number[] = [];
    const add = (masks: readonly Uint8Array[], columns: number, first: number) => {
      const mask = masks[masks.length === 1 ? 0 : gate] as Uint8Array;
      for (let i = 0; i < columns; i++) if (mask[row * columns + i] === 1) kept.push(first + i);
    };
    if (operands !== 'h') add(this.#masks.x, inputs, 0);
    if (operands !== 'x' && this.#masks.h !== null) add(this.#masks.h, hidden, inputs);
    return Int32Array.of(...kept, inputs + hidden);
  }

  #factorOf(kept: Int32Array): Float64Array {
    const { inputs, hidden, products } = this.#moments;
    if (kept.length === this.#kept.length && kept.every((i, n) => i === this.#kept[n])) {
      return this.#factor;
    }
    const size = inputs + hidden + 1;
    const count = kept.length;
    const factor = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      const from = (kept[row] as number) * size;
      for (let column = 0; column <= row; column++) {
        factor[row * count + column] = products[from + (kept[column] as number)] as number;
      }
      if (row < count - 1)
        factor[row * count + row] = (factor[row * count + row] as number) + this.#ridge;
    }
    factorise(factor, count);
    this.#kept = kept;
    this.#factor = factor;
    return factor;
  }
}

function masksOf({ patterns }: MatrixPattern): readonly Uint8Array[] {
  return patterns.map((pattern) => keptMask(pattern).kept);
}
