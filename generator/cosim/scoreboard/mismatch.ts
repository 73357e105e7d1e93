import { GATES, type Gate } from '../../network/model.js';

export const TENSORS = ['sums', 'c', 'h', 'outputs'] as const;
export type Tensor = (typeof TENSORS)[number];

/** One value in which hardware and golden model differ. */
export interface Mismatch {
  /** Frame, counted through all utterances. */
  readonly frame: number;
  /** LSTM layer, from 0; null for the outputs. */
  readonly layer: number | null;
  /** Cell, or index of the output. */
  readonly row: number;
  readonly tensor: Tensor;
  /** Only for sums. */
  readonly gate: Gate | null;
  /** Null where the hardware gave a value and none was due. */
  readonly expected: number | null;
  /** Null where the hardware gave no value. */
  readonly actual: number | null;
  /** Clock cycle since the start of the simulation in which the value was there, or was known to be missing. */
  readonly cycle: number;
}

/** Which of two mismatches came first: by cycle, then in the order of computation. */
export function earlier(a: Mismatch | null, b: Mismatch): Mismatch {
  if (a === null) return b;
  const order =
    b.cycle - a.cycle ||
    b.frame - a.frame ||
    (b.layer ?? Number.MAX_SAFE_INTEGER) - (a.layer ?? Number.MAX_SAFE_INTEGER) ||
    TENSORS.indexOf(b.tensor) - TENSORS.indexOf(a.tensor) ||
    b.row - a.row ||
    (b.gate && a.gate ? GATES.indexOf(b.gate) - GATES.indexOf(a.gate) : 0);
  return order < 0 ? b : a;
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
