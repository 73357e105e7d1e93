import { type UserError, unexpected } from '../../base/errors.js';
import type { NpyArray } from '../formats/npy.js';
import { type DataFile, readData, severalArrays } from './arrays.js';
import { isTable, readTable } from './table.js';

/** What a file of labels or lengths is called and may contain. */
export interface ListKind {
  /** In errors: labels. */
  readonly what: string;
  /** Names of its column of a CSV and of its entry of a JSON object, in small letters. */
  readonly names: readonly string[];
  /** A list of JSON with numbers in the place of what stands for them; `object` is what the list is an entry of, or the list. */
  readonly numbered?: (list: readonly unknown[], object: unknown) => readonly unknown[];
  /** Said where a cell of a CSV is text. */
  readonly words?: string;
}

/** Numbers with the place of each, for errors. */
export interface NumberArray extends NpyArray {
  readonly place: (index: number) => string;
}

/**
 * Reads whole numbers: an array (`.npy`, `.npz`), CSV with a line for each, alone or in a column of that name, or JSON, a list or
 * an object with one.
 * @throws UserError as `readData` and `readTable`; NPZ_CHOICE, JSON_INVALID
 */
export async function readNumbers(file: string, kind: ListKind): Promise<NumberArray> {
  return numbersOf(await readData(file, isText), file, kind);
}

const isJson = (path: string) => /\.json$/i.test(path);
const isText = (path: string) => isTable(path) || isJson(path);

/** Numbers of what `readData` gives. @throws UserError as `readNumbers` */
export function numbersOf(data: DataFile, file: string, kind: ListKind): NumberArray {
  if (data.kind === 'array') return { ...data.array, place: (i) => `[${i}]` };
  if (data.kind === 'arrays') throw severalArrays(file, `has the ${kind.what}`, data.arrays);
  if (isJson(file)) return fromJson(data.bytes, file, kind);
  const { columns, values, lines } = readTable(data.bytes, file, {
    column: kind.names,
    ...(kind.words !== undefined && { words: kind.words }),
  });
  const place = (i: number) => `line ${lines[Math.floor(i / columns)]}`;
  whole(values, place, file);
  const shape = columns === 1 ? [lines.length] : [lines.length, columns];
  return { type: 'int64', shape, data: values, place };
}

/** Bytes of a JSON file. */
const JSON_BYTES = 2 ** 25;

function fromJson(bytes: Uint8Array, file: string, kind: ListKind): NumberArray {
  const { what, names } = kind;
  const parsed = parsedJson(bytes, file);
  const expected = `a list of ${what}, or {"${names[0]}": [...]}`;
  const list = Array.isArray(parsed) ? parsed : entryOf(parsed, names);
  if (!Array.isArray(list)) throw invalid(file, 'content', expected, shown(parsed));
  const numbers = kind.numbered?.(list, parsed) ?? list;
  const width = Array.isArray(numbers[0]) ? numbers[0].length : null;
  const rows = width !== null && numbers.every((row) => Array.isArray(row) && row.length === width);
  const data = rows ? numbers.flat() : numbers;
  const place = (i: number) => `[${rows ? Math.floor(i / width) : i}]`;
  whole(data, place, file);
  const shape = rows ? [numbers.length, width] : [numbers.length];
  return { type: 'int64', shape, data: data as number[], place };
}

function parsedJson(bytes: Uint8Array, file: string): unknown {
  if (bytes.length > JSON_BYTES) {
    throw invalid(file, 'size', `at most ${JSON_BYTES} bytes`, String(bytes.length));
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid(file, 'content', 'JSON', 'something else');
  }
}

/** The entry of an object under one of the names. */
export function entryOf(object: unknown, names: readonly string[]): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return Object.entries(object).find(([key]) => names.includes(key.toLowerCase()))?.[1];
}

/** @throws UserError LIST_NUMBER at the first that is no whole number */
function whole(values: ArrayLike<unknown>, place: (i: number) => string, file: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isSafeInteger(values[i])) continue;
    const [expected, got] = ['a whole number', shown(values[i])];
    throw unexpected({ code: 'LIST_NUMBER', file, field: place(i), expected, got });
  }
}

/** A value of JSON in a few characters. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 40);
}

function invalid(file: string, field: string, expected: string, got: string): UserError {
  return unexpected({ code: 'JSON_INVALID', file, field, expected, got });
}
