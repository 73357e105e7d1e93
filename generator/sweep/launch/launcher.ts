import type { Point } from '../space/point.js';
import type { WorkerSetup } from './setup.js';

/** Points to run, wherever. */
export interface LaunchJob {
  readonly setup: WorkerSetup;
  /** Points that share a network stand together. */
  readonly groups: readonly (readonly Point[])[];
  /** Megabytes that a worker takes at most. */
  readonly workerMb: number;
  /** Told when a point has been run, or when it is time to look which have. */
  readonly onDone: (point: Point | null) => void;
  /** Whether a point has no result yet, as of the last look. */
  readonly isMissing: (point: Point) => boolean;
  /** No point begins once it says no. */
  readonly goesOn: () => boolean;
}

/** Where points are run. What became of them is in their result files, whatever a launcher says. */
export interface Launcher {
  /** Before anything is looked at: waits for what an earlier run has left at work. */
  readonly settle: () => Promise<void>;
  readonly run: (job: LaunchJob) => Promise<void>;
  /** How many points are run at a time, where that is known. */
  readonly width: (workerMb: number) => number | null;
}
