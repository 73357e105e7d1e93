/** Utterances of one class, and how many of them were decided so. */
export interface ClassCount {
  readonly class: number;
  readonly utterances: number;
  readonly correct: number;
}

/** What became of utterances whose class is known. */
export interface Confusion {
  /** Utterances, [class of the label][class decided]. */
  readonly matrix: readonly (readonly number[])[];
  readonly classes: readonly ClassCount[];
}

/** Counts decisions by label: one of `classes` classes for each utterance, in both. */
export function confusionOf(decided: Int32Array, labels: Int32Array, classes: number): Confusion {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  decided.forEach((decision, u) => {
    const row = matrix[labels[u] as number] as number[];
    row[decision] = (row[decision] as number) + 1;
  });
  return {
    matrix,
    classes: matrix.map((row, own) => ({
      class: own,
      utterances: row.reduce((sum, count) => sum + count, 0),
      correct: row[own] as number,
    })),
  };
}
