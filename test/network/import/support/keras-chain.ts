import type { Random } from '../../../../generator/base/random.js';
import { node, tensor } from '../../../support/onnx.js';
import { denseLayer, inputLayer, type Layer, layerJson, lstmLayer, plain } from './keras-files.js';
import { graphOf, linearTensor, lstm, type Parts } from './lstm-graph.js';
import { randomLayer, randomLinear } from './lstm-reference.js';

/** Functions behind dense layers, with the operator of ONNX that computes the same. */
const FUNCTIONS = {
  linear: null,
  relu: { operator: 'Relu' },
  relu6: { clip: [0, 6] },
  hard_tanh: { clip: [-1, 1] },
  tanh: { operator: 'Tanh' },
  sigmoid: { operator: 'Sigmoid' },
  hard_sigmoid: { operator: 'HardSigmoid' },
} as const;
export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

const EPSILON = 0.5;

/** A network of Keras layer by layer, and beside it an ONNX graph of the same that no importer of Keras has seen. */
export class KerasChain {
  readonly layers: Layer[];
  readonly #parts: Parts[] = [];
  readonly #paths = new Map<string, number>();
  #value = 'x';
  #count = 0;

  /** `slope` of a hard sigmoid. */
  constructor(
    private readonly random: Random,
    readonly inputs: number,
    private readonly slope: number,
    private width = inputs,
    frames: readonly (number | null)[] = [null],
  ) {
    this.layers = [inputLayer(...frames, inputs)];
  }

  /** The ONNX graph, whose output is `y`: what hardware gives. */
  graph() {
    const last: Parts = { nodes: [node('Identity', [this.#value], ['y'])], tensors: {} };
    return graphOf([...this.#parts, last], { inputs: this.inputs, outputs: ['y'] });
  }

  lstm(cells: number): this {
    const layer = randomLayer(this.random, this.width, cells);
    const l = this.#count++;
    this.layers.push({ ...lstmLayer(layer, `lstm_${l}`), path: `${this.#path('lstm')}/cell` });
    this.#parts.push(lstm(layer, l, this.#value), {
      nodes: [node('Squeeze', [`Y_${l}`, `axes_${l}`], [`h_${l}`])],
      tensors: { [`axes_${l}`]: tensor([1], [1], 'int64') },
    });
    this.#value = `h_${l}`;
    this.width = cells;
    return this;
  }

  dense(
    outputs: number,
    name: FunctionName = 'linear',
    how: 'option' | 'layer' | 'each frame' = 'option',
  ): this {
    const linear = randomLinear(this.random, this.width, outputs);
    const l = this.#count++;
    const own = denseLayer(linear, `dense_${l}`, how === 'layer' ? {} : { activation: name });
    const json = layerJson('TimeDistributed', `dense_${l}`, { layer: own.json });
    this.layers.push(
      how === 'each frame'
        ? { ...own, json, path: `${this.#path('time_distributed')}/layer` }
        : { ...own, path: this.#path('dense') },
    );
    const [sums, to] = [`sums_${l}`, `dense_${l}`];
    this.#parts.push({
      nodes: [
        node('MatMul', [this.#value, `K_${l}`], [`product_${l}`]),
        node('Add', [`product_${l}`, `b_${l}`], [sums]),
      ],
      tensors: {
        [`K_${l}`]: linearTensor(linear, 'inputs'),
        [`b_${l}`]: tensor([outputs], linear.b),
      },
    });
    this.#value = sums;
    this.width = outputs;
    if (how === 'layer') return this.activation(name);
    this.#compute(name, to);
    return this;
  }

  /** A layer that is a function. */
  activation(name: FunctionName): this {
    const l = this.#count++;
    this.layers.push(plain('Activation', `activation_${l}`, { activation: name }));
    this.#compute(name, `activation_${l}`);
    return this;
  }

  /** `ReLU` with a largest value. */
  clipped(most: number): this {
    const l = this.#count++;
    const options = { max_value: most, negative_slope: 0, threshold: 0 };
    this.layers.push(plain('ReLU', `re_lu_${l}`, options));
    this.#clip(0, most, `re_lu_${l}`);
    return this;
  }

  /** Layers that change nothing in use. */
  dropout(): this {
    this.layers.push(plain('Dropout', `dropout_${this.#count++}`, { rate: 0.5 }));
    return this;
  }

  norm(): this {
    const l = this.#count++;
    const list = () =>
      Array.from({ length: this.width }, () => Math.fround(this.random.unit() + 0.25));
    const [gamma, beta, mean, variance] = [list(), list(), list(), list()];
    const numbers = (data: number[]) => ({ shape: [data.length], data });
    this.layers.push({
      json: layerJson('BatchNormalization', `bn_${l}`, { axis: -1, epsilon: EPSILON }),
      weights: {
        gamma: numbers(gamma),
        beta: numbers(beta),
        moving_mean: numbers(mean),
        moving_variance: numbers(variance),
      },
      path: this.#path('batch_normalization'),
    });
    const [m, s] = [`mean_${l}`, `scale_${l}`];
    const scale = gamma.map((one, i) => one / Math.sqrt((variance[i] as number) + EPSILON));
    const n = this.width;
    this.#parts.push({
      nodes: [
        node('Sub', [this.#value, m], [`centred_${l}`]),
        node('Mul', [`centred_${l}`, s], [`scaled_${l}`]),
        node('Add', [`scaled_${l}`, `beta_${l}`], [`bn_${l}`]),
      ],
      tensors: {
        [m]: tensor([n], mean),
        [s]: tensor([n], scale),
        [`beta_${l}`]: tensor([n], beta),
      },
    });
    this.#value = `bn_${l}`;
    return this;
  }

  /** A last function, which hardware leaves out. */
  final(activation: 'softmax' | 'sigmoid' | 'log_softmax'): this {
    this.layers.push(plain('Activation', 'final', { activation }));
    return this;
  }

  /** Where Keras 3 keeps the weights of the next layer of a class. */
  #path(name: string): string {
    const count = this.#paths.get(name) ?? 0;
    this.#paths.set(name, count + 1);
    return `layers/${name}${count === 0 ? '' : `_${count}`}`;
  }

  #compute(name: FunctionName, to: string): void {
    const own = FUNCTIONS[name];
    if (own === null) return;
    if ('clip' in own) {
      this.#clip(own.clip[0], own.clip[1], to);
      return;
    }
    const attributes =
      own.operator === 'HardSigmoid' ? { alpha: { float: this.slope }, beta: { float: 0.5 } } : {};
    const nodes = [node(own.operator, [this.#value], [to], attributes)];
    this.#parts.push({ nodes, tensors: {} });
    this.#value = to;
  }

  #clip(low: number, high: number, to: string): void {
    const ends = { [`${to}_low`]: tensor([], [low]), [`${to}_high`]: tensor([], [high]) };
    const nodes = [node('Clip', [this.#value, ...Object.keys(ends)], [to])];
    this.#parts.push({ nodes, tensors: ends });
    this.#value = to;
  }
}
