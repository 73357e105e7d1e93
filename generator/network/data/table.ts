import { type CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../../base/errors.js';
import { refusal } from './refusal.js';

/** Numbers of a text file, one line a row. */
export interface Table {
  readonly columns: number;
  /** [row][column] */
  readonly values: Float64Array;
  /** Rows between blank lines, the count of each group. */
  readonly groups: Int32Array;
  /** Line of each row, counted from 1. */
  readonly lines: Int32Array;
}

export interface TableOptions {
  /** Names of the one column that is read where the file has it; the others may then hold anything. */
  readonly column?: readonly string[];
  /** Said where a cell is text. */
  readonly words?: string;
}

/** Bytes of a file, and characters of one of its lines. */
export const TABLE_BYTES = 2 ** 25;
const LINE_LENGTH = 2 ** 20;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity|n\/?a|null|none)$/i;
const PANDAS = 'pandas writes neither with to_csv(FILE, index=False, header=False)';

/** Whether a file is read as text, by its name. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv|txt)$/i.test(file);
}

/**
 * Numbers separated by commas, semicolons, tabs or spaces, with a decimal point, in quotes or not. A first line without a
 * number is a header; lines that begin with # are no data, blank lines separate groups.
 * @throws UserError CSV_LIMIT, CSV_INVALID (no UTF-8 text, or no CSV), CSV_CELL (no finite number), CSV_ROW (another
 * number of cells than the lines before), CSV_HEADER, CSV_EMPTY
 */
export function readTable(bytes: Uint8Array, file: string, options: TableOptions = {}): Table {
  const text = textOf(bytes, file);
  const [delimiter, separate] = separated(text);
  checkLines(separate, file);
  const [lines, numbers] = withoutRuns(separate);
  const lineOf = (line: number) => numbers[line - 1] ?? line;
  const rows = new Rows(file, Math.ceil(bytes.length / 2) + 1, delimiter, options);
  try {
    parse(lines, {
      delimiter,
      trim: true,
      comment: '#',
      comment_no_infix: true,
      relax_column_count: true,
      max_record_size: LINE_LENGTH,
      on_record: (cells: string[], { lines: line }) => {
        rows.add(cells, lineOf(line));
        return null;
      },
    });
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    const { code: reason = error.message, lines: line = 0 } = error as Partial<CsvError> & {
      readonly lines?: number;
    };
    const at = `line ${lineOf(line)}`;
    throw refusal('CSV_INVALID', file, at, 'cells of CSV', WHY[reason] ?? reason);
  }
  return rows.table();
}

const WHY: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed',
  INVALID_OPENING_QUOTE: 'a quote inside a cell',
  CSV_INVALID_CLOSING_QUOTE: 'something behind a closing quote',
  CSV_MAX_RECORD_SIZE: `a line of more than ${LINE_LENGTH} characters`,
};

class Rows {
  readonly #values: Float64Array;
  readonly #lines: number[] = [];
  readonly #groups: number[] = [];
  #inGroup = 0;
  /** Cells of a line, and the line that says so. */
  #cells = 0;
  #first = 0;
  /** The one column that is read; null: all. */
  #column: number | null = null;
  /** Whether the first line counts its columns. */
  #counting = false;
  #used = 0;

  constructor(
    private readonly file: string,
    mostCells: number,
    private readonly delimiter: string,
    private readonly options: TableOptions,
  ) {
    this.#values = new Float64Array(mostCells);
  }

  add(cells: readonly string[], line: number): void {
    if (cells.length === 1 && cells[0] === '') {
      this.#blank();
      return;
    }
    if (this.#cells === 0) {
      [this.#cells, this.#first] = [cells.length, line];
      if (!cells.some(isNumber) && cells.some((cell) => !NOT_FINITE.test(cell) && cell !== '')) {
        this.#header(cells);
        return;
      }
      this.#counting = cells.length > 2 && cells.every((cell, i) => cell === String(i));
    }
    if (cells.length !== this.#cells) {
      const expected = `${this.#cells} cells, as in line ${this.#first}`;
      throw refusal('CSV_ROW', this.file, `line ${line}`, expected, String(cells.length));
    }
    const used = this.#column === null ? cells : [cells[this.#column] as string];
    for (const [i, cell] of used.entries()) {
      const value = isNumber(cell) ? Number(cell) : Number.NaN;
      if (!Number.isFinite(value)) throw this.#wrong(cell, this.#column ?? i, line);
      this.#values[this.#used++] = value;
    }
    this.#lines.push(line);
    this.#inGroup++;
  }

  table(): Table {
    this.#blank();
    const { file } = this;
    if (this.#lines.length === 0) {
      throw refusal('CSV_EMPTY', file, 'lines', 'numbers', 'none');
    }
    if (this.#counting) {
      const expected = 'a first line of values';
      const got = `0, 1, 2 ...: numbers of columns? ${PANDAS}`;
      throw refusal('CSV_HEADER', file, `line ${this.#first}`, expected, got);
    }
    const groups = Int32Array.from(this.#groups);
    if (groups.length > 1 && groups.every((rows) => rows === 1)) {
      const got =
        'a blank line behind every line, as files of Windows have that were written twice over';
      throw refusal('CSV_INVALID', file, 'lines', 'blank lines between utterances alone', got);
    }
    return {
      columns: this.#column === null ? this.#cells : 1,
      values: this.#values.subarray(0, this.#used),
      groups,
      lines: Int32Array.from(this.#lines),
    };
  }

  #blank(): void {
    if (this.#inGroup > 0) this.#groups.push(this.#inGroup);
    this.#inGroup = 0;
  }

  #header(cells: readonly string[]): void {
    const { column: names = [] } = this.options;
    const found = cells.flatMap((cell, i) => (names.includes(cell.toLowerCase()) ? [i] : []));
    if (found.length > 1) {
      const got = found.map((i) => cells[i]).join(' and ');
      const expected = `one column named ${names.join(' or ')}`;
      throw refusal('CSV_HEADER', this.file, `line ${this.#first}`, expected, got);
    }
    this.#column = found[0] ?? null;
  }

  #wrong(cell: string, column: number, line: number): UserError {
    const field = `line ${line}, column ${column + 1}`;
    const comma = this.delimiter !== ',' && /^[+-]?\d*,\d+$/.test(cell);
    const expected = comma ? 'a number with a decimal point' : 'a finite number';
    const index = cell === '' && column === 0 && line === this.#first;
    const got = index
      ? `nothing: names of columns and rows? ${PANDAS}`
      : cell === ''
        ? 'nothing'
        : `${cell.slice(0, 40)}${this.#hint(cell)}`;
    return refusal('CSV_CELL', this.file, field, expected, got);
  }

  #hint(cell: string): string {
    const { words } = this.options;
    return words === undefined || NUMBER.test(cell) || NOT_FINITE.test(cell) ? '' : `: ${words}`;
  }
}

const isNumber = (cell: string): boolean => NUMBER.test(cell);

function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > TABLE_BYTES) {
    const expected = `at most ${TABLE_BYTES} bytes of text; .npy may be larger`;
    throw refusal('CSV_LIMIT', file, 'size', expected, String(bytes.length));
  }
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (wide) throw refusal('CSV_INVALID', file, 'encoding', 'UTF-8', 'UTF-16');
  const text = decoded(bytes);
  if (text === null || text.includes('\0')) {
    throw refusal('CSV_INVALID', file, 'encoding', 'text in UTF-8', 'other bytes');
  }
  return text;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function checkLines(text: string, file: string): void {
  let line = 1;
  for (let from = 0; from < text.length; line++) {
    const found = text.indexOf('\n', from);
    const end = found < 0 ? text.length : found;
    if (end - from > LINE_LENGTH) {
      const expected = `at most ${LINE_LENGTH} characters`;
      throw refusal('CSV_LIMIT', file, `line ${line}`, expected, String(end - from));
    }
    from = end + 1;
  }
}

/**
 * The text with one blank line for many in a row, and the number that each of its lines had: csv-parse makes an error of
 * every line with fewer cells than the first one, which takes long for 100,000 of them.
 */
function withoutRuns(text: string): [text: string, numbers: Int32Array] {
  const lines = text.split('\n');
  const blank = lines.map((line) => /^ *$/.test(line));
  const numbers = Int32Array.from(lines.keys(), (i) => i + 1).filter(
    (number) => !(blank[number - 1] && blank[number - 2]),
  );
  return [Array.from(numbers, (number) => lines[number - 1]).join('\n'), numbers];
}

/** What separates the cells, from the first line of data, and the text with one of it between two cells. */
function separated(text: string): [delimiter: string, text: string] {
  const line = /^[ \t]*([^#\s][^\r\n]*)/m.exec(text)?.[1]?.trimEnd() ?? '';
  const found = [';', '\t', ','].find((one) => line.includes(one));
  // a separator that csv-parse finds by itself can be one line end only
  const lines = text.replace(/\r\n?/g, '\n');
  if (found !== undefined || !line.includes(' ')) return [found ?? ',', lines];
  return [' ', lines.replace(/[ \t]+/g, ' ').replace(/^ | $/gm, '')];
}
