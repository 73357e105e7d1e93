import {
  anyOf,
  bit,
  type Expr,
  type Int,
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
import { defineBlock } from '../build/define-block.js';
import { delayedValid } from '../build/pipeline.js';
import { stepIndexBits } from '../control/job-table.js';
import { gateBits } from '../control/layer-table.js';
import { MATCHES, matched } from '../images/matches.js';
import {
  type Configuration,
  cellsPerGroup,
  gateSums,
  gatesInTurn,
  isTimeMultiplexed,
  laneSlices,
  stepsPerGroup,
} from '../plan/configuration.js';
import { lanesOf } from './cell-interface.js';
import { allGates } from './held-gates.js';
import { stepsApart } from './units.js';

/** Cycles from a finished row group set at the ports to its first step. */
export const FEED_LATENCY = 1;

/** Hands the sums of one row group set to the cell lanes, cell by cell; to a time-multiplexed lane gate by gate. */
export function laneFeed(c: Configuration) {
  const timeMultiplexed = isTimeMultiplexed(c);
  const inTurn = gatesInTurn(c);
  // a turn is one gate
  const alone = c.slices === 1;
  const pace = timeMultiplexed
    ? 'passes a cell on every STEP_CYCLES cycles, its gates one after another'
    : 'passes CELL_LANES cells per cycle on';
  return defineBlock({
    name: `${c.name}_lane_feed`,
    doc: `Takes both halves of a row group set at once${inTurn > 1 ? `, ${alone ? 'gate by gate' : 'some gates at a time'}, holds those of the ${alone ? 'gates' : 'turns'} before the last,` : ''} and ${pace}, lowest rows first. The sequencer spaces row group sets so that it is always free.`,
    parameters: {
      ACC_BITS: matched(integer(c.accumulatorBits, 'Bits of one sum'), MATCHES.room),
      CELLS: matched(integer(cellsPerGroup(c), 'Cells of a row group set'), MATCHES.nothing),
      ...(timeMultiplexed
        ? {}
        : {
            CELL_LANES: matched(
              integer(c.cellLanes, 'Cells per cycle; divides CELLS'),
              MATCHES.cellLanes,
            ),
          }),
      ...(c.jobs === undefined
        ? {
            LAST_STEP: matched(
              integer(
                stepsPerGroup(c) - 1,
                timeMultiplexed ? 'CELLS - 1' : 'CELLS / CELL_LANES - 1',
                0,
              ),
              MATCHES.nothing,
            ),
          }
        : {}),
      ...(c.turns === undefined
        ? {}
        : {
            TURN_CELLS: matched(
              integer(c.cellLanes / c.turns, 'Cells in a step where their rows take turns'),
              MATCHES.nothing,
            ),
            ...(c.jobs === undefined
              ? {
                  TURN_LAST_STEP: matched(
                    integer(stepsPerGroup(c, c.turns) - 1, 'LAST_STEP there', 0),
                    MATCHES.nothing,
                  ),
                }
              : {}),
          }),
      ...(c.jobs === undefined
        ? {}
        : {
            STEP_BITS: matched(
              integer(stepIndexBits(c), 'Bits of the count of steps'),
              MATCHES.nothing,
            ),
          }),
      ...(timeMultiplexed
        ? {
            STEP_CYCLES: matched(
              integer(c.cellCycles, 'Cycles from one cell to the next', stepsApart(c)),
              MATCHES.nothing,
            ),
          }
        : {}),
    },
    relations: (p) => [
      ...(p.LAST_STEP === undefined
        ? []
        : [
            requires(
              p.LAST_STEP.plus(1).times(lanesOf(p)),
              '==',
              p.CELLS,
              timeMultiplexed
                ? 'LAST_STEP must be CELLS less 1'
                : 'LAST_STEP must be CELLS over CELL_LANES less 1',
            ),
          ]),
      ...(p.TURN_CELLS === undefined
        ? []
        : [
            requires(
              p.TURN_CELLS.times(c.turns as number),
              '==',
              lanesOf(p),
              `TURN_CELLS must be CELL_LANES over ${c.turns}`,
            ),
          ]),
      ...(p.TURN_CELLS === undefined || p.TURN_LAST_STEP === undefined
        ? []
        : [
            requires(
              p.TURN_LAST_STEP.plus(1).times(p.TURN_CELLS),
              '==',
              p.CELLS,
              'TURN_LAST_STEP must be CELLS over TURN_CELLS less 1',
            ),
          ]),
    ],
    ports: (p) => {
      const whole = p.CELLS.times(c.slices).times(p.ACC_BITS);
      const some = lanesOf(p).times(gateSums(c)).times(p.ACC_BITS);
      return {
        clk: input(bit),
        rst: input(bit),
        take: input(bit, 'a row group set is at the ports'),
        ...(p.TURN_CELLS === undefined
          ? {}
          : { flat: input(bit, 'its rows lie in the slices and take turns') }),
        ...(p.STEP_BITS === undefined
          ? {}
          : {
              last_step: input(
                uint(p.STEP_BITS),
                'steps of it and of the sets without sums behind it, less one',
              ),
            }),
        ...(inTurn > 1
          ? {
              hold: input(
                bit,
                alone
                  ? 'a gate of one is, which waits for the others'
                  : 'a turn of one is, whose gates wait for the others',
              ),
              gate: input(uint(gateBits(c)), 'its number, or that of the last one, with take'),
            }
          : {}),
        ready_sums: input(
          uint(whole),
          `sums of the ready half, [cell]${inTurn > 1 && alone ? '' : '[gate]'}`,
        ),
        complete_sums: input(uint(whole), 'sums of the completing half'),
        step: output(
          bit,
          timeMultiplexed ? 'the first gate of a cell is at the lane' : 'cells are at the lanes',
        ),
        step_last: output(bit, 'the last of their set'),
        lane_ready_sums: output(uint(some)),
        lane_complete_sums: output(uint(some)),
      };
    },
    body: (m, p, io) => {
      const all = p.CELLS.times(timeMultiplexed ? c.slices : laneSlices(c)).times(p.ACC_BITS);
      const some = lanesOf(p).times(gateSums(c)).times(p.ACC_BITS);
      const stepBits =
        p.STEP_BITS ??
        m.local('STEP_BITS', indexBits(((p.TURN_LAST_STEP ?? p.LAST_STEP) as Int).plus(1)));
      const ready = m.reg('ready_shift', uint(all));
      const complete = m.reg('complete_shift', uint(all));
      const left = m.reg('steps_left', uint(stepBits), 'steps after this one');
      const none = literal(0, 1);
      const one = literal(1, 1);
      const once = io.last_step ?? parameterValue(p.LAST_STEP as Int, stepBits);
      const last =
        p.TURN_LAST_STEP === undefined || io.flat === undefined
          ? once
          : io.flat.choose(parameterValue(p.TURN_LAST_STEP, stepBits), once);
      const nothing = [set(io.step, none), set(left, literal(0, stepBits))];
      const sums = allGates(c, m, p, io);
      const whole = [set(ready, sums.ready), set(complete, sums.complete)];
      const { flat } = io;
      const turning = flat && m.reg('turning', bit, 'the rows of the set take turns');
      const part = p.TURN_CELLS?.times(laneSlices(c)).times(p.ACC_BITS);
      const shifted = (name: string, value: Expr<'u'>): Expr<'u'> =>
        turning === undefined || part === undefined
          ? value.shiftDown(some)
          : m.wire(name, turning.choose(value.shiftDown(part), value.shiftDown(some)));
      const next = [
        set(ready, shifted('ready_next', ready)),
        set(complete, shifted('complete_next', complete)),
      ];
      if (flat !== undefined && turning !== undefined) {
        m.always(io.clk, [when(io.take, [set(turning, flat)])]);
      }
      if ('STEP_CYCLES' in p) {
        const cycles = p.STEP_CYCLES as Int;
        const cycleBits = m.local('CYCLE_BITS', indexBits(cycles));
        const lastCycle = m.local('LAST_CYCLE', cycles.minus(1));
        const wait = m.reg('cycles_left', uint(cycleBits), 'cycles of this step after this one');
        const begin = [set(io.step, one), set(wait, parameterValue(lastCycle, cycleBits))];
        m.always(io.clk, [
          when(
            io.rst,
            [...nothing, set(wait, literal(0, cycleBits))],
            [
              when(
                io.take,
                [...begin, set(left, last)],
                [
                  when(
                    wait.ne(0),
                    [set(io.step, none), set(wait, wait.decrement())],
                    [
                      when(
                        left.ne(0),
                        [...begin, set(left, left.decrement())],
                        [set(io.step, none)],
                      ),
                    ],
                  ),
                ],
              ),
            ],
          ),
        ]);
        const turn = delayedValid(m, io.clk, io.rst, 'turn', io.step, c.slices - 1);
        m.always(io.clk, [
          when(io.take, whole, [
            when(anyOf(...Array.from({ length: c.slices }, (_, n) => turn.at(n))), next),
          ]),
        ]);
      } else {
        m.always(io.clk, [
          when(io.rst, nothing, [
            when(
              io.take,
              [set(io.step, one), set(left, last)],
              [when(left.ne(0), [set(left, left.decrement())], [set(io.step, none)])],
            ),
          ]),
          when(io.take, whole, [when(left.ne(0), next)]),
        ]);
      }

      m.assign(io.step_last, io.step.and(left.eq(0)));
      m.assign(io.lane_ready_sums, ready.part(0, some));
      m.assign(io.lane_complete_sums, complete.part(0, some));
    },
  });
}

export type LaneFeed = ReturnType<typeof laneFeed>;
