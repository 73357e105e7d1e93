import type { HcgsPattern } from './pattern.js';

/** Side of the blocks that stay whole when rows or columns are put into another order. */
export function unitOf({ blocks }: Pick<HcgsPattern, 'blocks'>): number {
  return blocks[0] ?? 1;
}

/**
 * The pattern of the matrix with rows and columns in another order: row r of the result is row `rows[r]`. Both orders keep the
 * outermost blocks whole, what does not fill one stays last.
 */
export function permuted(pattern: HcgsPattern, rows: Int32Array, columns: Int32Array): HcgsPattern {
  const { blocks, keep, indices } = pattern;
  const [unit] = blocks;
  const [kept] = keep;
  if (unit === undefined || kept === undefined) return pattern;
  const blockRows = blockOrder(rows, unit);
  const newColumn = new Map([...blockOrder(columns, unit)].map((old, now) => [old, now]));
  const [outer, ...inner] = indices as [Int32Array, ...Int32Array[]];
  // of each block row the kept blocks in their new order, as they were numbered before
  const sorted = Array.from(blockRows, (old) => {
    const at = (j: number) => newColumn.get(outer[old * kept + j] as number) as number;
    return Array.from({ length: kept }, (_, j) => j).sort((a, b) => at(a) - at(b));
  });
  const first = blockRows.length;
  const level0 = new Int32Array(outer.length);
  for (let row = 0; row < first; row++) {
    const old = blockRows[row] as number;
    (sorted[row] as number[]).forEach((j, now) => {
      level0[row * kept + now] = newColumn.get(outer[old * kept + j] as number) as number;
    });
  }
  const deeper = inner.map((list, l) => {
    const level = l + 1;
    const rowsInside = unit / (blocks[level] as number);
    // entries of a block row of this level below one kept block of the outermost
    const below = keep.slice(1, level + 1).reduce((product, k) => product * k, 1);
    const result = new Int32Array(list.length);
    for (let row = 0; row < first; row++) {
      for (let own = 0; own < rowsInside; own++) {
        const to = (row * rowsInside + own) * kept * below;
        const from = ((blockRows[row] as number) * rowsInside + own) * kept * below;
        (sorted[row] as number[]).forEach((j, now) => {
          result.set(list.subarray(from + j * below, from + (j + 1) * below), to + now * below);
        });
      }
    }
    return result;
  });
  return { ...pattern, indices: [level0, ...deeper] };
}

/** The order of the blocks of an order of rows or columns, a last one that is not full among them. */
function blockOrder(order: Int32Array, unit: number): Int32Array {
  const count = Math.ceil(order.length / unit);
  return Int32Array.from({ length: count }, (_, block) => (order[block * unit] as number) / unit);
}
