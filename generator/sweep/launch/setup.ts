import type { SweepPlan } from '../results/state.js';

/** What all points of a worker share. */
export interface WorkerSetup {
  /** Absolute. */
  readonly directory: string;
  readonly plan: SweepPlan;
}
