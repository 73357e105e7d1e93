import { DECODER_LATENCY } from '../decoder/latency.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';
import { GATE_SUM_LATENCY, TABLE_INPUT_LATENCY } from './gate-sum.js';
import { lanesIn } from './units.js';

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

/**
 * Lanes of several kinds share the stages: state and value of all leave with the latest, the state is read with the earliest.
 */
export function cellStages(c: Pick<Configuration, 'cells' | 'cellCycles' | 'slices'>): CellStages {
  const timeMultiplexed = isTimeMultiplexed(c);
  const lanes = lanesIn(c).map(({ stages }) => stages);
  const reads = lanes.flatMap(({ stateRead }) => stateRead ?? []);
  const states = lanes.flatMap(({ state }) => state ?? []);
  const sum = OPERAND_STAGE + GATE_SUM_LATENCY;
  const u = sum + TABLE_INPUT_LATENCY;
  const hidden = u + Math.max(...lanes.map(({ value }) => value));
  return {
    sum,
    lastSum: timeMultiplexed ? sum + c.slices - 1 : sum,
    u,
    cellRead: reads.length === 0 ? 0 : u + Math.min(...reads) - 2,
    cell: states.length === 0 ? 0 : u + Math.max(...states),
    hidden,
    retire: hidden - DECODER_LATENCY,
  };
}
