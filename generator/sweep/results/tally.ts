import type { Progress } from '../../base/progress.js';
import type { Point } from '../space/point.js';
import { type PointState, pointState, type SweepPlan } from './state.js';
import type { ResultStore } from './store.js';

/** Counts the points of a run as their results come, and tells who waits. */
export class Tally {
  readonly #store: ResultStore;
  readonly #plan: SweepPlan;
  readonly #progress: Progress;
  readonly #total: number;
  readonly #waiting: Map<string, Point>;
  readonly #start = performance.now();
  readonly #counts = { done: 0, excluded: 0, failed: 0 };

  constructor(store: ResultStore, plan: SweepPlan, points: readonly Point[], progress: Progress) {
    this.#store = store;
    this.#plan = plan;
    this.#progress = progress;
    this.#total = points.length;
    this.#waiting = new Map(points.map((point) => [point.id, point]));
  }

  get failed(): number {
    return this.#counts.failed;
  }

  /** Whether nothing is known of a point yet. */
  waitsFor(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** Looks for the result of a point that was run; null: of every point that is waited for. */
  look(point: Point | null): void {
    for (const one of point === null ? [...this.#waiting.values()] : [point]) this.#count(one);
    this.#tell();
  }

  #count(point: Point): void {
    const stored = this.#store.read(point.id);
    if (stored.kind !== 'record') return;
    const { state }: PointState = pointState(point, stored.record, this.#plan);
    if (state === 'missing' || !this.#waiting.delete(point.id)) return;
    this.#counts[state]++;
  }

  #tell(): void {
    const finished = this.#total - this.#waiting.size;
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = finished / Math.max(seconds, 1e-3);
    const { excluded, failed } = this.#counts;
    const left = this.#waiting.size / rate;
    const parts = [
      `${finished}/${this.#total}, ${Math.floor((100 * finished) / this.#total)} %`,
      ...(finished === 0 ? [] : [`${rateText(rate)}, ${timeText(left)} left`]),
      ...(excluded === 0 ? [] : [`${excluded} excluded`]),
      ...(failed === 0 ? [] : [`${failed} failed`]),
    ];
    this.#progress.detail(parts.join(', '));
  }
}

function rateText(rate: number): string {
  return rate >= 1 ? `${rate.toFixed(1)} a second` : `${(60 * rate).toFixed(1)} a minute`;
}

/** Seconds in a few characters. */
export function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds < 6000) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
