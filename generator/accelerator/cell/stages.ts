import { DECODER_LATENCY } from '../decoder/latency.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import { GATE_SUM_LATENCY, TABLE_INPUT_LATENCY } from './gate-sum.js';
import { laneOf } from './units.js';

/** Sums are in registers. */
export const OPERAND_STAGE = 1;

/** Stages of the cell update, in cycles from the one in which the sums of a step are at the lanes. */
export interface CellStages {
  /** First aligned sum, and the last: another one in a time-multiplexed lane. */
  readonly sum: number;
  readonly lastSum: number;
  /** First table input. */
  readonly u: number;
  /** Address of c, two cycles before c is used: memory, then the register that masks it. This and the next: 0 where there is none. */
  readonly cellRead: number;
  readonly cell: number;
  readonly hidden: number;
  /**
   * A row group set retires so early that the first tile issued after it reads h one cycle after it was written: the tile
   * reads DECODER_LATENCY cycles after its issue, the issue comes one cycle after the event.
   */
  readonly retire: number;
}

export function cellStages(c: Pick<Configuration, 'cell' | 'cellCycles' | 'slices'>): CellStages {
  const timeMultiplexed = isTimeMultiplexed(c);
  const lane = laneOf(c).stages;
  const sum = OPERAND_STAGE + GATE_SUM_LATENCY;
  const u = sum + TABLE_INPUT_LATENCY;
  const hidden = u + lane.value;
  return {
    sum,
    lastSum: timeMultiplexed ? sum + c.slices - 1 : sum,
    u,
    cellRead: lane.stateRead === null ? 0 : u + lane.stateRead - 2,
    cell: lane.state === null ? 0 : u + lane.state,
    hidden,
    retire: hidden - DECODER_LATENCY,
  };
}
