import { attributesOf } from './attributes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { branchOptions } from './expand/branches.js';
import type { Graph } from './graph.js';
import { LSTM_INPUT, type LstmNode } from './lstm-node.js';
import type { Node } from './node.js';
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
   * The hardware starts each utterance at zero and carries the state itself: initial states must be absent, zeros,
   * or inputs of the graph, which only say that its caller carries the state.
   * @throws UserError LSTM_STATE when a state is another constant or computed.
   */
  read({ node, layer, layout }: LstmNode): InitialState {
    const notes: string[] = [];
    const nodes = new Set<Node>();
    const tensors = new Set<string>();
    for (const state of ['h', 'c'] as const) {
      const name = node.inputs[LSTM_INPUT[state]] ?? '';
      if (name === '') continue;
      const field = `${node.label}.initial_${state}`;
      const sources = this.#sources(name, field);
      const [input] = sources.inputs;
      const framed = sources.inputs.find((one) => this.#frames.has(one));
      if (framed !== undefined) {
        const expected = 'zeros or an input of the graph of its own';
        throw onnxError(this.graph.file, 'LSTM_STATE', field, expected, `${framed}, the frames`);
      }
      if (input !== undefined) {
        const carries = `the hardware carries the state itself, from zero in each utterance`;
        notes.push(`${field} comes from graph input ${input}: ${carries}`);
        continue;
      }
      if (this.constants.has(name))
        this.#checkShape(name, field, layer.cells, layout === 'one step');
      for (const source of sources.nodes) nodes.add(source);
      for (const source of sources.tensors) tensors.add(source);
      for (const source of sources.names) this.#zeros.add(source);
    }
    return { nodes: [...nodes], tensors: [...tensors], notes };
  }

  #sources(name: string, field: string) {
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

  #checkShape(name: string, field: string, cells: number, single: boolean): void {
    const { shape, type } = this.constants.get(name);
    if (!type.real) {
      throw onnxError(this.graph.file, 'TENSOR_DTYPE', field, 'real numbers', type.name);
    }
    if (single && shape.at(-1) === cells) return;
    if (shape.length === 3 && shape[2] === cells && shape.includes(1)) return;
    const expected = single ? `[batch, ${cells}]` : `[1, batch, ${cells}]`;
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
