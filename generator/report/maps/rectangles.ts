import { type Band, keptInRow } from './bands.js';

/** Shares of kept positions in cells of a matrix, for a picture that cannot show each position. */
export interface ShareGrid {
  /** Positions of a cell, rows and columns; the last ones of a row and of a column may have fewer. */
  readonly cell: { readonly rows: number; readonly columns: number };
  readonly rows: number;
  readonly columns: number;
  /** Share of each cell, 0 ... 1, row by row. */
  readonly shares: Float64Array;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Rectangles that bands take: one for each run of each band. */
export function rectangleCount(bands: readonly Band[]): number {
  return bands.reduce((sum, { runs }) => sum + runs.length / 2, 0);
}

/** The kept positions of bands as an SVG path of rectangles, in rows and columns of the matrix. */
export function bandPath(bands: readonly Band[]): string {
  const parts: string[] = [];
  for (const { row, rows, runs } of bands) {
    for (let i = 0; i < runs.length; i += 2) {
      parts.push(rectangle(runs[i] as number, row, runs[i + 1] as number, rows));
    }
  }
  return parts.join('');
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

/** Shares of at most `most` cells in either direction. */
export function shareGrid(bands: readonly Band[], size: Size, most: number): ShareGrid {
  const cell = { rows: Math.ceil(size.rows / most), columns: Math.ceil(size.columns / most) };
  const rows = Math.ceil(size.rows / cell.rows);
  const columns = Math.ceil(size.columns / cell.columns);
  const shares = new Float64Array(rows * columns);
  for (const band of bands) {
    if (keptInRow(band) === 0) continue;
    for (let row = band.row; row < band.row + band.rows; row++) {
      addRow(band.runs, Math.floor(row / cell.rows) * columns, cell.columns, shares);
    }
  }
  for (let at = 0; at < shares.length; at++) {
    const top = Math.floor(at / columns) * cell.rows;
    const left = (at % columns) * cell.columns;
    const height = Math.min(cell.rows, size.rows - top);
    shares[at] = (shares[at] as number) / height / Math.min(cell.columns, size.columns - left);
  }
  return { cell, rows, columns, shares };
}

/** Adds the kept positions of a row to the cells that begin at `from`. */
function addRow(runs: readonly number[], from: number, width: number, counts: Float64Array): void {
  for (let i = 0; i < runs.length; i += 2) {
    const end = (runs[i] as number) + (runs[i + 1] as number);
    for (let column = runs[i] as number; column < end; ) {
      const cell = Math.floor(column / width);
      const to = Math.min(end, (cell + 1) * width);
      counts[from + cell] = (counts[from + cell] as number) + to - column;
      column = to;
    }
  }
}

/** Largest share of a grid. */
export function largestShare({ shares }: ShareGrid): number {
  return shares.reduce((most, share) => Math.max(most, share), 0);
}

/**
 * The cells of a grid by how much of them is kept, in `steps` equal steps up to the largest share: an SVG path for each step, in
 * rows and columns of the matrix. A cell that keeps anything is at least of the first step; one that keeps nothing is in none.
 */
export function stepPaths(grid: ShareGrid, size: Size, steps: number): readonly string[] {
  const most = largestShare(grid);
  const parts = Array.from({ length: steps }, (): string[] => []);
  const stepOf = (row: number, column: number): number =>
    Math.ceil(((grid.shares[row * grid.columns + column] as number) / most) * steps - 1e-9);
  for (let row = 0; row < grid.rows; row++) {
    const y = row * grid.cell.rows;
    const height = Math.min(grid.cell.rows, size.rows - y);
    for (let from = 0; from < grid.columns; ) {
      const step = stepOf(row, from);
      let to = from + 1;
      while (to < grid.columns && stepOf(row, to) === step) to++;
      const x = from * grid.cell.columns;
      const width = Math.min(to * grid.cell.columns, size.columns) - x;
      parts[step - 1]?.push(rectangle(x, y, width, height));
      from = to;
    }
  }
  return parts.map((own) => own.join(''));
}
