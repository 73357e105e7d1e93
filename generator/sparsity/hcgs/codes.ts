import { keptBlocksPerRow } from './count.js';
import { blockRows, type HcgsPattern, keptBlocksOfRow } from './pattern.js';

/** Gates of a matrix whose codes are laid out [gate][row][column], and the pattern of each. */
export interface CodeLayout {
  readonly gates: number;
  readonly rows: number;
  readonly columns: number;
  readonly patterns: readonly HcgsPattern[];
}

/**
 * Shape of the kept-block tensor: [gates][block rows][kept blocks per block row][b][b] with b the innermost
 * block size, blocks in the order of the index lists; a dense matrix is [gates][rows][columns].
 */
export function blockShape({ gates, rows, columns, patterns }: CodeLayout): readonly number[] {
  const pattern = patterns[0];
  const innermost = pattern?.blocks.at(-1);
  if (pattern === undefined || innermost === undefined) return [gates, rows, columns];
  const level = pattern.blocks.length - 1;
  return [gates, blockRows(pattern, level), keptBlocksPerRow(pattern), innermost, innermost];
}

/** The codes of kept blocks in tensor order; zero where a block reaches beyond the matrix. */
export function packBlocks(layout: CodeLayout, codes: Int16Array): Int16Array {
  const packed = new Int16Array(blockShape(layout).reduce((a, b) => a * b, 1));
  visitBlocks(layout, (at, code) => {
    packed[at] = code < 0 ? 0 : (codes[code] as number);
  });
  return packed;
}

/** Inverse of packBlocks: dense codes, and how many codes beyond the matrix were not zero. */
export function unpackBlocks(
  layout: CodeLayout,
  packed: ArrayLike<number>,
): { readonly codes: Int16Array; readonly strays: number } {
  const codes = new Int16Array(layout.gates * layout.rows * layout.columns);
  let strays = 0;
  visitBlocks(layout, (at, code) => {
    if (code >= 0) codes[code] = packed[at] as number;
    else if (packed[at] !== 0) strays++;
  });
  return { codes, strays };
}

/** Calls `visit` for every tensor element in order, with its place in the dense codes or -1 for padding. */
function visitBlocks(layout: CodeLayout, visit: (at: number, code: number) => void): void {
  const { gates, rows, columns, patterns } = layout;
  let at = 0;
  for (let gate = 0; gate < gates; gate++) {
    const pattern = patterns[patterns.length === 1 ? 0 : gate] as HcgsPattern;
    const size = pattern.blocks.at(-1);
    const [height, end] =
      size === undefined
        ? [rows, rows]
        : [size, blockRows(pattern, pattern.blocks.length - 1) * size];
    for (let row = 0; row < end; row += height) {
      const { width, firstColumns } = keptBlocksOfRow(pattern, row);
      for (const first of firstColumns) {
        for (let r = row; r < row + height; r++) {
          for (let c = first; c < first + width; c++) {
            const inside = r < rows && c < columns;
            visit(at++, inside ? (gate * rows + r) * columns + c : -1);
          }
        }
      }
    }
  }
}
