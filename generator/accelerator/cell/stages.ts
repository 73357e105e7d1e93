import { type Pipelined, stands } from '../pipeline/registers.js';
import { decoderLatency, stateLatency } from '../pipeline/tracks.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import { gateSumLatency, tableInputLatency } from './gate-sum.js';
import { lanesIn } from './units.js';

/** Cycle in which what a sum is made of is in registers, where these stand. */
export function operandStage(c: Pipelined): number {
  return stands(c, 'sumOperand') ? 1 : 0;
}

/** Stages of the cell update, in cycles from the one in which the sums of a step are at the lanes. */
export interface CellStages {
  /** First aligned sum, and the last: another one in a time-multiplexed lane. */
  readonly sum: number;
  readonly lastSum: number;
  /** First table input. */
  readonly u: number;
  /** Address of c, `stateLatency` cycles before c is used. This and the next: 0 where there is none. */
  readonly cellRead: number;
  readonly cell: number;
  readonly hidden: number;
  /**
   * A row group set retires so early that the first tile issued after it reads h one cycle after it was written: the tile
   * reads `decoderLatency` cycles after its issue, the issue comes one cycle after the event.
   */
  readonly retire: number;
}

/**
 * Lanes of several kinds share the stages: state and value of all leave with the latest, the state is read with the earliest.
 */
export function cellStages(
  c: Pick<Configuration, 'cells' | 'cellCycles' | 'slices' | 'pipeline'>,
): CellStages {
  const timeMultiplexed = isTimeMultiplexed(c);
  const lanes = lanesIn(c).map(({ stages }) => stages(c));
  const reads = lanes.flatMap(({ stateRead }) => stateRead ?? []);
  const states = lanes.flatMap(({ state }) => state ?? []);
  const sum = operandStage(c) + gateSumLatency(c);
  const u = sum + tableInputLatency(c);
  const hidden = u + Math.max(...lanes.map(({ value }) => value));
  return {
    sum,
    lastSum: timeMultiplexed ? sum + c.slices - 1 : sum,
    u,
    cellRead: reads.length === 0 ? 0 : u + Math.min(...reads) - stateLatency(c),
    cell: states.length === 0 ? 0 : u + Math.max(...states),
    hidden,
    retire: hidden - decoderLatency(c),
  };
}
