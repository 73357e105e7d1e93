import { UserError } from '../../../base/errors.js';
import type { FloatLayer, FloatTensor } from '../../float/model.js';
import { attributesOf } from './attributes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { branchOptions } from './expand/branches.js';
import type { Graph } from './graph.js';
import { directionsOf, LAYER_INPUT, type LayerNode, statesOf } from './layer-node.js';
import type { Node } from './node.js';
import { valuesOf } from './projection.js';
import { checkSignature } from './signature.js';
import { readTensor } from './tensor.js';

/** Operators whose result holds nothing but numbers of their first input, or of all inputs. */
export const FIRST_INPUT: ReadonlySet<string> = new Set([
  'Cast',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

/** Where the first h and c of a layer come from. */
export interface InitialState {
  /** Nodes and tensors that make the zeros. */
  readonly nodes: readonly Node[];
  readonly tensors: readonly string[];
  /** For the user, where the source network leaves the state to its caller. */
  readonly notes: readonly string[];
  /** The first h and c of every utterance of each direction, where they are constants other than zeros. */
  readonly initial?: readonly NonNullable<FloatLayer['initial']>[];
}

/** Reads the initial states of layers; what is known to be zero is looked at once. */
export class InitialStates {
  readonly #zeros = new Set<string>();
  /** Inputs of the graph that the frames are made of. */
  readonly #frames: ReadonlySet<string>;

  /** `frames`: the value that the first layer reads. */
  constructor(
    private readonly graph: Graph,
    private readonly constants: Constants,
    frames: string,
  ) {
    this.#frames = inputsBehind(frames, graph);
  }

  /**
   * The hardware carries the state itself: initial states must be absent, constants that are the same for every
   * utterance, or inputs of the graph, which only say that its caller carries the state.
   * @throws UserError LSTM_STATE when a state is computed, or a constant beside one that the caller carries.
   */
  read(lstm: LayerNode): InitialState {
    const { node, layer, layout, loop, projection } = lstm;
    const count = directionsOf(lstm).length;
    const lengths = { h: valuesOf({ layer, projection }), c: layer.cells };
    const notes: string[] = [];
    const nodes = new Set<Node>();
    const tensors = new Set<string>();
    const learned: Partial<Record<'h' | 'c', readonly FloatTensor[]>> = {};
    const carried: string[] = [];
    for (const state of statesOf(layer)) {
      const name = node.inputs[LAYER_INPUT[state]] ?? '';
      if (name === '') continue;
      const field = `${node.label}.initial_${state}`;
      const sources = this.#sources(name, field);
      const [input] = sources?.inputs ?? [];
      const framed = sources?.inputs.find((one) => this.#frames.has(one));
      if (framed !== undefined) {
        const expected = 'zeros or an input of the graph of its own';
        throw onnxError(this.graph.file, 'LSTM_STATE', field, expected, `${framed}, the frames`);
      }
      if (input !== undefined) {
        const carries = `the hardware carries the state itself, from zero in each utterance`;
        notes.push(`${field} comes from graph input ${input}: ${carries}`);
        carried.push(input);
        continue;
      }
      if (this.constants.has(name))
        this.#checkShape(name, field, [count, lengths[state]], layout, loop?.rank[state]);
      if (sources === null) {
        learned[state] = this.#ofDirections(name, field, [count, lengths[state]], layout);
        notes.push(`${field} is ${name}, with which every utterance starts`);
      }
      const behind = sources ?? { ...this.constants.origin([name]), names: [] };
      for (const source of behind.nodes) nodes.add(source);
      for (const source of behind.tensors) tensors.add(source);
      for (const source of behind.names) this.#zeros.add(source);
    }
    const found = { nodes: [...nodes], tensors: [...tensors], notes };
    const [given] = Object.values(learned);
    if (given === undefined) return found;
    if (carried.length > 0) {
      const field = `${node.label}, initial state`;
      const got = `${given[0]?.name}, a constant, beside ${carried[0]}, an input of the graph`;
      throw onnxError(this.graph.file, 'LSTM_STATE', field, 'h and c from one place', got);
    }
    const zeros = (state: 'h' | 'c') => ({
      name: `initial_${state} of ${node.label}`,
      values: new Float64Array(lengths[state]),
    });
    const hasC = statesOf(layer).includes('c');
    const initial = Array.from({ length: count }, (_, d) => ({
      h: learned.h?.[d] ?? zeros('h'),
      c: hasC ? (learned.c?.[d] ?? zeros('c')) : null,
    }));
    return { ...found, initial };
  }

  /** The states of a constant [directions, batch, cells], or [batch, directions, cells], that are the same for all utterances. */
  #ofDirections(
    name: string,
    field: string,
    [count, cells]: readonly [directions: number, cells: number],
    layout: LayerNode['layout'],
  ): readonly FloatTensor[] {
    const { data } = this.constants.get(name);
    if (count === 1) return [{ name, values: this.#same(data, field, cells) }];
    const batch = data.length / (count * cells);
    return Array.from({ length: count }, (_, d) => {
      const own = Array.from({ length: batch }, (__, b) => {
        const at = (layout === 'batch first' ? b * count + d : d * batch + b) * cells;
        return data.subarray(at, at + cells);
      });
      const all = new Float64Array(batch * cells);
      own.forEach((one, b) => {
        all.set(one, b * cells);
      });
      return { name: `${name}[${d}]`, values: this.#same(all, field, cells) };
    });
  }

  /** The state of one utterance, of states that are the same for all. */
  #same(data: Float64Array, field: string, cells: number): Float64Array {
    const odd = data.findIndex((one, i) => one !== data[i % cells] || !Number.isFinite(one));
    if (odd < 0) return data.slice(0, cells);
    const got = `${data[odd]} at element ${odd}`;
    const expected = 'finite numbers, the same for every utterance of the batch';
    throw onnxError(this.graph.file, 'LSTM_STATE', field, expected, got);
  }

  /** Where a state comes from that is zero or handed in; null where it is another constant. */
  #sources(name: string, field: string) {
    try {
      return this.#zerosBehind(name, field);
    } catch (error) {
      const constant = error instanceof UserError && error.report.code === 'LSTM_STATE';
      if (constant && this.constants.has(name)) return null;
      throw error;
    }
  }

  #zerosBehind(name: string, field: string) {
    const { graph, constants } = this;
    const names = new Set([name]);
    const nodes: Node[] = [];
    const tensors: string[] = [];
    const inputs: string[] = [];
    for (const at of names) {
      if (this.#zeros.has(at)) continue;
      const node = graph.producers.get(at)?.node;
      const tensor = graph.initializers.get(at);
      if (graph.inputs.has(at)) inputs.push(at);
      else if (tensor !== undefined) {
        if (readTensor(tensor, at, graph).data.some((value) => value !== 0)) {
          throw this.#notZero(field, at);
        }
        tensors.push(at);
      } else if (node !== undefined) {
        nodes.push(node);
        if (node.op === 'Concat' || FIRST_INPUT.has(node.op)) checkSignature(node, graph);
        if (node.op === 'Concat') for (const input of node.inputs) names.add(input);
        else if (FIRST_INPUT.has(node.op)) names.add(node.inputs[0] ?? '');
        else if (node.op === 'ConstantOfShape') {
          const value = attributesOf(node, ['value'], graph).tensor('value');
          if (value && readTensor(value, node.label, graph).data.some((one) => one !== 0)) {
            throw this.#notZero(field, at);
          }
        } else if (constants.has(at)) {
          if (constants.get(at).data.some((value) => value !== 0)) throw this.#notZero(field, at);
        } else {
          const branch = node.op === 'If' ? ` (${branchOptions(node.label)} takes a branch)` : '';
          const expected = `zeros or an input of the graph${branch}`;
          const got = `the output of ${node.label} (${node.op})`;
          throw onnxError(graph.file, 'LSTM_STATE', field, expected, got);
        }
      }
    }
    return { names, nodes, tensors, inputs };
  }

  #notZero(field: string, name: string): Error {
    const got = `${name}, which has other values`;
    return onnxError(this.graph.file, 'LSTM_STATE', field, 'zeros or an input of the graph', got);
  }

  #checkShape(
    name: string,
    field: string,
    [count, cells]: readonly [directions: number, cells: number],
    layout: LayerNode['layout'],
    rank: number | undefined,
  ): void {
    const single = layout === 'one step';
    const { shape, type } = this.constants.get(name);
    if (!type.real) {
      throw onnxError(this.graph.file, 'TENSOR_DTYPE', field, 'real numbers', type.name);
    }
    if (rank !== undefined) {
      if (shape.length === rank && shape.at(-1) === cells) return;
      const axes = `${rank} axes, the last of length ${cells}`;
      throw onnxError(this.graph.file, 'TENSOR_SHAPE', field, axes, `[${shape.join(', ')}]`);
    }
    if (single && shape.at(-1) === cells) return;
    const directions = shape[layout === 'batch first' ? 1 : 0];
    const one = count === 1 && shape.includes(1);
    if (shape.length === 3 && shape[2] === cells && (one || directions === count)) return;
    const expected = single ? `[batch, ${cells}]` : `[${count}, batch, ${cells}]`;
    throw onnxError(this.graph.file, 'TENSOR_SHAPE', field, expected, `[${shape.join(', ')}]`);
  }
}

/** Inputs of the graph from which a value is computed. */
function inputsBehind(name: string, { producers, inputs }: Graph): ReadonlySet<string> {
  const seen = new Set([name]);
  for (const at of seen) {
    for (const input of producers.get(at)?.node.inputs ?? []) seen.add(input);
  }
  return new Set([...seen].filter((at) => inputs.has(at)));
}
