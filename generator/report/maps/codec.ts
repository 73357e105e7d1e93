import { deflateSync, inflateSync } from 'fflate';
import { type Band, joined } from './bands.js';

/** How the bytes of a map say what is kept. */
export type MapForm = 'runs' | 'bits';

/** What is kept, as it travels in a page. */
export interface MapData {
  readonly form: MapForm;
  /** Base64 (RFC 4648) of raw DEFLATE (RFC 1951) of the bytes. */
  readonly data: string;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The smallest data of the bands of a matrix; the bytes of both forms are described at `MatrixMap`. */
export function encodeBands(bands: readonly Band[], size: Size): MapData {
  const runs = runBytes(bands);
  const bits = size.rows * Math.ceil(size.columns / 8);
  // runs of blocks repeat, and pack far better than their bits; those of single weights do not
  const form: MapForm = runs.length > bits ? 'bits' : 'runs';
  const bytes = form === 'bits' ? bitBytes(bands, size) : runs;
  const packed = deflateSync(bytes, { level: 9 });
  return { form, data: Buffer.from(packed).toString('base64') };
}

/** The bands that `encodeBands` was given. */
export function decodeBands({ form, data }: MapData, size: Size): readonly Band[] {
  const bytes = inflateSync(Buffer.from(data, 'base64'));
  return form === 'bits' ? bandsOfBits(bytes, size) : bandsOfRuns(bytes);
}

function runBytes(bands: readonly Band[]): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  for (const { rows, runs } of bands) {
    put(rows);
    put(runs.length / 2);
    let end = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const [first, width] = [runs[i] as number, runs[i + 1] as number];
      put(first - end);
      put(width);
      end = first + width;
    }
  }
  return Uint8Array.from(bytes);
}

function bandsOfRuns(bytes: Uint8Array): readonly Band[] {
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const bands: Band[] = [];
  for (let row = 0; at < bytes.length; ) {
    const rows = take();
    const runs: number[] = [];
    let end = 0;
    for (let left = take(); left > 0; left--) {
      const first = end + take();
      const width = take();
      runs.push(first, width);
      end = first + width;
    }
    bands.push({ row, rows, runs });
    row += rows;
  }
  return bands;
}

function bitBytes(bands: readonly Band[], { rows, columns }: Size): Uint8Array {
  const pitch = Math.ceil(columns / 8);
  const bytes = new Uint8Array(rows * pitch);
  for (const { row, rows: height, runs } of bands) {
    const from = row * pitch;
    for (let i = 0; i < runs.length; i += 2) {
      const first = runs[i] as number;
      for (let column = first; column < first + (runs[i + 1] as number); column++) {
        const at = from + (column >> 3);
        bytes[at] = (bytes[at] as number) | (1 << (column & 7));
      }
    }
    for (let r = 1; r < height; r++) bytes.copyWithin(from + r * pitch, from, from + pitch);
  }
  return bytes;
}

function bandsOfBits(bytes: Uint8Array, { rows, columns }: Size): readonly Band[] {
  const pitch = Math.ceil(columns / 8);
  const isKept = (row: number, column: number): boolean =>
    (((bytes[row * pitch + (column >> 3)] as number) >> (column & 7)) & 1) === 1;
  const rowsOne = Array.from({ length: rows }, (_, row): Band => {
    const runs: number[] = [];
    for (let column = 0; column < columns; column++) {
      if (!isKept(row, column)) continue;
      const first = column;
      while (column < columns && isKept(row, column)) column++;
      runs.push(first, column - first);
    }
    return { row, rows: 1, runs };
  });
  return joined(rowsOne);
}
