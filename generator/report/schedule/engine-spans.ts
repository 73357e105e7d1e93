import type { Order } from '../../accelerator/schedule/played.js';
import { timingOf } from '../../accelerator/schedule/timing.js';
import { cellOf } from '../../network/cells/registry.js';
import { type IssuedJob, joined, type Span, waitsOf } from './spans.js';

/** When the streams of an engine moved a frame, in cycles, both ends inclusive. */
export interface Beats {
  readonly frame: number;
  readonly input: readonly [first: number, last: number] | null;
  readonly output: readonly [first: number, last: number] | null;
}

/** Rows of the picture of one engine, from the top; `label` stands in front of each. */
export interface EngineRows {
  readonly rows: readonly string[];
  readonly spans: readonly Span[];
}

/** What each part of an engine does, from the jobs that it issued: array, memories, lanes and streams. */
export function engineSpans(
  { shape, program, sums }: Pick<Order, 'shape' | 'program' | 'sums'>,
  issued: readonly IssuedJob[],
  beats: readonly Beats[],
  label: string,
): EngineRows {
  const timing = timingOf(shape);
  const { read, feed, cells, lastStep, busy } = timing;
  const passes = program.passes.map(({ cell, index, direction }) => {
    const name = cellOf(cell).leaves === 'sums' ? 'output layer' : `layer ${index}, ${cell}`;
    return `${label}${name}${direction === 'backward' ? ', backward' : ''}`;
  });
  const named = (name: string) => `${label}${name}`;
  const [input, waits, weights, lanes, written, output] = [
    ...['input stream', 'array waits', 'weight memories', 'cell lanes', 'values written'],
    'output stream',
  ].map(named) as [string, string, string, string, string, string];
  const spans = issued.flatMap(({ job, begin, end, frame, waits: own }): Span[] => {
    const row = passes[job.pass] as string;
    const kind = job.ends === 'slot' || job.ends === 'held' ? 'ahead' : 'work';
    // a job that waits for the lanes or the table does so before its last tile
    const late = own.lanes + own.table;
    const tiles: Span[] =
      late === 0
        ? [{ row, from: begin, to: end, frame, kind }]
        : [
            ...(job.tiles > 1
              ? [{ row, from: begin, to: begin + job.tiles - 2, frame, kind } as const]
              : []),
            { row, from: end, to: end, frame, kind },
          ];
    const reads = tiles.map(
      (one): Span => ({
        ...{ row: weights, frame, kind: 'work' },
        ...{ from: one.from + read, to: one.to + read },
      }),
    );
    if (job.ends !== 'lanes') return [...tiles, ...reads];
    const sets = 1 + job.empty;
    const first = end + feed;
    const exact = sums && job.pass === program.passes.length - 1;
    const write = first + (exact ? cells.sum : cells.hidden);
    const more = lastStep(job) + job.empty * busy(job) + (exact ? cells.lastSum - cells.sum : 0);
    return [
      ...tiles,
      ...reads,
      { row: lanes, from: first, to: first + sets * busy(job) - 1, frame, kind: 'work' },
      { row: written, from: write, to: write + more, frame, kind: 'work' },
    ];
  });
  const streams = beats.flatMap(({ frame, input: came, output: left }): Span[] => [
    ...(came ? [{ row: input, from: came[0], to: came[1], frame, kind: 'work' } as const] : []),
    ...(left ? [{ row: output, from: left[0], to: left[1], frame, kind: 'work' } as const] : []),
  ]);
  return {
    rows: [input, ...passes, waits, weights, lanes, written, output],
    spans: joined([...spans, ...streams, ...waitsOf(waits, issued)]),
  };
}
