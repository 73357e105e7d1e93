import type { Mask } from '../mask.js';

/** A mask in strips of one height: what of each strip and column holds a weight. */
export interface StripMap {
  readonly height: number;
  readonly strips: number;
  /** used[strip * columns + column] is 1 where the column holds a weight in some row of the strip. */
  readonly used: Uint8Array;
  /**
   * By strip and column: pairs of neighbouring rows (2k and 2k + 1 of the strip), both of them with some weight, neither with one
   * in this column.
   */
  readonly zeroPairs: Uint16Array;
  /** Rows of each strip that hold a weight. */
  readonly rows: Int32Array;
}

/** Marks of rows that hold no weight. */
export function emptyRows({ rows, columns, kept }: Mask): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, row) =>
    kept.subarray(row * columns, (row + 1) * columns).includes(1) ? 0 : 1,
  );
}

/** The mask in strips of `height` rows; `empty`: rows that hold no weight. */
export function stripMap(
  { rows, columns, kept }: Mask,
  height: number,
  empty: Uint8Array,
): StripMap {
  const strips = Math.ceil(rows / height);
  const used = new Uint8Array(strips * columns);
  const zeroPairs = new Uint16Array(strips * columns);
  const rowsOf = new Int32Array(strips);
  for (let row = 0; row < rows; row++) {
    if (empty[row] === 1) continue;
    const strip = Math.floor(row / height);
    rowsOf[strip] = (rowsOf[strip] as number) + 1;
    const [start, from] = [strip * columns, row * columns];
    for (let column = 0; column < columns; column++) {
      if (kept[from + column] !== 0) used[start + column] = 1;
    }
    const place = row - strip * height;
    const last = place + 1 === height || row + 1 === rows;
    if (place % 2 === 1 || last || empty[row + 1] === 1) continue;
    for (let column = 0; column < columns; column++) {
      if (kept[from + column] !== 0 || kept[from + columns + column] !== 0) continue;
      zeroPairs[start + column] = (zeroPairs[start + column] as number) + 1;
    }
  }
  return { height, strips, used, zeroPairs, rows: rowsOf };
}

/** The same in strips of a height that is a multiple of that of the map, or in one strip. */
export function coarser(map: StripMap, height: number): StripMap {
  const columns = map.used.length / map.strips;
  const strips = Math.ceil((map.strips * map.height) / height);
  const used = new Uint8Array(strips * columns);
  const zeroPairs = new Uint16Array(strips * columns);
  const rows = new Int32Array(strips);
  for (let own = 0; own < map.strips; own++) {
    const strip = Math.min(strips - 1, Math.floor((own * map.height) / height));
    rows[strip] = (rows[strip] as number) + (map.rows[own] as number);
    const [to, from] = [strip * columns, own * columns];
    for (let column = 0; column < columns; column++) {
      if (map.used[from + column] !== 0) used[to + column] = 1;
      zeroPairs[to + column] =
        (zeroPairs[to + column] as number) + (map.zeroPairs[from + column] as number);
    }
  }
  return { height, strips, used, zeroPairs, rows };
}

/** How many of the marks of a range are 1. A loop: matrices have millions of them. */
export function count(marks: Uint8Array, from = 0, to = marks.length): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += marks[at] as number;
  return sum;
}

/** What the strips of a map keep. */
export interface Kept {
  /** Positions: used columns in rows that hold a weight. */
  readonly positions: number;
  /** Those of them that are in pairs of zeros. */
  readonly paired: number;
}

export function keptIn({ strips, used, zeroPairs, rows }: StripMap): Kept {
  const columns = used.length / strips;
  let [positions, paired] = [0, 0];
  for (let strip = 0; strip < strips; strip++) {
    for (let at = strip * columns; at < (strip + 1) * columns; at++) {
      if (used[at] === 0) continue;
      positions += rows[strip] as number;
      paired += 2 * (zeroPairs[at] as number);
    }
  }
  return { positions, paired };
}

/** Used columns of a strip, ascending. */
export function columnsOf({ strips, used }: StripMap, strip: number): Int32Array {
  const columns = used.length / strips;
  const list: number[] = [];
  for (let column = 0; column < columns; column++) {
    if (used[strip * columns + column] !== 0) list.push(column);
  }
  return Int32Array.from(list);
}
