import { decodeMessage, messageTypes } from '../../../formats/protobuf.js';
import { tensorflowError } from '../errors.js';

/** The part of TensorFlow's messages that is read: https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework */
const MESSAGES = {
  SavedModel: { meta_graphs: [2, 'MetaGraphDef[]'] },
  MetaGraphDef: { graph_def: [2, 'GraphDef'] },
  GraphDef: { node: [1, 'NodeDef[]'], library: [2, 'FunctionDefLibrary'] },
  NodeDef: {
    name: [1, 'string'],
    op: [2, 'string'],
    input: [3, 'string[]'],
    attr: [5, 'map AttrValue'],
  },
  AttrValue: {
    list: [1, 'ListValue'],
    s: [2, 'bytes'],
    i: [3, 'int64'],
    f: [4, 'float'],
    b: [5, 'bool'],
    type: [6, 'int32'],
    shape: [7, 'TensorShapeProto'],
    tensor: [8, 'TensorProto'],
    func: [10, 'NameAttrList'],
  },
  ListValue: { i: [3, 'packed int64[]'] },
  NameAttrList: { name: [1, 'string'] },
  TensorShapeProto: { dim: [2, 'Dim[]'], unknown_rank: [3, 'bool'] },
  Dim: { size: [1, 'int64'] },
  TensorProto: {
    dtype: [1, 'int32'],
    tensor_shape: [2, 'TensorShapeProto'],
    tensor_content: [4, 'bytes'],
    float_val: [5, 'packed float[]'],
    double_val: [6, 'packed double[]'],
    int_val: [7, 'packed int32[]'],
    int64_val: [10, 'packed int64[]'],
    bool_val: [11, 'packed bool[]'],
    half_val: [13, 'packed int32[]'],
  },
  FunctionDefLibrary: { function: [1, 'FunctionDef[]'] },
  FunctionDef: {
    signature: [1, 'OpDef'],
    node_def: [3, 'NodeDef[]'],
    ret: [4, 'map string'],
  },
  OpDef: { name: [1, 'string'], input_arg: [2, 'ArgDef[]'], output_arg: [3, 'ArgDef[]'] },
  ArgDef: { name: [1, 'string'] },
} as const;

/** The message types, for whoever writes graphs of TensorFlow: tests do. */
export const TENSORFLOW_TYPES = messageTypes(MESSAGES);

export interface Int64 {
  toNumber(): number;
}

export interface GraphDef {
  readonly node: readonly NodeDef[];
  readonly library?: { readonly function: readonly FunctionDef[] } | null;
}

export interface NodeDef {
  readonly name?: string;
  readonly op?: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

export interface AttrValue {
  readonly list?: { readonly i: readonly Int64[] } | null;
  readonly s?: Uint8Array;
  readonly i?: Int64;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: TensorShape | null;
  readonly tensor?: TensorProto | null;
  readonly func?: { readonly name?: string } | null;
}

/** The text of an attribute; what is absent is no list of bytes in a decoded message. */
export const attributeText = (value: AttrValue | undefined): string =>
  new TextDecoder().decode(Uint8Array.from(value?.s ?? []));

export interface TensorShape {
  readonly dim: readonly { readonly size?: Int64 }[];
  readonly unknown_rank?: boolean;
}

export interface TensorProto {
  readonly dtype?: number;
  readonly tensor_shape?: TensorShape | null;
  readonly tensor_content?: Uint8Array;
  readonly float_val: readonly number[];
  readonly double_val: readonly number[];
  readonly int_val: readonly number[];
  readonly int64_val: readonly Int64[];
  readonly bool_val: readonly boolean[];
  readonly half_val: readonly number[];
}

export interface FunctionDef {
  readonly signature?: {
    readonly name?: string;
    readonly input_arg: readonly { readonly name?: string }[];
    readonly output_arg: readonly { readonly name?: string }[];
  } | null;
  readonly node_def: readonly NodeDef[];
  readonly ret: Readonly<Record<string, string>>;
}

/** Whether the bytes begin as a graph: its first field is a node, whose first two are texts, the name and the operator. */
export function beginsAsGraph(bytes: Uint8Array): boolean {
  const node = field(bytes, 0, 0x0a);
  const name = node && field(bytes, node.at, 0x0a);
  if (name == null || bytes[name.at + name.length] !== 0x12) return false;
  const letters = bytes.subarray(name.at, name.at + Math.min(name.length, 64));
  return name.length > 0 && letters.every((byte) => byte > 0x20 && byte < 0x7f);
}

/** Whether they begin as a SavedModel: its version, which is 1, and a graph with its description. */
export function beginsAsSavedModel(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x08 || bytes[1] !== 0x01) return false;
  const graph = field(bytes, 2, 0x12);
  return graph !== null && (bytes[graph.at] === 0x0a || bytes[graph.at] === 0x12);
}

/** Where the contents of a field are that begins at `at`; null where it is another one. */
function field(bytes: Uint8Array, at: number, tag: number) {
  if (bytes[at] !== tag) return null;
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + 1 + i] ?? 0x80;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { at: at + 2 + i, length };
  }
  return null;
}

/** @throws UserError TENSORFLOW_INVALID */
export function decodeGraph(bytes: Uint8Array, file: string): GraphDef {
  try {
    if (!beginsAsSavedModel(bytes)) {
      return decodeMessage(TENSORFLOW_TYPES, 'GraphDef', bytes) as GraphDef;
    }
    const saved = decodeMessage(TENSORFLOW_TYPES, 'SavedModel', bytes) as {
      readonly meta_graphs: readonly { readonly graph_def?: GraphDef | null }[];
    };
    return saved.meta_graphs[0]?.graph_def ?? { node: [] };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const expected = 'a graph of TensorFlow';
    throw tensorflowError(file, 'TENSORFLOW_INVALID', 'file', expected, cause.message, cause);
  }
}
