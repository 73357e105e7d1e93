import { Builder, type Offset } from 'flatbuffers';
import { type ElementType, encodeElements } from '../../generator/network/formats/elements.js';
import { BUILTIN } from '../../generator/network/import/tensorflow/tflite/builtin.js';

/** Element types by their number in the schema of TensorFlow Lite. */
const TYPES: Readonly<Record<string, number>> = {
  float32: 0,
  float16: 1,
  int32: 2,
  uint8: 3,
  int64: 4,
  int16: 7,
  int8: 9,
};

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32 unless it is given. */
  readonly type?: ElementType;
  /** Of a constant. */
  readonly values?: ArrayLike<number>;
  readonly variable?: boolean;
  readonly quantization?: {
    readonly scales: readonly number[];
    readonly zeros: readonly number[];
    readonly axis?: number;
  };
}

/** A field of the options of an operator, by its place in their table. */
type Field = readonly [
  place: number,
  type: 'int8' | 'int32' | 'float32' | 'int32s',
  value: number | readonly number[],
];

export interface OperatorSpec {
  readonly op: string;
  /** Names of tensors, empty for an input that is absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly options?: readonly Field[];
}

export interface SubgraphSpec {
  readonly tensors: readonly TensorSpec[];
  readonly operators: readonly OperatorSpec[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A TensorFlow Lite file with those subgraphs. */
export function tfliteFile(...subgraphs: readonly SubgraphSpec[]): Uint8Array {
  const builder = new Builder(1024);
  const offsets = (list: readonly Offset[]) => {
    builder.startVector(4, list.length, 4);
    for (const offset of [...list].reverse()) builder.addOffset(offset);
    return builder.endVector();
  };
  const int32s = (list: readonly number[]) => {
    builder.startVector(4, list.length, 4);
    for (const value of [...list].reverse()) builder.addInt32(value);
    return builder.endVector();
  };
  const float32s = (list: readonly number[]) => {
    builder.startVector(4, list.length, 4);
    for (const value of [...list].reverse()) builder.addFloat32(value);
    return builder.endVector();
  };
  const int64s = (list: readonly number[]) => {
    builder.startVector(8, list.length, 8);
    for (const value of [...list].reverse()) builder.addInt64(BigInt(value));
    return builder.endVector();
  };
  const table = (fields: number, add: () => void) => {
    builder.startObject(fields);
    add();
    return builder.endObject();
  };
  const codes = [...new Set(subgraphs.flatMap(({ operators }) => operators.map(({ op }) => op)))];
  const data: Offset[] = [table(3, () => undefined)];
  const quantizationOf = ({ quantization }: TensorSpec) => {
    if (quantization === undefined) return 0;
    const [scales, zeros] = [float32s(quantization.scales), int64s(quantization.zeros)];
    return table(7, () => {
      builder.addFieldOffset(2, scales, 0);
      builder.addFieldOffset(3, zeros, 0);
      builder.addFieldInt32(6, quantization.axis ?? 0, 0);
    });
  };
  const tensorOf = (spec: TensorSpec) => {
    const { name, shape, type = 'float32', values, variable = false } = spec;
    let buffer = 0;
    if (values !== undefined) {
      const bytes = builder.createByteVector(encodeElements(type, values));
      buffer = data.push(table(3, () => builder.addFieldOffset(0, bytes, 0))) - 1;
    }
    const [text, lengths, quantization] = [
      builder.createString(name),
      int32s(shape),
      quantizationOf(spec),
    ];
    return table(8, () => {
      builder.addFieldOffset(0, lengths, 0);
      builder.addFieldInt8(1, TYPES[type] as number, 0);
      builder.addFieldInt32(2, buffer, 0);
      builder.addFieldOffset(3, text, 0);
      if (quantization !== 0) builder.addFieldOffset(4, quantization, 0);
      builder.addFieldInt8(5, variable ? 1 : 0, 0);
    });
  };
  const graphs = subgraphs.map((graph) => {
    const number = (name: string) => graph.tensors.findIndex((tensor) => tensor.name === name);
    const numbers = (names: readonly string[]) => int32s(names.map(number));
    const tensors = offsets(graph.tensors.map(tensorOf));
    const operators = graph.operators.map(({ op, inputs, outputs, options = [] }) => {
      const lists = options.map(([, type, value]) =>
        type === 'int32s' ? int32s(value as readonly number[]) : 0,
      );
      const own = table(16, () =>
        options.forEach(([place, type, value], i) => {
          if (type === 'int32s') builder.addFieldOffset(place, lists[i] as number, 0);
          else if (type === 'int8') builder.addFieldInt8(place, value as number, 0);
          else if (type === 'int32') builder.addFieldInt32(place, value as number, 0);
          else builder.addFieldFloat32(place, value as number, 0);
        }),
      );
      const [from, to] = [numbers(inputs), numbers(outputs)];
      return table(9, () => {
        builder.addFieldInt32(0, codes.indexOf(op), 0);
        builder.addFieldOffset(1, from, 0);
        builder.addFieldOffset(2, to, 0);
        builder.addFieldOffset(4, own, 0);
      });
    });
    const [list, from, to] = [offsets(operators), numbers(graph.inputs), numbers(graph.outputs)];
    return table(5, () => {
      builder.addFieldOffset(0, tensors, 0);
      builder.addFieldOffset(1, from, 0);
      builder.addFieldOffset(2, to, 0);
      builder.addFieldOffset(3, list, 0);
    });
  });
  const graphList = offsets(graphs);
  const codeList = offsets(
    codes.map((op) => {
      const number = BUILTIN.indexOf(op);
      return table(4, () => {
        builder.addFieldInt8(0, Math.min(number, 127), 0);
        builder.addFieldInt32(3, number, 0);
      });
    }),
  );
  const buffers = offsets(data);
  builder.finish(
    table(8, () => {
      builder.addFieldInt32(0, 3, 0);
      builder.addFieldOffset(1, codeList, 0);
      builder.addFieldOffset(2, graphList, 0);
      builder.addFieldOffset(4, buffers, 0);
    }),
    'TFL3',
  );
  return builder.asUint8Array();
}
