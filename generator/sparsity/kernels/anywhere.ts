import type { Sides } from '../lists/sides.js';
import type { Size } from '../pattern.js';
import { type Block, blocksIn, type KernelsPattern, kernelsFrom } from './pattern.js';

/** Rows and columns of all blocks: block by block its rows, then its columns. */
interface Lines {
  readonly blocks: readonly Block[];
  /** By line: the number of its block. */
  readonly block: Int32Array;
  /** By block: its first row. Its first column stands `height` lines behind. */
  readonly first: Int32Array;
  /** By line: mean of its squares in its block. */
  readonly score: Float64Array;
}

/**
 * The rows and columns of all blocks of the matrix are ranked together, by the mean of w² in their block, of equal ones the first
 * block's, rows before columns. The best of them are kept: as many as bring the weights that are then in kernels closest to one in
 * `rate`, of two the fewer, and at least one weight. A further line adds one row or column of a kernel, so the total is within half
 * of one of it. `squares`: sums of w² over the gates, [row][column].
 */
export function chooseAnywhere(
  squares: Float64Array,
  size: Size,
  sides: Sides,
  rate: number,
): KernelsPattern {
  const lines = linesOf(squares, size, sides);
  const { score } = lines;
  const order = Int32Array.from(score.keys());
  order.sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);
  const count = bestCount(order, lines, (size.rows * size.columns) / rate);
  const kept = new Uint8Array(score.length);
  for (const line of order.subarray(0, count)) kept[line] = 1;
  return kernelsFrom(size, sides, ({ height, width }, at) => {
    const first = lines.first[at] as number;
    return {
      rows: onesIn(kept.subarray(first, first + height)),
      columns: onesIn(kept.subarray(first + height, first + height + width)),
    };
  });
}

function linesOf(squares: Float64Array, size: Size, sides: Sides): Lines {
  const blocks = blocksIn({ ...size, height: sides.height, width: sides.width });
  const total = blocks.reduce((sum, { height, width }) => sum + height + width, 0);
  const [block, score] = [new Int32Array(total), new Float64Array(total)];
  const first = new Int32Array(blocks.length);
  let next = 0;
  for (const [at, { row, column, height, width }] of blocks.entries()) {
    first[at] = next;
    block.fill(at, next, next + height + width);
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const square = squares[(row + r) * size.columns + column + c] as number;
        score[next + r] = (score[next + r] as number) + square / width;
        score[next + height + c] = (score[next + height + c] as number) + square / height;
      }
    }
    next += height + width;
  }
  return { blocks, block, first, score };
}

/** How many lines of an order bring the weights in kernels closest to `target`. */
function bestCount(order: Int32Array, { blocks, block, first }: Lines, target: number): number {
  const rows = new Int32Array(blocks.length);
  const columns = new Int32Array(blocks.length);
  let [weights, best, distance] = [0, order.length, Number.POSITIVE_INFINITY];
  for (const [at, line] of order.entries()) {
    const own = block[line] as number;
    const isRow = line < (first[own] as number) + (blocks[own] as Block).height;
    const [same, other] = isRow ? [rows, columns] : [columns, rows];
    same[own] = (same[own] as number) + 1;
    weights += other[own] as number;
    if (weights === 0 || Math.abs(weights - target) >= distance) continue;
    [best, distance] = [at + 1, Math.abs(weights - target)];
  }
  return best;
}

/** Places of ones. */
function onesIn(marks: Uint8Array): readonly number[] {
  return [...marks.keys()].filter((at) => marks[at] === 1);
}
