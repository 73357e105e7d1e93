import { inflate } from './inflate.js';

/**
 * What a pattern keeps, as a summed-area table (Crow 1984): `sums[r * (columns + 1) + c]` is the number of kept positions in rows
 * below r and columns below c, so that the share under any pixel takes four of them, however many positions it covers.
 * @typedef {{rows: number, columns: number, sums: Uint32Array}} KeptSums
 */

/**
 * @param {{rows: number, columns: number}} map
 * @param {{form: 'runs' | 'bits', data: string}} pattern of the map, as generator/report/maps/map.ts describes it
 * @returns {KeptSums}
 */
export function keptSums({ rows, columns }, { form, data }) {
  const bytes = inflate(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)));
  const pitch = columns + 1;
  const sums = new Uint32Array((rows + 1) * pitch);
  const read = form === 'bits' ? bitRows(bytes, columns) : runRows(bytes, columns);
  for (let r = 0; r < rows; r++) {
    const kept = read(r);
    let left = 0;
    const above = r * pitch + 1;
    const here = above + pitch;
    for (let c = 0; c < columns; c++) {
      left += kept[c];
      sums[here + c] = sums[above + c] + left;
    }
  }
  return { rows, columns, sums };
}

/** Reads rows of bits: 1 or 0 for each column of row r. */
function bitRows(bytes, columns) {
  const pitch = Math.ceil(columns / 8);
  const kept = new Uint8Array(columns);
  return (r) => {
    for (let c = 0; c < columns; c++) kept[c] = (bytes[r * pitch + (c >> 3)] >> (c & 7)) & 1;
    return kept;
  };
}

/** Reads bands of runs, row by row from the first one. */
function runRows(bytes, columns) {
  let at = 0;
  const take = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  const kept = new Uint8Array(columns);
  let left = 0;
  return () => {
    if (left === 0) {
      left = take();
      kept.fill(0);
      let end = 0;
      for (let runs = take(); runs > 0; runs--) {
        const first = end + take();
        end = first + take();
        kept.fill(1, first, end);
      }
    }
    left--;
    return kept;
  };
}

/** Whether the position of a row and a column is kept. @param {KeptSums} kept */
export function isKept({ columns, sums }, row, column) {
  const pitch = columns + 1;
  const at = row * pitch + column;
  return sums[at + pitch + 1] - sums[at + pitch] - sums[at + 1] + sums[at] === 1;
}

/**
 * Kept positions above and left of places between rows and columns. The sum is linear between the corners of a position, in either
 * direction, so that shares are exact at any zoom.
 * @param {KeptSums} kept
 * @param {number} row 0 ... rows, not only integers
 * @param {Float64Array} columns places as columns, each 0 ... columns
 * @param {Float64Array} into a sum for each place
 */
export function sumsAbove(kept, row, columns, into) {
  const pitch = kept.columns + 1;
  const r = Math.min(Math.floor(row), kept.rows - 1);
  const down = row - r;
  const { sums } = kept;
  for (let i = 0; i < columns.length; i++) {
    const c = Math.min(Math.floor(columns[i]), kept.columns - 1);
    const right = columns[i] - c;
    const at = r * pitch + c;
    const upper = sums[at] + right * (sums[at + 1] - sums[at]);
    const lower = sums[at + pitch] + right * (sums[at + pitch + 1] - sums[at + pitch]);
    into[i] = upper + down * (lower - upper);
  }
}
