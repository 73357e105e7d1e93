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
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import {
  CELL_TO_TABLE,
  gateBits,
  newCell,
  newHidden,
  PRODUCT_TO_HIDDEN,
  PRODUCTS_TO_CELL,
  tableInputOfCell,
} from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';

/** Cycles from a table input to the value: the table, then its sign. */
const VALUE_LATENCY = TABLE_LATENCY + 1;
/** Cycle in which all gates of a cell are there, and in which their products are. */
const GATES_LATENCY = VALUE_LATENCY + GATES.length - 1;
const PRODUCT_LATENCY = GATES_LATENCY + 1;
const CELL_LATENCY = PRODUCT_LATENCY + PRODUCTS_TO_CELL;
/** Cycle in which the table takes c'. */
const STATE_CYCLE = CELL_LATENCY + CELL_TO_TABLE;
/** Cycle in which o and tanh(c') meet. */
const MEET_CYCLE = STATE_CYCLE + VALUE_LATENCY;

/** Latencies of a time-multiplexed lane, from the first gate's table input. */
export const TIME_MULTIPLEXED_LANE = {
  stateRead: GATES_LATENCY,
  state: CELL_LATENCY,
  value: MEET_CYCLE + 1 + PRODUCT_TO_HIDDEN,
} as const;

/** Fewest cycles from one cell to the next: the table has done with a cell when the next one comes. */
export const TIME_MULTIPLEXED_CYCLES = STATE_CYCLE + 1;

/** The LSTM update of a cell in TIME_MULTIPLEXED_CYCLES cycles: one table for its gates and its c'. */
export function timeMultiplexedLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const width = gateBits(scheme);
  return defineBlock({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, time-multiplexed, one cell in ${TIME_MULTIPLEXED_CYCLES} cycles: i, f, g, o come one after another, and one table serves them and c'. i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, ${TIME_MULTIPLEXED_LANE.stateRead} cycles after the first u; c' appears ${CELL_LATENCY} and h ${TIME_MULTIPLEXED_LANE.value} cycles after it. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift leaves of CELL_SHIFT_MOST, with a constant right shift behind it.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      FUNCTION_FILE: imageParameter(c.name, 'functions', 'Image of the sigmoid and tanh tables'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(TIME_MULTIPLEXED_LANE.value), 'bit n: the first u came n cycles ago'),
      u: input(sint(inputBits), 'of i, f, g and o, one after another'),
      cell_now: input(
        sint(p.CELL_BITS),
        `c of this cell, ${TIME_MULTIPLEXED_LANE.stateRead} cycles after the first u`,
      ),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'from the first u to c'),
      cell_next: output(sint(p.CELL_BITS), `${CELL_LATENCY} cycles after the first u`),
      hidden: output(sint(p.ACT_BITS), `${TIME_MULTIPLEXED_LANE.value} cycles after the first u`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      /** As many cycles as there are gates, from `first` on. */
      const during = (first: Int, cycles: number = GATES.length): Expr<'u'>[] =>
        Array.from({ length: cycles }, (_, n) => active(first.plus(n)));
      m.comment('Stages, in cycles after the first u.');
      const stage = {
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'the first gate leaves the table'),
        gates: m.local('GATES_STAGE', int(GATES_LATENCY), 'all gates are in registers'),
        product: m.local('PRODUCT_STAGE', int(PRODUCT_LATENCY), 'their products are'),
        cell: m.local('C_STAGE', int(CELL_LATENCY), "c' is"),
        table: m.local('C_TABLE_STAGE', int(STATE_CYCLE), "c' is at the table"),
        meet: m.local('MEET_STAGE', int(MEET_CYCLE), "o meets tanh(c')"),
      };
      m.comment('The table: gates in cycles 0 to 3 of a cell, then its new c.');
      const state = m.net('state_input', sint(inputBits));
      const tableInput = m.wire(active(stage.table).choose(state, io.u));
      const tableActive = m.wire(
        concat(
          ...Array.from({ length: TABLE_LATENCY }, (_, n) =>
            anyOf(...during(int(n)), active(stage.table.plus(n))),
          ).reverse(),
        ),
      );
      const magnitude = m.net('magnitude', uint(y0Bits(scheme)));
      const negative = m.net('negative', bit);
      const tanhAt = (late: IntLike) =>
        active(int(late).plus(GATES.indexOf('g'))).or(active(stage.table.plus(late)));
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
        tanhAt(stage.gate)
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
        when(anyOf(...during(stage.gate), active(stage.table.plus(stage.gate))), [
          set(value, negative.choose(mirror, positive)),
        ]),
        when(anyOf(...during(stage.gate.plus(1), GATES.length - 1)), [
          set(gateG, value),
          set(gateF, gateG),
          set(gateI, gateF),
        ]),
      ]);

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const timing = { scheme, active, shift: () => io.cell_shift };
      newCell(m, p, io, timing, stage.product, { i: gateI, f: gateF, g: gateG });

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      m.assign(state, tableInputOfCell(m, p, io, timing, stage.cell));
      const o = m.reg('gate_o', sint(width));
      m.always(io.clk, [when(active(stage.gates), [set(o, value)])]);
      newHidden(m, p, io, timing, stage.meet, o, value);
      m.unused('active', active(stage.meet));
    },
  });
}

export type TimeMultiplexedLane = ReturnType<typeof timeMultiplexedLane>;
