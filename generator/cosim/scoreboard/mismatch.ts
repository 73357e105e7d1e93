/** The tensor that the output stream shows. */
export const OUTPUTS = 'outputs';

/** One value in which hardware and golden model differ. */
export interface Mismatch {
  /** Frame, counted through all utterances. */
  readonly frame: number;
  /** Recurrent layer, from 0; null for the outputs. */
  readonly layer: number | null;
  /** Row of the layer, or index of the output. */
  readonly row: number;
  /** Its name in the trace of the design, or `outputs`. */
  readonly tensor: string;
  /** Channel of the tensor; null where it has one number in a row. */
  readonly gate: string | null;
  /** Null where the hardware gave a value and none was due. */
  readonly expected: number | null;
  /** Null where the hardware gave no value. */
  readonly actual: number | null;
  /** Clock cycle since the start of the simulation in which the value was there, or was known to be missing. */
  readonly cycle: number;
}

/**
 * Which of two mismatches came first: by cycle, then by frame; of one tensor by row. `a` where they share all that: give
 * them in the order of computation.
 */
export function earlier(a: Mismatch | null, b: Mismatch): Mismatch {
  if (a === null) return b;
  const sameTensor = a.layer === b.layer && a.tensor === b.tensor;
  const order = a.cycle - b.cycle || a.frame - b.frame || (sameTensor ? a.row - b.row : 0);
  return order > 0 ? b : a;
}

/** The mismatch as a sentence. */
export function describeMismatch(m: Mismatch): string {
  const where = [
    `frame ${m.frame}`,
    m.layer === null ? `output ${m.row}` : `layer ${m.layer}, row ${m.row}`,
    ...(m.layer === null ? [] : [m.gate === null ? m.tensor : `sum of gate ${m.gate}`]),
  ].join(', ');
  return `${where}: expected ${m.expected ?? 'no value'}, got ${m.actual ?? 'no value'} (cycle ${m.cycle})`;
}
