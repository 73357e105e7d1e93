import type { NetworkFormat, Part } from '../../format.js';
import type { Imported, LeftOut } from '../../imported.js';
import { badMap, type NameMap } from '../../map.js';
import { importLowered, type LoweredSource } from '../import-lowered.js';
import { lowerTflite } from './lower.js';
import { readTflite, type TfliteOperator, type TfliteSubgraph } from './schema.js';
import { describe } from './tensors.js';

const IDENTIFIER = 'TFL3';

export const tfliteFormat: NetworkFormat = {
  what: 'TensorFlow Lite',
  recognise: ({ bytes }) => [...IDENTIFIER].every((c, i) => bytes[4 + i] === c.charCodeAt(0)),
  read: ({ bytes, file }, map) => importTflite(bytes, file, map),
  contents: ({ bytes, file }) => {
    const [graph] = readTflite(bytes, file);
    return (graph?.operators ?? []).map((operator): Part => {
      return { name: operator.name, what: words(operator, graph as TfliteSubgraph) };
    });
  },
};

/**
 * Reads the recurrent operators and loops of a TensorFlow Lite file, and the fully connected layers around them.
 * @throws UserError FLATBUFFER_INVALID, TFLITE_INVALID, BAD_MAP, LSTM_UNSUPPORTED, or as the ONNX importer
 */
function importTflite(bytes: Uint8Array, file: string, map: NameMap): Imported {
  const odd = [...map.keys()].find((canonical) => canonical !== 'fc' && canonical !== 'frames');
  if (odd !== undefined) throw badMap('fc=, fc=none or frames= for a TensorFlow file', odd, file);
  const subgraphs = readTflite(bytes, file);
  const lowered = lowerTflite(subgraphs, file);
  const graph = subgraphs[0] as TfliteSubgraph;
  const { parts, constantsOf } = accountOf(graph);
  const source = { file, bytes: bytes.length, format: 'tflite' as const, constantsOf };
  return importLowered(lowered, { ...source, parts: [...parts, ...unrun(subgraphs)] }, map);
}

/** Operators whose first options are numbers of subgraphs that they run. */
const RUNNING: Readonly<Record<string, number>> = { IF: 2, WHILE: 2, CALL: 1, CALL_ONCE: 1 };

/** Subgraphs that the first one never runs: other networks in the same file. */
function unrun(subgraphs: readonly TfliteSubgraph[]): readonly LeftOut[] {
  const reached = new Set([0]);
  for (const index of reached) {
    for (const { op, options } of subgraphs[index]?.operators ?? []) {
      for (let field = 0; field < (RUNNING[op] ?? 0); field++) {
        reached.add(options?.number(field, 'int32') ?? 0);
      }
    }
  }
  const what = 'another graph of the file, which its first one does not run';
  return subgraphs.flatMap(({ name }, index): LeftOut[] =>
    reached.has(index)
      ? []
      : [{ name: `subgraph ${index}${name && ` ${name}`}`, kind: 'node', what }],
  );
}

/** Operators and constants of the network, and which constants belong to an operator. */
function accountOf({
  operators,
  tensors,
}: TfliteSubgraph): Pick<LoweredSource, 'parts' | 'constantsOf'> {
  const nodes = operators.map(({ name, op }): LeftOut => ({ name, kind: 'node', what: op }));
  const constants = tensors.flatMap((tensor): LeftOut[] =>
    tensor.data === null ? [] : [{ name: tensor.name, kind: 'tensor', what: describe(tensor) }],
  );
  const made = new Map<number, string>();
  for (const { op, name, outputs } of operators) {
    if (op === 'DEQUANTIZE') made.set(outputs[0] ?? -1, name);
  }
  const byName = new Map(operators.map((operator) => [operator.name, operator]));
  const constantsOf = (node: string): readonly string[] =>
    (byName.get(node)?.inputs ?? []).flatMap((number) => {
      const tensor = tensors[number];
      if (tensor === undefined) return [];
      return tensor.data === null ? (made.get(number) ?? []) : tensor.name;
    });
  return { parts: [...nodes, ...constants], constantsOf };
}

const LSTMS = ['UNIDIRECTIONAL_SEQUENCE_LSTM', 'BIDIRECTIONAL_SEQUENCE_LSTM', 'LSTM'];
const RNNS = ['UNIDIRECTIONAL_SEQUENCE_RNN', 'RNN'];

/** Words for an operator, with the sizes of a layer. */
function words({ op, inputs }: TfliteOperator, { tensors }: TfliteSubgraph): string {
  const shape = (input: number) => tensors[inputs[input] ?? -1]?.shape ?? [];
  if (LSTMS.includes(op)) return `${op}, ${shape(2)[1]} inputs, ${shape(2)[0]} cells`;
  if (RNNS.includes(op)) return `${op}, ${shape(1)[1]} inputs, ${shape(1)[0]} cells`;
  if (op === 'FULLY_CONNECTED') return `${op}, ${shape(1)[1]} inputs, ${shape(1)[0]} outputs`;
  return op;
}
