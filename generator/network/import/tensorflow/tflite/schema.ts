import { FlatTable } from '../../../formats/flatbuffer.js';
import { tensorflowError } from '../errors.js';
import { BUILTIN } from './builtin.js';

/** Versions of the schema that this program knows. */
const VERSION = 3;

export interface TfliteTensor {
  /** Its name where no other tensor of its subgraph has it; with its number otherwise. */
  readonly name: string;
  /** Number of its element type. */
  readonly type: number;
  readonly shape: readonly number[];
  /** The same with -1 for a length that is open. */
  readonly signature: readonly number[];
  /** The bytes of a constant; null for a value. */
  readonly data: Uint8Array | null;
  /** Keeps its value from one run of the network to the next; zero at first. */
  readonly variable: boolean;
  readonly quantization: Quantization | null;
  /** A form of constant that this program does not read: `sparse`. */
  readonly odd: string | null;
}

/** value = scale * (code - zero point), for the whole tensor or for each index of one of its axes. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly axis: number;
}

export interface TfliteOperator {
  /** Its operator, or `CUSTOM name`. */
  readonly op: string;
  /** Name that this program gives it: operator and place in its subgraph. */
  readonly name: string;
  /** Numbers of tensors, -1 for an optional one that is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | null;
}

export interface TfliteSubgraph {
  readonly name: string;
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly TfliteOperator[];
}

/**
 * The subgraphs of a TensorFlow Lite file; the first is the network.
 * @throws UserError FLATBUFFER_INVALID, TFLITE_INVALID
 */
export function readTflite(bytes: Uint8Array, file: string): readonly TfliteSubgraph[] {
  const fail = (field: string, expected: string, got: string) =>
    tensorflowError(file, 'TFLITE_INVALID', field, expected, got);
  const model = FlatTable.root(bytes, file);
  const version = model.number(0, 'uint32');
  if (version !== VERSION) throw fail('version', `${VERSION}`, `${version}`);
  const codes = model.tables(1).map((code) => {
    const number = Math.max(code.number(0, 'int8'), code.number(3, 'int32'));
    const name = BUILTIN[number] ?? `operator ${number}`;
    return name === 'CUSTOM' ? `CUSTOM ${code.text(1)}` : name;
  });
  const buffers = model.tables(4).map((table) => {
    const [offset, size] = [table.number(1, 'uint64'), table.number(2, 'uint64')];
    if (offset <= 1) return table.bytes(0);
    if (offset + size > bytes.length) {
      throw fail(
        'buffer',
        `data within the ${bytes.length} bytes of the file`,
        `${size} at ${offset}`,
      );
    }
    return bytes.subarray(offset, offset + size);
  });
  const subgraphs = model.tables(2);
  if (subgraphs.length === 0) throw fail('subgraphs', 'at least one', 'none');
  return subgraphs.map((graph, index) => {
    const tables = graph.tables(0);
    const names = tables.map((table) => table.text(3));
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const tensors = tables.map((table, i): TfliteTensor => {
      const [given = '', shape] = [names[i], table.numbers(0, 'int32') ?? []];
      const buffer = table.number(2, 'uint32');
      const data = buffers[buffer];
      if (data === undefined && buffer !== 0) {
        throw fail(`buffer of tensor ${i}`, `0 to ${buffers.length - 1}`, `${buffer}`);
      }
      const external = table.number(10, 'uint32') !== 0;
      return {
        name: given !== '' && counts.get(given) === 1 ? given : `${given || 'tensor'} ${i}`,
        type: table.number(1, 'int8'),
        shape,
        signature: table.numbers(7, 'int32') ?? shape,
        data: data && data.length > 0 && buffer !== 0 ? data : null,
        variable: table.boolean(5),
        quantization: quantizationOf(table.table(4)),
        odd: table.table(6) ? 'sparse' : external ? 'external' : null,
      };
    });
    const numbered = (field: number, numbers: readonly number[] | null, optional = false) => {
      const odd = numbers?.find((n) => n >= tensors.length || n < (optional ? -1 : 0));
      if (odd === undefined) return numbers ?? [];
      const where = `${['', 'inputs', 'outputs'][field]} in subgraph ${index}`;
      throw fail(where, `tensors 0 to ${tensors.length - 1}`, `${odd}`);
    };
    return {
      name: graph.text(4),
      tensors,
      inputs: numbered(1, graph.numbers(1, 'int32')),
      outputs: numbered(2, graph.numbers(2, 'int32')),
      operators: graph.tables(3).map((table, i): TfliteOperator => {
        const op = codes[table.number(0, 'uint32')];
        if (op === undefined)
          throw fail(`operator ${i}`, 'a number of the operator codes', 'another');
        return {
          op,
          name: `${op}#${i}`,
          inputs: numbered(1, table.numbers(1, 'int32'), true),
          outputs: numbered(2, table.numbers(2, 'int32'), true),
          options: table.table(4),
        };
      }),
    };
  });
}

function quantizationOf(table: FlatTable | null): Quantization | null {
  const scales = table?.numbers(2, 'float32') ?? [];
  if (table === null || scales.length === 0) return null;
  const zeros = table.numbers(3, 'int64') ?? [];
  return { scales, zeros, axis: table.number(6, 'int32') };
}
