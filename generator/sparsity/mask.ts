/** Which positions of a matrix hold a weight: kept[row * columns + column] is 1 or 0. */
export interface Mask {
  readonly rows: number;
  readonly columns: number;
  readonly kept: Uint8Array;
}

/** The masks of one matrix: where its gates hold weights. */
export interface MatrixMasks {
  /** Name in the source file. */
  readonly name: string;
  /** Matrices of one group may be described alike, e.g. those of a layer. */
  readonly group: number;
  /** Positions that hold a weight in at least one gate. */
  readonly shared: Mask;
  readonly perGate: readonly Mask[];
}

/** Share of zeros that a matrix may have where no pattern explains them: it is dense. */
export const UNEXPLAINED_ZEROS = 0.01;

/** Positions that hold a weight in at least one of the masks. */
export function union(masks: readonly Mask[]): Mask {
  const [first] = masks;
  if (first === undefined) throw new RangeError('union of no masks');
  const kept = new Uint8Array(first.kept.length);
  for (const mask of masks) {
    for (let i = 0; i < kept.length; i++) if (mask.kept[i] !== 0) kept[i] = 1;
  }
  return { rows: first.rows, columns: first.columns, kept };
}
