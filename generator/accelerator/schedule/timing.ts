import { type CellStages, cellStages } from '../cell/stages.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import type { Job } from './jobs.js';
import { stagesOf } from './stages.js';

export type ScheduleShape = Pick<
  Configuration,
  | 'sumSlots'
  | 'cells'
  | 'cellLanes'
  | 'cellCycles'
  | 'slices'
  | 'tileRows'
  | 'tileColumns'
  | 'rowGroups'
  | 'queues'
  | 'emit'
  | 'order'
  | 'maxFrames'
  | 'streams'
  | 'pipeline'
> & { readonly inputBeats: number; readonly outputBeats: number };

/** Cycles from one stage of the hardware to another, for a shape. */
export interface Timing {
  readonly cells: CellStages;
  /** From the issue of a tile: its reads, its finished sums, the first step of its set at the lanes. */
  readonly read: number;
  readonly sums: number;
  readonly feed: number;
  /** From the first step of a set of a job to its last, and those in which the lanes take no other set. */
  readonly lastStep: (job: Pick<Job, 'turns'>) => number;
  readonly busy: (job: Pick<Job, 'turns'>) => number;
}

export function timingOf(shape: Omit<ScheduleShape, 'inputBeats' | 'outputBeats'>): Timing {
  const { read, sums, feed } = stagesOf(shape);
  const steps = ({ turns }: Pick<Job, 'turns'>) => stepsPerGroup(shape, turns);
  return {
    cells: cellStages(shape),
    read,
    sums,
    feed,
    lastStep: (job) => (steps(job) - 1) * shape.cellCycles,
    busy: (job) => steps(job) * shape.cellCycles,
  };
}

/** The last write of an output whose last job ends in a cycle; `sums`: exact sums leave, not values. */
export function lastWrite(
  { feed, cells, lastStep, busy }: Timing,
  job: Job,
  end: number,
  sums: boolean,
): number {
  return end + feed + (sums ? cells.lastSum : cells.hidden) + lastStep(job) + job.empty * busy(job);
}
