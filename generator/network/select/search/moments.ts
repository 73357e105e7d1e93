import type { Steps } from '../../../base/steps.js';
import type { LayerMatrices } from '../../float/layer-matrices.js';
import { type FloatModel, hiddenOf } from '../../float/model.js';
import { floatSteps, type RealFrames } from '../../float/run.js';

/** Values that a layer reads above which no products of two of them are kept: a square of 32 MB. */
const MOST = 2048;

/** What a layer reads, x, then h, then a one for the bias, over frames. */
export interface Moments {
  /** Values of x and of h. */
  readonly inputs: number;
  readonly hidden: number;
  readonly frames: number;
  /** Sums of squares of each value. */
  readonly squares: Float64Array;
  /** Sums of the products of each two, [value][value], the one included; null where there are too many. */
  readonly products: Float64Array | null;
}

/** The moments of every layer of a network on frames. `tick` is told after each utterance. */
export function* momentSteps(
  model: FloatModel,
  frames: RealFrames,
  tick?: (done: number, total: number) => void,
): Steps<readonly Moments[]> {
  const sums = model.layers.map(({ inputs, h }, l) => {
    const hidden = h === null ? 0 : hiddenOf(model, l);
    const size = inputs + hidden + 1;
    const products = size > MOST ? null : new Float64Array(size * size);
    return { inputs, hidden, frames: 0, squares: new Float64Array(size - 1), products };
  });
  const visit: Parameters<typeof floatSteps>[2] = ({ layers }) => {
    layers.forEach(({ read }, l) => {
      const own = sums[l] as (typeof sums)[number];
      own.frames += 1;
      const all = Float64Array.of(...read.x, ...(own.hidden > 0 ? read.h : []), 1);
      for (let i = 0; i + 1 < all.length; i++) {
        own.squares[i] = (own.squares[i] as number) + (all[i] as number) ** 2;
      }
      if (own.products !== null) addProducts(own.products, all);
    });
  };
  yield* floatSteps(model, frames, visit, tick);
  for (const { products } of sums) if (products !== null) mirror(products);
  return sums;
}

/** The moments of two sets of frames together. */
export function joined(a: readonly Moments[], b: readonly Moments[]): readonly Moments[] {
  const sum = (one: Float64Array, other: Float64Array) =>
    one.map((value, i) => value + (other[i] as number));
  return a.map((own, l) => {
    const other = b[l] as Moments;
    return {
      ...own,
      frames: own.frames + other.frames,
      squares: sum(own.squares, other.squares),
      products: own.products && other.products && sum(own.products, other.products),
    };
  });
}

/** Root mean squares of what the columns of the matrices of a layer are multiplied by. */
export function rootMeanSquares({
  inputs,
  hidden,
  frames,
  squares,
}: Moments): LayerMatrices<Float64Array> {
  const all = squares.map((sum) => Math.sqrt(sum / frames));
  return { x: all.slice(0, inputs), h: hidden === 0 ? null : all.slice(inputs) };
}

/** Adds the products of each two values, the lower triangle. */
function addProducts(products: Float64Array, values: Float64Array): void {
  const size = values.length;
  for (let row = 0; row < size; row++) {
    const value = values[row] as number;
    if (value === 0) continue;
    const start = row * size;
    for (let column = 0; column <= row; column++) {
      products[start + column] =
        (products[start + column] as number) + value * (values[column] as number);
    }
  }
}

/** The upper triangle from the lower one. */
function mirror(products: Float64Array): void {
  const size = Math.sqrt(products.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      products[column * size + row] = products[row * size + column] as number;
    }
  }
}
