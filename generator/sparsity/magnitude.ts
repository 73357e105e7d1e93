/** Gates of one size, [row][column] each. */
export interface GateValues {
  readonly rows: number;
  readonly columns: number;
  readonly gates: readonly Readonly<ArrayLike<number>>[];
}

/** Scores of the blocks of one size: score[row * columns + column]. */
export interface BlockScores {
  /** Blocks in a block row, those included that lie in the matrix only in part. */
  readonly columns: number;
  readonly score: Float64Array;
}

/** Mean |w| of every block of `size` over all gates, padding positions not counted. */
export function meanMagnitudes({ rows, columns, gates }: GateValues, size: number): BlockScores {
  const across = Math.ceil(columns / size);
  const score = new Float64Array(Math.ceil(rows / size) * across);
  for (const values of gates) {
    for (let row = 0; row < rows; row++) {
      const start = Math.floor(row / size) * across;
      for (let column = 0; column < columns; column++) {
        const at = start + Math.floor(column / size);
        score[at] = (score[at] as number) + Math.abs(values[row * columns + column] as number);
      }
    }
  }
  for (let at = 0; at < score.length; at++) {
    const height = Math.min(size, rows - Math.floor(at / across) * size);
    const width = Math.min(size, columns - (at % across) * size);
    score[at] = (score[at] as number) / (gates.length * height * width);
  }
  return { columns: across, score };
}
