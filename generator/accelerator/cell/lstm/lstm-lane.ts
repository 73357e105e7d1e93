import {
  bit,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  output,
  sint,
  uint,
} from '../../../hdl/index.js';
import type { TableFunction } from '../../../network/cells/cell.js';
import { GATES } from '../../../network/cells/lstm.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import {
  CELL_TO_TABLE,
  newCell,
  newHidden,
  PRODUCT_TO_HIDDEN,
  PRODUCTS_TO_CELL,
  tableInputOfCell,
} from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';

/** Cycles from a table input to the gate: the table, then its sign. */
const GATE_LATENCY = TABLE_LATENCY + 1;
/** Cycles from the table inputs u to the products, to c' and from there to h. */
const PRODUCT_LATENCY = GATE_LATENCY + 1;
export const CELL_LATENCY = PRODUCT_LATENCY + PRODUCTS_TO_CELL;
const MEET_LATENCY = CELL_LATENCY + CELL_TO_TABLE + GATE_LATENCY;
export const HIDDEN_LATENCY = MEET_LATENCY + 1 + PRODUCT_TO_HIDDEN;
/** Cycle in which c of the same cell must be at the port. */
export const CELL_READ_LATENCY = GATE_LATENCY;

/** The LSTM update of one cell per cycle: gates, c' and h, with the rounding points of arithmetic.ts. */
export function lstmLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  return defineBlock({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, one cell per cycle: i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, ${CELL_READ_LATENCY} cycles after u; c' appears ${CELL_LATENCY} and h ${HIDDEN_LATENCY} cycles after u. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift leaves of CELL_SHIFT_MOST, with a constant right shift behind it.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(HIDDEN_LATENCY), 'bit n: u came n cycles ago'),
      u_i: input(sint(inputBits)),
      u_f: input(sint(inputBits)),
      u_g: input(sint(inputBits)),
      u_o: input(sint(inputBits)),
      cell_now: input(sint(p.CELL_BITS), `c of this cell, ${CELL_READ_LATENCY} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${CELL_LATENCY} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${HIDDEN_LATENCY} cycles after u`),
    }),
    body: (m, p, io) => {
      const u = { i: io.u_i, f: io.u_f, g: io.u_g, o: io.u_o };
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      m.comment('Stages, in cycles after u.');
      const stage = {
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'gates leave their tables'),
        product: m.local('PRODUCT_STAGE', int(PRODUCT_LATENCY), 'their products are in registers'),
        cell: m.local('C_STAGE', int(CELL_LATENCY), "c' is in a register"),
        table: m.local('C_TABLE_STAGE', int(CELL_LATENCY + CELL_TO_TABLE), "c' is at its table"),
        meet: m.local('MEET_STAGE', int(MEET_LATENCY), "o meets tanh(c')"),
      };
      const tables = { table, scheme, clk: io.clk, active: io.active, latency: stage.gate };
      const instance = (name: string, kind: TableFunction, value: Expr<'s'>, at: Int): Expr<'s'> =>
        tableValue(m, tables, name, kind, value, at);
      const gates = Object.fromEntries(
        GATES.map((g) => [g, instance(`gate_${g}`, g === 'g' ? 'tanh' : 'sigmoid', u[g], int(0))]),
      ) as Record<'i' | 'f' | 'g' | 'o', Expr<'s'>>;

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, CELL_LATENCY);
      const timing = { scheme, active, shift: (at: IntLike) => shift.at(at) };
      newCell(m, p, io, timing, stage.product, gates);

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      const v = tableInputOfCell(m, p, io, timing, stage.cell);
      const squashed = instance('squashed', 'tanh', v, stage.table);
      const wait = m.local('O_WAIT', stage.meet.minus(stage.gate).minus(1), "o waits for tanh(c')");
      const o = delayed(m, io.clk, 'gate_o', gates.o, wait).at(wait);
      newHidden(m, p, io, timing, stage.meet, o, squashed);
      m.unused('active', active(stage.gate.plus(1)), active(stage.meet));
    },
  });
}

export type LstmLane = ReturnType<typeof lstmLane>;
