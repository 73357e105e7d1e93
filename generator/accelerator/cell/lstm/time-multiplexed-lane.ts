import {
  anyOf,
  bit,
  concat,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  low,
  output,
  Stages,
  set,
  signedLiteral,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { GATES } from '../../../network/cells/lstm.js';
import { tableOne, y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { folderParameter, imageParameter, MEM_DIR } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { NEW_STATE, SQUASH, TABLE, trackOf, VALUE } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, tableLatency } from '../activation-table.js';
import { gateBits, newCell, newHidden, tableInputOfCell } from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import type { LaneStages } from '../unit.js';

/** From a table input to the value in its register, which the gates before the last pass on. */
const VALUE_REGISTERS = [...TABLE, 'turn'] as const;
/** Registers of the lane, from the table input of its first gate to h. */
const REGISTERS = [
  ...[...VALUE_REGISTERS, ...GATES.slice(1).map(() => 'turn' as const)],
  ...['stateProduct' as const, ...NEW_STATE, ...SQUASH],
  ...[...VALUE_REGISTERS, 'valueProduct' as const, ...VALUE],
] as const;
/** Stages in which all gates of a cell are there, their products, c', c' at the table, and in which o meets tanh(c'). */
const GATES_STAGE = VALUE_REGISTERS.length + GATES.length - 1;
const PRODUCT = GATES_STAGE + 1;
const CELL = PRODUCT + NEW_STATE.length;
const STATE_INPUT = CELL + SQUASH.length;
const MEET = STATE_INPUT + VALUE_REGISTERS.length;

/** Latencies of a time-multiplexed lane, from the first gate's table input. */
export function timeMultiplexedStages(
  c: Pipelined,
): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(GATES_STAGE),
    state: track.cycles(CELL),
    value: track.cycles(REGISTERS.length),
  };
}

/** Fewest cycles from one cell to the next: the table has done with a cell when the next one comes. */
export function timeMultiplexedCycles(c: Pipelined): number {
  return trackOf(c, REGISTERS).cycles(STATE_INPUT) + 1;
}

/** The LSTM update of a cell in TIME_MULTIPLEXED_CYCLES cycles: one table for its gates and its c'. */
export function timeMultiplexedLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const width = gateBits(scheme);
  const track = trackOf(c, REGISTERS);
  const latency = tableLatency(c);
  const { stateRead, state: stored, value: done } = timeMultiplexedStages(c);
  return defineBlock({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, time-multiplexed, one cell in ${timeMultiplexedCycles(c)} cycles: i, f, g, o come one after another, and one table serves them and c'. i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, ${stateRead} cycles after the first u; c' appears ${stored} and h ${done} cycles after it. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift leaves of CELL_SHIFT_MOST, with a constant right shift behind it.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      FUNCTION_FILE: imageParameter(c.name, 'functions', 'Image of the sigmoid and tanh tables'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(done), 'bit n: the first u came n cycles ago'),
      u: input(sint(inputBits), 'of i, f, g and o, one after another'),
      cell_now: input(sint(p.CELL_BITS), `c of this cell, ${stateRead} cycles after the first u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'from the first u to c'),
      cell_next: output(sint(p.CELL_BITS), `${stored} cycles after the first u`),
      hidden: output(sint(p.ACT_BITS), `${done} cycles after the first u`),
    }),
    body: (m, p, io) => {
      const active = (cycle: IntLike): Expr<'u'> => io.active.bit(cycle);
      const stages = new Stages(m, io.clk, track, ({ cycle }) => active(cycle));
      /** As many cycles as there are gates, from `first` on. */
      const during = (first: Int, cycles: number = GATES.length): Expr<'u'>[] =>
        Array.from({ length: cycles }, (_, n) => active(first.plus(n)));
      stages.title('Stages, in cycles after the first u.');
      const stage = {
        gate: stages.named('GATE_STAGE', TABLE.length, 'the first gate leaves the table'),
        gates: stages.named('GATES_STAGE', GATES_STAGE, 'all gates are in registers'),
        product: stages.named('PRODUCT_STAGE', PRODUCT, 'their products are'),
        cell: stages.named('C_STAGE', CELL, "c' is"),
        table: stages.named('C_TABLE_STAGE', STATE_INPUT, "c' is at the table"),
        meet: stages.named('MEET_STAGE', MEET, "o meets tanh(c')"),
      };
      m.comment('The table: gates in cycles 0 to 3 of a cell, then its new c.');
      const state = m.net('state_input', sint(inputBits));
      const tableInput = m.wire(active(stage.table.cycle).choose(state, io.u));
      const tableActive = m.wire(
        concat(
          ...Array.from({ length: latency }, (_, n) =>
            anyOf(...during(int(n)), active(stage.table.cycle.plus(n))),
          ).reverse(),
        ),
      );
      const magnitude = m.net('magnitude', uint(y0Bits(scheme)));
      const negative = m.net('negative', bit);
      const tanhAt = (late: IntLike) =>
        active(int(late).plus(GATES.indexOf('g'))).or(active(stage.table.cycle.plus(late)));
      m.instance(
        'u_table',
        table,
        {
          clk: io.clk,
          active: tableActive,
          tanh: tanhAt(0),
          u: tableInput,
          y: magnitude,
          negative,
        },
        { MEM_DIR, TABLE_FILE: { parameter: 'FUNCTION_FILE' } },
      );
      const positive = m.wire(concat(low, magnitude).asSigned());
      const mirror = m.wire(
        tanhAt(stage.gate.cycle)
          .choose(signedLiteral(0, width), signedLiteral(tableOne(scheme), width))
          .subWrap(positive),
        'tanh(-u) = -tanh(u), sigmoid(-u) = 1 - sigmoid(u)',
      );
      const value = m.reg(
        'value',
        sint(width),
        'i, f, g and o, one after another; later tanh of c',
      );
      const gateG = m.reg('gate_g', sint(width));
      const gateF = m.reg('gate_f', sint(width));
      const gateI = m.reg('gate_i', sint(width));
      m.always(io.clk, [
        when(anyOf(...during(stage.gate.cycle), active(stage.table.cycle.plus(stage.gate.cycle))), [
          set(value, negative.choose(mirror, positive)),
        ]),
        when(anyOf(...during(stage.gate.plus(1).cycle, GATES.length - 1)), [
          set(gateG, value),
          set(gateF, gateG),
          set(gateI, gateF),
        ]),
      ]);

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const timing = { scheme, stages, shift: () => io.cell_shift };
      newCell(m, p, io, timing, stage.product, { i: gateI, f: gateF, g: gateG });

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      m.assign(state, tableInputOfCell(m, p, io, timing, stage.cell));
      const o = m.reg('gate_o', sint(width));
      m.always(io.clk, [when(active(stage.gates.cycle), [set(o, value)])]);
      newHidden(m, p, io, timing, stage.meet, o, value);
      stages.unasked('active', stage.meet);
    },
  });
}

export type TimeMultiplexedLane = ReturnType<typeof timeMultiplexedLane>;
