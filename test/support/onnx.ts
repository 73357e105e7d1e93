import { encodeElements } from '../../generator/network/formats/elements.js';
import { ONNX_TYPES } from '../../generator/network/import/onnx/protobuf.js';

/** Plain objects in the shape of the ONNX messages, for files that tests write. */
export interface TensorMessage {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly [field: string]: unknown;
}
export interface NodeMessage {
  readonly op_type: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly domain?: string;
  readonly attribute: readonly Record<string, unknown>[];
}
export interface GraphMessage {
  readonly node: readonly NodeMessage[];
  readonly initializer?: readonly TensorMessage[];
  readonly input: readonly Record<string, unknown>[];
  readonly output: readonly Record<string, unknown>[];
  readonly value_info?: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

const TYPES = {
  ...{ float32: 1, int8: 3, int32: 6, int64: 7, bool: 9 },
  ...{ float16: 10, float64: 11, bfloat16: 16 },
} as const;
export type TensorType = keyof typeof TYPES;

/** A tensor with its numbers as raw bytes. */
export function tensor(
  dims: readonly number[],
  values: readonly number[],
  type: TensorType = 'float32',
): TensorMessage {
  const raw_data = encodeElements(type === 'bool' ? 'uint8' : type, values);
  return { dims, data_type: TYPES[type], raw_data };
}

/** The same tensor with its numbers in the field of their type. */
export function typedTensor(
  dims: readonly number[],
  values: readonly number[],
  type: 'float32' | 'float64' | 'int64' | 'float16' = 'float32',
): TensorMessage {
  const field = {
    float32: 'float_data',
    float64: 'double_data',
    int64: 'int64_data',
    float16: 'int32_data',
  };
  const bits = (value: number) =>
    new DataView(encodeElements('float16', [value]).buffer).getUint16(0, true);
  const data = type === 'float16' ? values.map(bits) : values;
  return { dims, data_type: TYPES[type], [field[type]]: data };
}

export const ints = (...values: number[]): TensorMessage =>
  tensor([values.length], values, 'int64');

type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorMessage }
  | { readonly graph: GraphMessage };

/** A node; numbers are integer attributes. */
export function node(
  op_type: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  name = `${op_type}_${output[0]}`,
): NodeMessage {
  const attribute = Object.entries(attributes).map(([key, value]) => ({
    name: key,
    ...field(value),
  }));
  const [domain, op] = op_type.includes('.')
    ? [op_type.slice(0, op_type.lastIndexOf('.')), op_type.slice(op_type.lastIndexOf('.') + 1)]
    : ['', op_type];
  return { op_type: op, domain, input, output, name, attribute };
}

function field(value: AttributeValue): Record<string, unknown> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (typeof value === 'number') return { type: 2, i: value };
  if (typeof value === 'string') return { type: 3, s: bytes(value) };
  if ('float' in value) return { type: 1, f: value.float };
  if ('floats' in value) return { type: 6, floats: value.floats };
  if ('tensor' in value) return { type: 4, t: value.tensor };
  if ('graph' in value) return { type: 5, g: value.graph };
  return typeof value[0] === 'string'
    ? { type: 8, strings: (value as readonly string[]).map(bytes) }
    : { type: 7, ints: value };
}

/** Type and shape of a graph input or output; a name stands for an unknown length. */
export function value(
  name: string,
  shape: readonly (number | string)[] | null = null,
  type: TensorType = 'float32',
): Record<string, unknown> {
  const dim = shape?.map((n) => (typeof n === 'number' ? { dim_value: n } : { dim_param: n }));
  const tensor_type = { elem_type: TYPES[type], ...(dim && { shape: { dim } }) };
  return { name, type: { tensor_type } };
}

/** The bytes of a model. `extra` are further fields of the model. */
export function onnxFile(
  graph: GraphMessage,
  {
    opset = 17,
    ir = 8,
    extra = {},
  }: { opset?: number; ir?: number; extra?: Record<string, unknown> } = {},
): Uint8Array {
  const opset_import = [
    { domain: '', version: opset },
    { domain: 'com.microsoft', version: 1 },
  ];
  return encodeModel({ ir_version: ir, opset_import, graph: { name: 'g', ...graph }, ...extra });
}

/** The bytes of any message object, decoded ones too. */
export function encodeModel(model: object): Uint8Array {
  const type = ONNX_TYPES.lookupType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}

/** Initializers from tensors by name. */
export const initializers = (
  tensors: Readonly<Record<string, TensorMessage>>,
): readonly TensorMessage[] => Object.entries(tensors).map(([name, one]) => ({ ...one, name }));

/** A model whose graph has a node with a graph that has a node with a graph ..., written by hand. */
export function nestedGraphs(depth: number): Uint8Array {
  const length = (n: number): number[] =>
    n < 128 ? [n] : [(n % 128) + 128, ...length(Math.floor(n / 128))];
  // [field, wire type 2]: a graph of an attribute of a node of a graph; put together from the inside
  const [graph, attribute, node] = [0x32, 0x2a, 0x0a];
  const heads: number[][] = [];
  let size = 0;
  for (let level = 0; level < depth; level++) {
    for (const tag of [graph, attribute, node]) {
      const head = [tag, ...length(size)];
      heads.unshift(head);
      size += head.length;
    }
  }
  return Uint8Array.from([0x08, 8, 0x3a, ...length(size), ...heads.flat()]);
}
