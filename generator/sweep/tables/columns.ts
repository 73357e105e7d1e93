import type { Scalar } from '../space/point.js';
import type { StageName } from '../space/space.js';
import { figuresOf } from '../stages/registry.js';
import type { Ended } from '../sweep.js';

/** Names of the settings of all points, in the order in which they come first. */
export function settingNames(ended: readonly Ended[]): readonly string[] {
  return [...new Set(ended.flatMap(({ point }) => Object.keys(point.settings)))];
}

/** Settings that are not the same at every point: what a short table shows. */
export function varied(ended: readonly Ended[]): readonly string[] {
  return settingNames(ended).filter(
    (name) => new Set(ended.map(({ point }) => point.settings[name])).size > 1,
  );
}

/** Names of the figures of stages. */
export function figureNames(stages: readonly StageName[]): readonly string[] {
  return figuresOf(stages).map(({ name }) => name);
}

/** The stage at which a point stopped, why, and its log; empty for a point that is done. */
export function endingOf({ state }: Ended): {
  readonly stage: string;
  readonly reason: string;
  readonly log: string;
} {
  if (state.state === 'done') return { stage: '', reason: '', log: '' };
  if (state.state === 'missing') return { stage: state.stage, reason: '', log: '' };
  const log = state.state === 'failed' ? (state.log ?? '') : '';
  return { stage: state.stage, reason: `${state.code}: ${state.reason}`, log };
}

/** A number with the digits that a person reads; texts as they are. */
export function shortText(value: Scalar | null | undefined): string {
  if (value === null || value === undefined) return '-';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}
