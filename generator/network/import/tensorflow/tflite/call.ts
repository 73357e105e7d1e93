import { decodeElements } from '../../../formats/elements.js';
import type { FlatTable } from '../../../formats/flatbuffer.js';
import type { Builder } from '../builder.js';
import { tensorflowError } from '../errors.js';
import type { TfliteOperator, TfliteSubgraph, TfliteTensor } from './schema.js';
import { isCoded, realsOf, typeName } from './tensors.js';

/** Activations of operators by their number. */
const ACTIVATIONS = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT'];

/** A list of more numbers than this is no list of axes or lengths. */
const LONGEST_LIST = 4096;

/** A subgraph with the names of its values. */
export interface Scope {
  readonly file: string;
  readonly subgraphs: readonly TfliteSubgraph[];
  readonly graph: TfliteSubgraph;
  /** Stands before the names of its nodes and values. */
  readonly prefix: string;
  readonly builder: Builder;
  /** Constants that an operator DEQUANTIZE makes real numbers of, by the number of its result. */
  readonly dequantised: ReadonlyMap<number, number>;
}

/** An operator and what it reads. */
export class Call {
  readonly name: string;
  readonly options: FlatTable | null;

  constructor(
    readonly scope: Scope,
    readonly operator: TfliteOperator,
  ) {
    this.name = `${scope.prefix}${operator.name}`;
    this.options = operator.options;
  }

  get builder(): Builder {
    return this.scope.builder;
  }

  /** The tensor of an input; null where it is absent. A constant is one as it is stored. */
  tensor(input: number): TfliteTensor | null {
    const number = this.operator.inputs[input] ?? -1;
    return this.scope.graph.tensors[this.scope.dequantised.get(number) ?? number] ?? null;
  }

  output(output: number): TfliteTensor | null {
    return this.scope.graph.tensors[this.operator.outputs[output] ?? -1] ?? null;
  }

  /** Name of the value of an input; empty where it is absent. */
  input(input: number): string {
    return valueName(this.scope, this.operator.inputs[input] ?? -1);
  }

  get inputs(): readonly string[] {
    return this.operator.inputs.map((_, i) => this.input(i));
  }

  get outputs(): readonly string[] {
    return this.operator.outputs.map((number) => valueName(this.scope, number));
  }

  /** The whole numbers of a constant input; null where it is computed or absent. */
  integers(input: number): readonly number[] | null {
    const tensor = this.tensor(input);
    const type = tensor && typeName(tensor);
    if (tensor === null || (type !== 'int32' && type !== 'int64')) return null;
    const { data } = tensor;
    const size = type === 'int32' ? 4 : 8;
    if (data === null || data.length % size !== 0 || data.length > LONGEST_LIST * size) return null;
    return [...decodeElements(type, data)];
  }

  /** The real numbers of a constant input, and the names of what they come from. */
  reals(input: number, field: string): { readonly values: Float64Array; readonly of: string[] } {
    const tensor = this.tensor(input);
    const { file, prefix } = this.scope;
    if (tensor?.data == null) {
      const got = tensor === null ? 'no input' : `${tensor.name}, which is computed`;
      throw tensorflowError(
        file,
        'TENSORFLOW_NOT_CONSTANT',
        `${this.name}.${field}`,
        'a constant',
        got,
      );
    }
    const values = realsOf(tensor, `${this.name}.${field}`, file);
    if (isCoded(tensor)) this.noteCodes(tensor);
    const source = `${prefix}${tensor.name}`;
    const result = this.input(input);
    return { values, of: source === result ? [source] : [source, result] };
  }

  /** Says once for an operator that its weights are integers with a scale. */
  noteCodes(tensor: TfliteTensor): void {
    const note = `weights of ${this.name} are ${typeName(tensor)} with a scale in the file: they are taken as the real numbers that they stand for`;
    if (!this.builder.notes.includes(note)) this.builder.notes.push(note);
  }

  /** The activation that an operator applies to its result, from a field of its options. */
  activation(field: number): string {
    const number = this.options?.number(field, 'int8') ?? 0;
    return ACTIVATIONS[number] ?? `activation ${number}`;
  }

  /** Adds the operator as one that has no counterpart: nothing is known of its result. */
  opaque(): void {
    const { op } = this.operator;
    this.builder.node(this.name, `tflite.${op}`, this.inputs, this.outputs);
  }
}

/** Name of the value of a tensor; empty for none. */
export function valueName({ graph, prefix }: Scope, tensor: number): string {
  const own = graph.tensors[tensor];
  return own === undefined ? '' : `${prefix}${own.name}`;
}

/** The value of a state at the start; empty for zeros: a tensor that keeps its value is zero at first. */
export function startOf(call: Call, input: number): string {
  const tensor = call.tensor(input);
  return tensor === null || tensor.variable ? '' : call.input(input);
}
