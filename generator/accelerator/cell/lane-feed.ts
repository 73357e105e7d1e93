import {
  bit,
  defineModule,
  indexBits,
  input,
  integer,
  literal,
  output,
  parameterValue,
  requires,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { type Configuration, cellsPerGroup, GATE_COUNT, stepsPerGroup } from '../configuration.js';

/** Cycles from a finished row group set at the ports to its first step. */
export const FEED_LATENCY = 1;

/** Hands the sums of one row group set to the cell lanes, CELL_LANES cells per cycle. */
export function laneFeed(c: Configuration) {
  return defineModule({
    name: `${c.name}_lane_feed`,
    doc: 'Takes both halves of a row group set at once and passes CELL_LANES cells per cycle on, lowest rows first. The sequencer spaces row group sets so that it is always free.',
    parameters: {
      ACC_BITS: integer(c.accumulatorBits, 'Bits of one sum'),
      CELLS: integer(cellsPerGroup(c), 'Cells of a row group set'),
      CELL_LANES: integer(c.cellLanes, 'Cells per cycle; divides CELLS'),
      LAST_STEP: integer(stepsPerGroup(c) - 1, 'CELLS / CELL_LANES - 1', 0),
    },
    relations: (p) => [
      requires(
        p.LAST_STEP.plus(1).times(p.CELL_LANES),
        '==',
        p.CELLS,
        'LAST_STEP must be CELLS over CELL_LANES less 1',
      ),
    ],
    ports: (p) => {
      const all = p.CELLS.times(GATE_COUNT).times(p.ACC_BITS);
      const some = p.CELL_LANES.times(GATE_COUNT).times(p.ACC_BITS);
      return {
        clk: input(bit),
        rst: input(bit),
        take: input(bit, 'a row group set is at the ports'),
        ready_sums: input(uint(all), 'sums of the ready half, [cell][gate]'),
        complete_sums: input(uint(all), 'sums of the completing half'),
        step: output(bit, 'cells are at the lanes'),
        step_last: output(bit, 'the last of their set'),
        lane_ready_sums: output(uint(some)),
        lane_complete_sums: output(uint(some)),
      };
    },
    body: (m, p, io) => {
      const all = p.CELLS.times(GATE_COUNT).times(p.ACC_BITS);
      const some = p.CELL_LANES.times(GATE_COUNT).times(p.ACC_BITS);
      const stepBits = m.local('STEP_BITS', indexBits(p.LAST_STEP.plus(1)));
      const ready = m.reg('ready_shift', uint(all));
      const complete = m.reg('complete_shift', uint(all));
      const left = m.reg('steps_left', uint(stepBits), 'steps after this one');
      m.always(io.clk, [
        when(
          io.rst,
          [set(io.step, literal(0, 1)), set(left, literal(0, stepBits))],
          [
            when(
              io.take,
              [set(io.step, literal(1, 1)), set(left, parameterValue(p.LAST_STEP, stepBits))],
              [when(left.ne(0), [set(left, left.decrement())], [set(io.step, literal(0, 1))])],
            ),
          ],
        ),
        when(
          io.take,
          [set(ready, io.ready_sums), set(complete, io.complete_sums)],
          [
            when(left.ne(0), [
              set(ready, ready.shiftDown(some)),
              set(complete, complete.shiftDown(some)),
            ]),
          ],
        ),
      ]);
      m.assign(io.step_last, io.step.and(left.eq(0)));
      m.assign(io.lane_ready_sums, ready.part(0, some));
      m.assign(io.lane_complete_sums, complete.part(0, some));
    },
  });
}

export type LaneFeed = ReturnType<typeof laneFeed>;
