import { join } from 'node:path';
import { shellWord } from '../../base/printable.js';
import type { PointState } from '../../sweep/results/state.js';
import type { Settings } from '../../sweep/space/point.js';
import type { Figures } from '../../sweep/stages/stage.js';
import type { Ended, SweepResult } from '../../sweep/sweep.js';
import { type Objectives, paretoSet } from '../../sweep/tables/pareto.js';

/** A point that failed. */
export interface Failure {
  readonly id: string;
  readonly settings: Settings;
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  /** Where what it said is kept. */
  readonly logFile: string | null;
}

/** What `sweep` reports: the JSON object, and the source of its text. */
export interface SweepReport {
  readonly directory: string;
  readonly stages: readonly string[];
  readonly points: number;
  /** Points by what became of them. */
  readonly counts: Readonly<Record<PointState['state'], number>>;
  /** Points that this run began with. */
  readonly ran: number;
  /** It stopped for the number of failures. */
  readonly stopped: boolean;
  /** Why points are excluded, with how many, the most frequent first. */
  readonly excluded: readonly { readonly code: string; readonly points: number }[];
  readonly failures: readonly Failure[];
  /** Result files that were torn or of something else, and whose points were run again. */
  readonly refused: readonly { readonly file: string; readonly why: string }[];
  readonly objectives: Objectives;
  /** Points that no other one is better than. */
  readonly pareto: readonly {
    readonly id: string;
    readonly settings: Settings;
    readonly figures: Figures;
  }[];
  readonly tableFile: string;
  readonly plotFile: string | null;
  /** The command that runs again what failed; null: nothing did. */
  readonly repeat: string | null;
}

/** What is known beside the points. */
export interface Written {
  readonly directory: string;
  readonly stages: readonly string[];
  readonly objectives: Objectives;
  readonly tableFile: string;
  readonly plotFile: string | null;
}

export function sweepReport(result: SweepResult, written: Written): SweepReport {
  const { ended, ran, refused, stopped } = result;
  const { directory, objectives, tableFile, plotFile, stages } = written;
  const failures = ended.flatMap((one) => failureOf(one, directory));
  return {
    ...{ directory, stages, points: ended.length },
    counts: {
      done: countOf(ended, 'done'),
      excluded: countOf(ended, 'excluded'),
      failed: countOf(ended, 'failed'),
      missing: countOf(ended, 'missing'),
    },
    ...{ ran, stopped, excluded: exclusions(ended), failures, refused, objectives },
    pareto: paretoSet(ended, objectives).map(({ point: { id, settings }, state: { figures } }) => ({
      ...{ id, settings, figures },
    })),
    ...{ tableFile, plotFile },
    repeat: failures.length === 0 ? null : `hcgs sweep ${shellWord(directory)} --repeat-failed`,
  };
}

const countOf = (ended: readonly Ended[], wanted: PointState['state']): number =>
  ended.filter(({ state: { state } }) => state === wanted).length;

function failureOf({ point, state }: Ended, directory: string): readonly Failure[] {
  if (state.state !== 'failed') return [];
  const { stage, code, reason, log } = state;
  const logFile = log === null ? null : join(directory, log);
  const { id, settings } = point;
  return [{ ...{ id, settings, stage, code }, message: reason, logFile }];
}

function exclusions(ended: readonly Ended[]): SweepReport['excluded'] {
  const counts = new Map<string, number>();
  for (const { state } of ended) {
    if (state.state === 'excluded') counts.set(state.code, (counts.get(state.code) ?? 0) + 1);
  }
  return [...counts]
    .map(([code, points]) => ({ code, points }))
    .sort((a, b) => b.points - a.points || (a.code < b.code ? -1 : 1));
}
