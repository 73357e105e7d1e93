import type { Random } from '../../../../generator/base/random.js';
import {
  ints,
  type NodeMessage,
  node,
  onnxFile,
  type TensorMessage,
  tensor,
  value,
} from '../../../support/onnx.js';
import type { Parts } from './lstm-graph.js';

type Attributes = NonNullable<Parameters<typeof node>[3]>;

/** A graph under construction, of a version of the operator set: where versions differ it writes what is right. */
export class RandomGraph {
  readonly #nodes: NodeMessage[] = [];
  readonly #tensors: Record<string, TensorMessage> = {};
  readonly #inputs: Record<string, unknown>[] = [];
  readonly #outputs = new Set<string>();
  readonly feeds: Record<string, readonly number[]> = {};
  #count = 0;

  constructor(
    readonly random: Random,
    readonly opset: number,
  ) {}

  /** One of a list. */
  one<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)] as T;
  }

  chance(probability: number): boolean {
    return this.random.unit() < probability;
  }

  /** An input of the graph that is fed with that shape; names stand for lengths that the file does not say. */
  input(name: string, dims: readonly number[], shape: readonly (number | string)[] = dims): string {
    this.feeds[name] = dims;
    this.#inputs.push(value(name, shape));
    return name;
  }

  output(name: string): void {
    this.#outputs.add(name);
  }

  add({ nodes, tensors }: Parts): void {
    this.#nodes.push(...nodes);
    Object.assign(this.#tensors, tensors);
  }

  constant(one: TensorMessage): string {
    const name = `k${this.#count++}`;
    this.#tensors[name] = one;
    return name;
  }

  /** A constant of random numbers, or of positive ones. */
  numbers(shape: readonly number[], positive = false): string {
    const size = shape.reduce((a, b) => a * b, 1);
    const number = () => this.random.unit() * 2 - (positive ? -0.25 : 1);
    return this.constant(tensor(shape, Array.from({ length: size }, number)));
  }

  ints(...values: number[]): string {
    return this.constant(ints(...values));
  }

  op(op: string, inputs: readonly string[], attributes: Attributes = {}, outputs = 1): string[] {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`);
    this.#nodes.push(node(op, inputs, names, attributes));
    return names;
  }

  apply(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.op(op, inputs, attributes)[0] as string;
  }

  /** Squeeze, Unsqueeze or ReduceSum, whose axes became an input with version 13. */
  axes(op: 'Squeeze' | 'Unsqueeze' | 'ReduceSum', from: string, axis: number, more = {}): string {
    return this.opset < 13
      ? this.apply(op, [from], { axes: [axis], ...more })
      : this.apply(op, [from, this.ints(axis)], more);
  }

  /** ReduceMean or ReduceMax, whose axes became an input with version 18. */
  reduce(op: 'ReduceMean' | 'ReduceMax', from: string, axis: number): string {
    return this.opset < 18
      ? this.apply(op, [from], { axes: [axis], keepdims: 0 })
      : this.apply(op, [from, this.ints(axis)], { keepdims: 0 });
  }

  slice(from: string, start: number, end: number, axis: number): string {
    if (this.opset < 10) {
      return this.apply('Slice', [from], { starts: [start], ends: [end], axes: [axis] });
    }
    const inputs = [from, this.ints(start), this.ints(end), this.ints(axis)];
    return this.apply('Slice', this.chance(0.5) ? inputs : [...inputs, this.ints(1)]);
  }

  /** One element of an axis, which is gone then. */
  pick(from: string, index: number, axis: number): string {
    if (this.chance(0.5)) {
      const at = this.constant(tensor([], [index], 'int64'));
      return this.apply('Gather', [from, at], { axis });
    }
    const end = index === -1 ? 2 ** 40 : index + 1;
    return this.axes('Squeeze', this.slice(from, index, end, axis), axis);
  }

  transpose(from: string, ...perm: number[]): string {
    return this.apply('Transpose', [from], { perm });
  }

  reshape(from: string, ...shape: number[]): string {
    return this.apply('Reshape', [from, this.ints(...shape)]);
  }

  bytes(): Uint8Array {
    const used = new Set(this.#nodes.flatMap(({ input }) => input));
    const graph = {
      node: this.#nodes,
      initializer: Object.entries(this.#tensors)
        .filter(([name]) => used.has(name))
        .map(([name, one]) => ({ ...one, name })),
      input: this.#inputs,
      output: [...this.#outputs].map((name) => value(name)),
    };
    return onnxFile(graph, { opset: this.opset });
  }
}
