import { TYPE } from '../onnx/attribute-types.js';
import type { AttributeProto, ModelProto, NodeProto, TensorProto } from '../onnx/messages.js';
import { isLoop, type Lowered, type LoweredConstant, type LoweredNode } from './lowered.js';

const OPSET = 17;
/** A version of ONNX's files that names its operator sets. */
const IR_VERSION = 8;

const int64 = (value: number) => ({ toNumber: () => value });

/** The graph as an ONNX file would have it. Loops are not part of it: what is left of them is left out. */
export function toOnnx({ inputs, outputs, items, collected }: Lowered): ModelProto {
  const { constants, shapes } = collected;
  const known = new Map(shapes);
  for (const { name, shape } of inputs) if (shape !== null) known.set(name, shape);
  const info = (name: string) => {
    const shape = known.get(name);
    const dim = shape?.map((length) => (length < 0 ? {} : { dim_value: int64(length) }));
    return { name, type: { tensor_type: { elem_type: 1, shape: dim ? { dim } : null } } };
  };
  const given = new Set([...inputs.map(({ name }) => name), ...outputs]);
  return {
    ir_version: int64(IR_VERSION),
    opset_import: [{ domain: '', version: int64(OPSET) }],
    functions: [],
    graph: {
      node: items.flatMap((item) => (isLoop(item) ? [] : [nodeProto(item)])),
      initializer: [...constants].map(([name, constant]) => tensorProto(name, constant)),
      sparse_initializer: [],
      input: inputs.map(({ name }) => info(name)),
      output: outputs.map(info),
      value_info: [...known.keys()].filter((name) => !given.has(name)).map(info),
    },
  };
}

function nodeProto({ op, name, inputs, outputs, attributes }: LoweredNode): NodeProto {
  const [, domain = '', type = op] = /^(\w+)\.(.*)$/s.exec(op) ?? [];
  return {
    op_type: type,
    domain,
    name,
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
  };
}

function attributeProto(name: string, value: LoweredNode['attributes'][string]): AttributeProto {
  const lists = { floats: [], ints: [], strings: [], graphs: [] };
  if (typeof value === 'number') return { name, ...lists, type: TYPE.INT, i: int64(value) };
  if (typeof value === 'string') {
    return { name, ...lists, type: TYPE.STRING, s: utf8(value) };
  }
  if (isTexts(value)) return { name, ...lists, type: TYPE.STRINGS, strings: value.map(utf8) };
  return { name, ...lists, type: TYPE.INTS, ints: value.map(int64) };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const isTexts = (list: readonly number[] | readonly string[]): list is readonly string[] =>
  typeof list[0] === 'string';

function tensorProto(name: string, { type, shape, raw }: LoweredConstant): TensorProto {
  return {
    name,
    data_type: type,
    dims: shape.map(int64),
    raw_data: raw,
    float_data: [],
    int32_data: [],
    string_data: [],
    int64_data: [],
    double_data: [],
    uint64_data: [],
    external_data: [],
  };
}
