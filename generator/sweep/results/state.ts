import type { Point } from '../space/point.js';
import type { CheckedSpace, StageName } from '../space/space.js';
import { stageKey } from '../stages/registry.js';
import type { Figures } from '../stages/stage.js';
import type { PointRecord, StageEntry } from './record.js';

/** What every point of a sweep goes through. */
export interface SweepPlan {
  /** In their order. */
  readonly stages: readonly StageName[];
  readonly limits: NonNullable<CheckedSpace['limits']>;
  /** Designs stay in `designs/` of the sweep. */
  readonly keepDesigns: boolean;
}

/** How far a point is. */
export type PointState =
  | { readonly state: 'done'; readonly figures: Figures }
  /** `stage` is to be run next. */
  | { readonly state: 'missing'; readonly stage: StageName; readonly figures: Figures }
  | {
      readonly state: 'excluded';
      readonly stage: StageName;
      readonly code: string;
      readonly reason: string;
      readonly figures: Figures;
    }
  | {
      readonly state: 'failed';
      readonly stage: StageName;
      readonly code: string;
      readonly reason: string;
      readonly log: string | null;
      readonly figures: Figures;
    };

/**
 * The state of a point by its result file alone. Limits are held against the figures here and nowhere else, so that other limits
 * need no point run again; entries of another version, or of other frames, do not count.
 */
export function pointState(point: Point, record: PointRecord | null, plan: SweepPlan): PointState {
  let figures: Figures = {};
  for (const stage of plan.stages) {
    const entry = currentEntry(point, record, stage);
    if (entry === undefined) return { state: 'missing', stage, figures };
    if (entry.outcome === 'excluded') {
      const { code, reason } = entry;
      return { state: 'excluded', stage, code, reason, figures };
    }
    if (entry.outcome === 'failed') {
      const { code, message, log } = entry;
      return { state: 'failed', stage, code, reason: message, log, figures };
    }
    figures = { ...figures, ...entry.figures };
    const beyond = beyondLimit(figures, plan.limits);
    if (beyond !== null) {
      return { state: 'excluded', stage, code: 'SWEEP_LIMIT', reason: beyond, figures };
    }
  }
  return { state: 'done', figures };
}

/** What a record says of a stage, where that still holds. */
export function currentEntry(
  point: Point,
  record: PointRecord | null,
  stage: StageName,
): StageEntry | undefined {
  const entry = record?.stages.find((one) => one.stage === stage);
  return entry?.key === stageKey(stage, point) ? entry : undefined;
}

/** The first limit that a figure is beyond, in words. */
function beyondLimit(figures: Figures, limits: SweepPlan['limits']): string | null {
  for (const [name, { min, max }] of Object.entries(limits)) {
    const value = figures[name];
    if (typeof value !== 'number') continue;
    if (max !== undefined && value > max) return `${name} ${value} is above ${max}`;
    if (min !== undefined && value < min) return `${name} ${value} is below ${min}`;
  }
  return null;
}
