/**
 * The part of the ONNX messages that the importer reads, with the field numbers of the standard
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). `T[]` is a repeated field, `packed T[]` one that is
 * written packed; every singular field is optional.
 */
export const MESSAGES = {
  ModelProto: {
    ir_version: [1, 'int64'],
    producer_name: [2, 'string'],
    graph: [7, 'GraphProto'],
    opset_import: [8, 'OperatorSetIdProto[]'],
    functions: [25, 'FunctionProto[]'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  FunctionProto: {
    name: [1, 'string'],
    input: [4, 'string[]'],
    output: [5, 'string[]'],
    attribute: [6, 'string[]'],
    node: [7, 'NodeProto[]'],
    opset_import: [9, 'OperatorSetIdProto[]'],
    domain: [10, 'string'],
    attribute_proto: [11, 'AttributeProto[]'],
    overload: [13, 'string'],
  },
  GraphProto: {
    node: [1, 'NodeProto[]'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto[]'],
    input: [11, 'ValueInfoProto[]'],
    output: [12, 'ValueInfoProto[]'],
    value_info: [13, 'ValueInfoProto[]'],
    sparse_initializer: [15, 'SparseTensorProto[]'],
  },
  NodeProto: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    op_type: [4, 'string'],
    attribute: [5, 'AttributeProto[]'],
    domain: [7, 'string'],
    overload: [8, 'string'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    floats: [7, 'float[]'],
    ints: [8, 'int64[]'],
    strings: [9, 'bytes[]'],
    graphs: [11, 'GraphProto[]'],
    type: [20, 'int32'],
    ref_attr_name: [21, 'string'],
  },
  TensorProto: {
    dims: [1, 'int64[]'],
    data_type: [2, 'int32'],
    segment: [3, 'SegmentProto'],
    float_data: [4, 'packed float[]'],
    int32_data: [5, 'packed int32[]'],
    string_data: [6, 'bytes[]'],
    int64_data: [7, 'packed int64[]'],
    name: [8, 'string'],
    raw_data: [9, 'bytes'],
    double_data: [10, 'packed double[]'],
    uint64_data: [11, 'packed uint64[]'],
    external_data: [13, 'StringStringEntryProto[]'],
    data_location: [14, 'int32'],
  },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  SegmentProto: { begin: [1, 'int64'], end: [2, 'int64'] },
  SparseTensorProto: { values: [1, 'TensorProto'], dims: [3, 'int64[]'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensor_type: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'DimensionProto[]'] },
  DimensionProto: { dim_value: [1, 'int64'], dim_param: [2, 'string'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>>;

/** A 64-bit integer as the decoder hands it over: the type `Long` of its own. */
export interface Int64 {
  toNumber(): number;
}

interface Scalars {
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly float: number;
  readonly double: number;
  readonly int32: number;
  readonly int64: Int64;
  readonly uint64: Int64;
}

type Value<T extends string> = T extends keyof Scalars
  ? Scalars[T]
  : T extends keyof typeof MESSAGES
    ? Message<T>
    : never;

/**
 * A decoded message. Where a field is absent, a message is null, a number 0, a text or list empty; in objects that
 * were not decoded it may be undefined.
 */
export type Message<M extends keyof typeof MESSAGES> = {
  readonly [F in keyof (typeof MESSAGES)[M] as IsRepeated<(typeof MESSAGES)[M][F]> extends true
    ? F
    : never]: readonly Value<ItemOf<(typeof MESSAGES)[M][F]>>[];
} & {
  readonly [F in keyof (typeof MESSAGES)[M] as IsRepeated<(typeof MESSAGES)[M][F]> extends true
    ? never
    : F]?: Singular<ItemOf<(typeof MESSAGES)[M][F]>>;
};

type Singular<T extends string> = T extends keyof Scalars ? Scalars[T] : Value<T> | null;
type IsRepeated<F> = F extends readonly [number, `${string}[]`] ? true : false;
type ItemOf<F> = F extends readonly [number, `packed ${infer T}[]`]
  ? T
  : F extends readonly [number, `${infer T}[]`]
    ? T
    : F extends readonly [number, infer T extends string]
      ? T
      : never;

export type ModelProto = Message<'ModelProto'>;
export type FunctionProto = Message<'FunctionProto'>;
export type GraphProto = Message<'GraphProto'>;
export type NodeProto = Message<'NodeProto'>;
export type AttributeProto = Message<'AttributeProto'>;
export type TensorProto = Message<'TensorProto'>;
export type ValueInfoProto = Message<'ValueInfoProto'>;
