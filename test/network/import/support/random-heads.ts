import { tensor } from '../../../support/onnx.js';
import type { RandomGraph } from './random-graph.js';

/** What a head is built on. */
export interface Body {
  /** h of the last layer with features on the last of three axes. */
  readonly h: string;
  readonly time: 0 | 1;
  /** Frames as the first layer reads them, [frames, batch, inputs]. */
  readonly frames: string;
  readonly inputs: number;
  /** h of each layer, [frames, batch, cells]. */
  readonly layers: readonly string[];
  readonly cells: readonly number[];
  readonly lengths: { readonly time: number; readonly batch: number };
}

/** Writes a head; returns the value that is an output of the graph. */
type Head = (graph: RandomGraph, body: Body) => string;

const lastOf = <T>(list: readonly T[]): T => list.at(-1) as T;

/** A dense layer on features that are on the last axis. */
export function dense(g: RandomGraph, from: string, inputs: number, outputs: number): string {
  if (g.chance(0.3)) {
    const flat = g.reshape(from, -1, inputs);
    const bias = g.numbers(g.chance(0.5) ? [outputs] : [1, outputs]);
    const alpha = { alpha: { float: g.one([1, 0.5]) }, beta: { float: g.one([1, 2]) } };
    return g.chance(0.5)
      ? g.apply('Gemm', [flat, g.numbers([outputs, inputs]), bias], { transB: 1, ...alpha })
      : g.apply('Gemm', [flat, g.numbers([inputs, outputs]), bias], alpha);
  }
  const product = g.apply('MatMul', [from, g.numbers([inputs, outputs])]);
  if (g.chance(0.2)) return product;
  const bias = g.numbers([outputs]);
  return g.apply('Add', g.chance(0.5) ? [product, bias] : [bias, product]);
}

/** A dense layer on the last axis that leaves all others as they are. */
export function denseInPlace(
  g: RandomGraph,
  from: string,
  inputs: number,
  outputs: number,
): string {
  const product = g.apply('MatMul', [from, g.numbers([inputs, outputs])]);
  return g.chance(0.7) ? g.apply('Add', [product, g.numbers([outputs])]) : product;
}

const number = (g: RandomGraph, value: number) => g.constant(tensor([], [value]));

/** A function of sums that the hardware has, in one of the ways that exporters write. */
export function activation(g: RandomGraph, from: string): string {
  const clip = (value: string, low: number, high: number) =>
    g.opset < 11
      ? g.apply('Clip', [value], { min: { float: low }, max: { float: high } })
      : g.apply('Clip', [value, number(g, low), number(g, high)]);
  switch (g.random.below(8)) {
    case 0:
      return g.apply('Tanh', [from]);
    case 1:
      return g.apply('Sigmoid', [from]);
    case 2:
      return clip(from, -0.5, 0.5);
    case 3:
      // ReLU up to a number, and behind it another limit
      return clip(g.apply('Relu', [from]), g.one([-1, 0, 0.25]), 0.75);
    case 4:
      return g.apply('HardSigmoid', [from], { alpha: { float: 0.5 }, beta: { float: 0.25 } });
    case 5:
      return g.opset < 11
        ? g.apply('Clip', [from], { min: { float: -0.25 } })
        : g.apply('Clip', [from, '', number(g, 0.25)]);
    default:
      return g.apply('Relu', [from]);
  }
}

const classes = (g: RandomGraph) => g.random.between(2, 5);
const onH = (g: RandomGraph, { h, cells }: Body) => dense(g, h, lastOf(cells), classes(g));

/** h of the last frame, [batch, cells], in one of the ways that exporters write. */
function lastFrame(g: RandomGraph, body: Body): string {
  const n = body.cells.length;
  const way = g.random.below(4);
  if (way === 0) return g.pick(body.h, -1, body.time);
  if (way === 1) return g.axes('Squeeze', `H_${n - 1}`, 0);
  if (way === 2 && body.cells.every((cells) => cells === lastOf(body.cells))) {
    // h_n[-1] as PyTorch stacks the layers
    const stacked = g.apply(
      'Concat',
      body.cells.map((_, l) => `H_${l}`),
      { axis: 0 },
    );
    return g.pick(stacked, g.one([-1, n - 1]), 0);
  }
  const dropped = g.opset < 12 ? g.apply('Dropout', [body.h]) : g.apply('Identity', [body.h]);
  return g.pick(dropped, -1, body.time);
}

/** Channels on the axis after the first, a batch norm, and back. */
export function batchNorm(g: RandomGraph, from: string, features: number): string {
  const channels = g.transpose(from, 1, 2, 0);
  const parameters = [0, 1, 2].map(() => g.numbers([features]));
  const inputs = [channels, ...parameters, g.numbers([features], true)];
  return g.transpose(g.apply('BatchNormalization', inputs), 2, 0, 1);
}

export function layerNorm(g: RandomGraph, from: string, features: number): string {
  if (g.opset >= 17) return g.apply('LayerNormalization', [from, g.numbers([features])]);
  const mean = g.apply('ReduceMean', [from], { axes: [-1], keepdims: 1 });
  return g.apply('Mul', [g.apply('Sub', [from, mean]), g.numbers([features])]);
}

/** Heads that the hardware computes. */
export const TAKEN: Readonly<Record<string, Head>> = {
  'h itself': (_, { h }) => h,
  'h of the last frame': lastFrame,
  dense: onH,
  'dense on the last frame': (g, body) =>
    dense(g, lastFrame(g, body), lastOf(body.cells), classes(g)),
  'dense and Sigmoid': (g, body) => g.apply('Sigmoid', [onH(g, body)]),
  'dense and Softmax': (g, body) => {
    const sums = dense(g, lastFrame(g, body), lastOf(body.cells), classes(g));
    return g.apply(g.one(['Softmax', 'LogSoftmax']), [sums], { axis: g.one([1, -1]) });
  },
  'batch norm and dense': (g, body) => {
    const n = lastOf(body.cells);
    return dense(g, batchNorm(g, body.h, n), n, classes(g));
  },
  'scaled h and dense': (g, body) => {
    const n = lastOf(body.cells);
    const scaled = g.apply('Mul', [body.h, g.numbers([n])]);
    return dense(g, g.apply('Sub', [scaled, g.numbers([1, n])]), n, classes(g));
  },
  'dense and a function': (g, body) => activation(g, onH(g, body)),
  'two dense layers': (g, body) => dense(g, dense(g, body.h, lastOf(body.cells), 4), 4, 2),
  'dense layers with functions between': (g, body) => {
    const below = g.chance(0.3) ? lastFrame(g, body) : body.h;
    let [h, width] = [below, lastOf(body.cells)];
    for (let more = g.random.between(1, 3); more > 0; more--) {
      const next = g.random.between(2, 5);
      h = activation(g, dense(g, h, width, next));
      if (g.chance(0.2)) h = g.apply('Dropout', [h]);
      if (g.chance(0.2)) h = g.apply('Mul', [h, g.numbers([next])]);
      width = next;
    }
    return dense(g, h, width, classes(g));
  },
  'an inner layer': (g, body) => dense(g, body.layers[0] as string, body.cells[0] as number, 3),
  'side by side': (g, body) => {
    const both = [...body.layers, ...(g.chance(0.3) ? [lastOf(body.layers)] : [])];
    if (g.chance(0.5)) both.reverse();
    const width = both.reduce(
      (sum, one) => sum + (body.cells[body.layers.indexOf(one)] as number),
      0,
    );
    const joined = g.apply('Concat', both, { axis: g.one([2, -1]) });
    return dense(g, g.chance(0.3) ? batchNorm(g, joined, width) : joined, width, 3);
  },
  'all states of the last frame': (g, body) => {
    const states = body.cells.map((_, l) => `H_${l}`);
    const width = body.cells.reduce((sum, cells) => sum + cells, 0);
    const axis = body.cells.every((cells) => cells === body.cells[0]) ? g.one([0, 2]) : 2;
    const all = g.apply('Concat', states, { axis });
    if (axis === 2) return dense(g, g.axes('Squeeze', all, 0), width, 3);
    return dense(g, g.reshape(g.transpose(all, 1, 0, 2), -1, width), width, 3);
  },
  'two dense layers beside each other': (g, body) => {
    const n = lastOf(body.cells);
    const half = (width: number) => activation(g, denseInPlace(g, body.h, n, width));
    return dense(g, g.apply('Concat', [half(2), half(3)], { axis: 2 }), 5, 3);
  },
  'dense and a scale': (g, body) => g.apply('Mul', [onH(g, body), g.numbers([1])]),
};

const OTHERS = ['LeakyRelu', 'Elu', 'Exp', 'Softplus', 'Selu', 'Abs'];

/** Heads that it does not compute. */
export const REFUSED: Readonly<Record<string, Head>> = {
  'activation and dense': (g, body) =>
    dense(g, g.apply(g.one(['Relu', 'Tanh', 'Sigmoid', 'Elu']), [body.h]), lastOf(body.cells), 3),
  'two dense layers with another activation': (g, body) => {
    const wide = dense(g, body.h, lastOf(body.cells), 4);
    return dense(g, g.apply(g.one(OTHERS), [wide]), 4, 2);
  },
  'dense and another activation': (g, body) => g.apply(g.one(OTHERS), [onH(g, body)]),
  'dense, a function and a scale': (g, body) =>
    g.apply('Mul', [g.apply('Relu', [onH(g, body)]), g.numbers([1])]),
  'dense, a function and a softmax': (g, body) =>
    g.apply('Softmax', [g.apply('Tanh', [onH(g, body)])], { axis: -1 }),
  'a residual around a dense layer': (g, body) => {
    const n = lastOf(body.cells);
    const inner = g.apply('Relu', [denseInPlace(g, body.h, n, n)]);
    return dense(g, g.apply('Add', [inner, body.h]), n, 3);
  },
  'a softmax between dense layers': (g, body) => {
    const wide = dense(g, body.h, lastOf(body.cells), 4);
    return dense(g, g.apply('Softmax', [wide], { axis: -1 }), 4, 2);
  },
  'mean over the frames': (g, body) =>
    dense(g, g.reduce('ReduceMean', body.h, body.time), lastOf(body.cells), 3),
  'largest of the frames': (g, body) =>
    dense(g, g.reduce('ReduceMax', body.h, body.time), lastOf(body.cells), 3),
  convolution: (g, body) => {
    const n = lastOf(body.cells);
    const channels = g.transpose(body.layers.at(-1) as string, 1, 2, 0);
    const width = g.one([1, 2]);
    return g.apply('Conv', [channels, g.numbers([2, n, width])], { kernel_shape: [width] });
  },
  'beside the frames': (g, body) => {
    const both = g.apply('Concat', [lastOf(body.layers), body.frames], { axis: 2 });
    return dense(g, both, lastOf(body.cells) + body.inputs, 3);
  },
  attention: (g, body) => {
    const n = lastOf(body.cells);
    const score = g.apply('MatMul', [body.h, g.numbers([n, 1])]);
    // Softmax over the frames, by hand: before version 13 it was over all axes behind one
    const weight = g.apply('Exp', [score]);
    const sum = g.axes('ReduceSum', weight, body.time, { keepdims: 1 });
    const weighted = g.apply('Mul', [body.h, g.apply('Div', [weight, sum])]);
    return dense(g, g.axes('ReduceSum', weighted, body.time, { keepdims: 0 }), n, 3);
  },
  einsum: (g, body) =>
    g.opset < 12
      ? g.apply('Abs', [onH(g, body)])
      : g.apply('Einsum', [body.h, g.numbers([lastOf(body.cells), 3])], {
          equation: 'abf,fo->abo',
        }),
  'integer product': (g, body) => {
    if (g.opset < 11) return g.apply('Sqrt', [g.apply('Abs', [body.h])]);
    const [q, scale, zero] = g.op('DynamicQuantizeLinear', [body.h], {}, 3) as [
      string,
      string,
      string,
    ];
    const n = lastOf(body.cells);
    const bytes = Uint8Array.from({ length: 3 * n }, () => g.random.below(256));
    const weights = g.constant({ dims: [n, 3], data_type: 3, raw_data: bytes });
    const product = g.apply('MatMulInteger', [q, weights, zero]);
    return g.apply('Mul', [g.apply('Cast', [product], { to: 1 }), scale]);
  },
  'the cell state': (g, body) =>
    dense(g, g.axes('Squeeze', `C_${body.cells.length - 1}`, 0), lastOf(body.cells), 3),
  'h and c': (g, body) => {
    const n = body.cells.length - 1;
    const both = g.apply('Concat', [`H_${n}`, `C_${n}`], { axis: 2 });
    return dense(g, g.axes('Squeeze', both, 0), 2 * lastOf(body.cells), 3);
  },
  'layer norm and dense': (g, body) => {
    const n = lastOf(body.cells);
    return dense(g, layerNorm(g, body.h, n), n, 3);
  },
  'some of the classes': (g, body) => {
    const sums = dense(g, lastFrame(g, body), lastOf(body.cells), 4);
    return g.slice(sums, 1, 3, 1);
  },
  'the first frame': (g, body) => dense(g, g.pick(body.h, 0, body.time), lastOf(body.cells), 3),
  'all frames at once': (g, body) => {
    const { time, batch } = body.lengths;
    const rows = body.time === 1 ? body.h : g.transpose(body.h, 1, 0, 2);
    const n = time * lastOf(body.cells);
    return dense(g, g.reshape(rows, batch, n), n, 3);
  },
  'one dense layer times another': (g, body) =>
    g.apply('Mul', [
      g.apply('MatMul', [body.h, g.numbers([lastOf(body.cells), 3])]),
      g.apply('Sigmoid', [g.apply('MatMul', [body.h, g.numbers([lastOf(body.cells), 3])])]),
    ]),
  'the largest class': (g, body) =>
    g.apply('Cast', [g.apply('ArgMax', [onH(g, body)], { axis: -1 })], { to: 1 }),
  'every second frame': (g, body) => {
    if (g.opset < 10) return g.apply('Abs', [body.h]);
    const inputs = [0, 2 ** 40, body.time, 2].map((n) => g.ints(n));
    return dense(g, g.apply('Slice', [body.h, ...inputs]), lastOf(body.cells), 3);
  },
  'a sum with the frames': (g, body) => {
    const n = lastOf(body.cells);
    const projected = g.apply('MatMul', [body.frames, g.numbers([body.inputs, n])]);
    return dense(g, g.apply('Add', [lastOf(body.layers), projected]), n, 3);
  },
};
