import type { Waits } from '../../accelerator/schedule/job-clock.js';
import type { Job } from '../../accelerator/schedule/jobs.js';

/** What an array waits for, in the order of `Waits`, and a frame that has not come. */
export const CAUSES = ['input', 'values', 'output', 'lanes', 'table'] as const;
export type Cause = (typeof CAUSES)[number];

/** The causes for a reader. */
export const CAUSE_TEXTS: Readonly<Record<Cause, string>> = {
  input: 'input frame not there',
  values: 'values still in the cell lanes',
  output: 'output buffers full',
  lanes: 'cell lanes busy',
  table: 'next word of the layer table',
};

/** What a part of the hardware does in the cycles `from` to `to`, both inclusive. */
export interface Span {
  /** Row of the picture. */
  readonly row: string;
  readonly from: number;
  readonly to: number;
  /** By which it is coloured: frame, stream or step; of a wait that of the job that waits. */
  readonly frame: number;
  /** Tiles of the first operand, of one that completes, another part at work, or a wait. */
  readonly kind: 'ahead' | 'work' | Cause;
}

/** A job as it was issued. */
export interface IssuedJob {
  readonly job: Job;
  readonly begin: number;
  readonly end: number;
  readonly frame: number;
  readonly waits: Waits;
}

/** Spans of a row that follow each other without a gap as one; in the order of their first cycles. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  const last = new Map<string, number>();
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const key = `${span.row}\0${span.kind}\0${span.frame}`;
    const index = last.get(key);
    const before = index === undefined ? undefined : result[index];
    if (index !== undefined && before !== undefined && span.from <= before.to + 1) {
      result[index] = { ...before, to: Math.max(before.to, span.to) };
      continue;
    }
    last.set(key, result.length);
    result.push(span);
  }
  return result;
}

/** What lies within a window of cycles, counted from its first one. */
export function within(spans: readonly Span[], first: number, cycles: number): readonly Span[] {
  return spans.flatMap((span) => {
    const from = Math.max(span.from - first, 0);
    const to = Math.min(span.to - first, cycles - 1);
    return to < from ? [] : [{ ...span, from, to }];
  });
}

/**
 * The waits of an array, each in the cycles in which it is: before the first tile of a job for what it reads or for an output buffer,
 * before its last tile for the lanes or the table. Cycles between two jobs that no job waits in had no frame to work on.
 */
export function waitsOf(row: string, issued: readonly IssuedJob[]): readonly Span[] {
  const spans: Span[] = [];
  let now: number | null = null;
  for (const { begin, end, frame, waits } of issued) {
    const add = (kind: Cause, from: number, cycles: number) => {
      if (cycles > 0) spans.push({ row, from, to: from + cycles - 1, frame, kind });
    };
    const { values, output, lanes, table } = waits;
    const first = begin - values - output;
    if (now !== null) add('input', now + 1, first - now - 1);
    add('values', first, values);
    add('output', first, output);
    add('lanes', end - table - lanes, lanes);
    add('table', end - table, table);
    now = end;
  }
  return spans;
}
