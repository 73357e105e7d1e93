import { UserError } from '../../../base/errors.js';
import { attributesOf } from './attributes.js';
import { NUMBER_TYPES, type NumberType } from './element-types.js';
import { onnxError } from './errors.js';
import { FOLDED } from './fold/fold.js';
import { integersOf, type Operator } from './fold/operator.js';
import type { Graph } from './graph.js';
import type { TensorProto } from './messages.js';
import type { Node } from './node.js';
import { ProductShapes } from './product-shapes.js';
import { externalBytes, readTensor, sizeOf, type Value } from './tensor.js';

/** Elements that all folding together may produce: so many per byte of the file, and some for small files. */
const ELEMENTS_PER_BYTE = 4;
const ELEMENTS_FOR_ALL = 65_536;

/** More than networks have; each costs time per element. */
const MAX_AXES = 16;

/** Operators that pick lengths out of lists. */
const PICKS = new Set(['Gather', 'Identity', 'Slice']);

const FLOAT32 = NUMBER_TYPES.get(1) as NumberType;

/** What a constant is made of. */
export interface Origin {
  readonly nodes: readonly Node[];
  readonly tensors: readonly string[];
}

/** The values of a graph that depend on no input, computed when asked for. */
export class Constants {
  readonly #graph: Graph;
  /** Names of values that are constant and that this program can compute. */
  readonly #constant: Set<string>;
  readonly #values = new Map<string, Value>();
  /** Lists of lengths with NaN where the file does not state one. */
  readonly #partial = new Map<string, Value>();
  readonly #products: ProductShapes;
  #left: number;

  /** `bytes`: size of the file, which bounds what is computed from it; `known`: inputs that are constants. */
  constructor(graph: Graph, bytes: number, known: ReadonlyMap<string, Value> = new Map()) {
    this.#graph = graph;
    this.#left = ELEMENTS_PER_BYTE * bytes + ELEMENTS_FOR_ALL;
    this.#constant = new Set([...graph.initializers.keys(), ...known.keys()]);
    for (const [name, value] of known) this.#values.set(name, value);
    this.#products = new ProductShapes(graph, known);
    for (const node of graph.nodes) {
      const { op, inputs, outputs } = node;
      this.#products.add(node);
      if (!FOLDED.has(op)) continue;
      const made = inputs.every((name) => name === '' || this.#constant.has(name));
      if (!made && !this.#isStated(node) && !this.#pick(node)) continue;
      for (const name of outputs) this.#constant.add(name);
    }
    this.#constant.delete('');
  }

  has(name: string): boolean {
    return this.#constant.has(name);
  }

  /** Nodes and initializers that constants are made of. */
  origin(names: Iterable<string>): Origin {
    return this.#behind(names, () => false);
  }

  /**
   * The numbers of a constant.
   * @throws UserError ONNX_NOT_CONSTANT (naming the node or input that stands in the way), IMPORT_TOO_LARGE, or
   * what reading a tensor or computing a node throws.
   */
  get(name: string): Value {
    if (!this.has(name)) throw this.#notConstant(name);
    const { nodes, tensors } = this.#behind([name], (one) => this.#values.has(one));
    for (const tensor of tensors) {
      const proto = this.#graph.initializers.get(tensor) as TensorProto;
      this.#keep(tensor, readTensor(proto, tensor, this.#graph));
      // what is read beside the file counts as a part of it
      this.#left += ELEMENTS_PER_BYTE * externalBytes(proto);
    }
    for (const node of nodes) this.#compute(node);
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    throw this.#fail(name, 'ONNX_INVALID', 'a value', 'an output that its node does not have');
  }

  /** The whole numbers of a constant list (as integersOf); null where it is computed from an input. */
  integers(name: string, scalar = false): readonly number[] | null {
    if (!this.has(name)) return null;
    const fail = (expected: string, got: string) => this.#fail(name, 'ONNX_INVALID', expected, got);
    return integersOf(this.get(name), fail, scalar);
  }

  /** Counts elements that are made besides: nothing may be much larger than the file. */
  reserve(shape: readonly number[], label: string): void {
    this.#left -= sizeOf(shape);
    if (this.#left >= 0) return;
    const expected = 'constants that are not much larger than the file';
    throw this.#fail(label, 'IMPORT_TOO_LARGE', expected, `another ${sizeOf(shape)} elements`);
  }

  /** Nodes in their order, and initializers, from which `names` come; not what is behind a value that is `known`. */
  #behind(names: Iterable<string>, known: (name: string) => boolean): Origin {
    const { initializers, producers } = this.#graph;
    const seen = new Set(names);
    const nodes = new Set<Node>();
    const tensors: string[] = [];
    for (const name of seen) {
      if (known(name)) continue;
      if (initializers.has(name)) tensors.push(name);
      const node = producers.get(name)?.node;
      if (node === undefined) continue;
      nodes.add(node);
      if (this.#isStated(node)) continue;
      for (const input of node.inputs) if (input !== '') seen.add(input);
    }
    return { nodes: [...nodes].sort((a, b) => a.index - b.index), tensors };
  }

  /** Whether the node is Shape of an input of the graph all whose lengths the file states. */
  #isStated({ op, inputs: [input = '', ...others] }: Node): boolean {
    if (op !== 'Shape' || others.length > 0 || !this.#graph.inputs.has(input)) return false;
    return this.#graph.shapes.get(input)?.every((length) => length !== undefined) ?? false;
  }

  /**
   * Whether the node picks lengths that the file states out of the shape of an input of the graph or of a product, others of which
   * are known when the network runs alone. Keeps what it picks.
   */
  #pick(node: Node): boolean {
    const { op, inputs, outputs } = node;
    const [list = '', ...others] = inputs;
    const name = outputs[0] ?? '';
    try {
      if (op === 'Shape' && (this.#graph.inputs.has(list) || this.#products.has(list))) {
        const stated = this.#graph.inputs.has(list)
          ? this.#graph.shapes.get(list)
          : this.#products.get(list);
        const shape = stated?.map((length) => length ?? Number.NaN);
        if (shape === undefined) return false;
        const value = { type: FLOAT32, shape, data: new Float64Array() };
        this.#partial.set(name, this.#fold(node, [value])[0] as Value);
        return false;
      }
      const partial = this.#partial.get(list);
      const known = others.every((one) => one === '' || this.#constant.has(one));
      if (partial === undefined || !known || !PICKS.has(op)) return false;
      const rest = others.map((one) => (one === '' ? undefined : this.get(one)));
      const picked = this.#fold(node, [partial, ...rest])[0] as Value;
      if (picked.data.some(Number.isNaN)) this.#partial.set(name, picked);
      else this.#values.set(name, picked);
      return this.#values.has(name);
    } catch (error) {
      // whoever needs the value hears that it is no constant
      if (error instanceof UserError) return false;
      throw error;
    }
  }

  #compute(node: Node): void {
    const { label, inputs, outputs } = node;
    if (outputs.some((output) => this.#values.has(output))) return;
    if (!FOLDED.has(node.op)) throw this.#notConstant(outputs[0] ?? label);
    const stated = this.#isStated(node) ? this.#graph.shapes.get(inputs[0] ?? '') : undefined;
    const results = this.#fold(
      node,
      stated
        ? [{ type: FLOAT32, shape: stated as readonly number[], data: new Float64Array() }]
        : inputs.map((name) => (name === '' ? undefined : this.#values.get(name))),
    );
    outputs.forEach((output, i) => {
      const value = results[i];
      if (output !== '' && value !== undefined) this.#keep(output, value);
    });
  }

  /** What a node makes of values, whatever its inputs are. @throws UserError as `get` */
  #fold(node: Node, inputs: readonly (Value | undefined)[]): readonly Value[] {
    const { op, label } = node;
    const folded = FOLDED.get(op) as Operator;
    return folded.fold({
      node,
      inputs,
      attributes: attributesOf(node, folded.attributes, this.#graph),
      opset: this.#graph.opset,
      reserve: (shape) => this.reserve(shape, label),
      fail: (expected, got) => this.#fail(label, 'ONNX_INVALID', expected, got),
      read: (tensor) => readTensor(tensor, label, this.#graph),
    });
  }

  #keep(name: string, value: Value): void {
    if (value.shape.length > MAX_AXES) {
      const got = `${value.shape.length}`;
      throw this.#fail(name, 'TENSOR_SHAPE', `at most ${MAX_AXES} axes`, got);
    }
    this.#values.set(name, value);
  }

  #notConstant(name: string): Error {
    const got = this.#graph.inputs.has(name)
      ? 'an input of the graph'
      : `the output of ${this.#obstacle(name)}`;
    return this.#fail(name, 'ONNX_NOT_CONSTANT', 'a constant', got);
  }

  /** Where on the way to `name` something is not constant for the first time. */
  #obstacle(name: string): string {
    const { producers, inputs } = this.#graph;
    let at = name;
    for (;;) {
      const node = producers.get(at)?.node;
      if (node === undefined) return inputs.has(at) ? `${at}, an input of the graph` : at;
      if (!FOLDED.has(node.op)) return `${node.label} (${node.op})`;
      at = node.inputs.find((input) => input !== '' && !this.has(input)) ?? '';
    }
  }

  #fail(field: string, code: string, expected: string, got: string): Error {
    return onnxError(this.#graph.file, code, field, expected, got);
  }
}
