import {
  bit,
  bitOfStage,
  type Expr,
  input,
  output,
  type Stage,
  Stages,
  sint,
  uint,
} from '../../../hdl/index.js';
import type { TableFunction } from '../../../network/cells/cell.js';
import { GATES } from '../../../network/cells/lstm.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, NEW_STATE, SQUASH, TABLE, trackOf, VALUE } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { newCell, newHidden, tableInputOfCell } from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';

/** Registers of the lane, from the table inputs u to h. */
const REGISTERS = [
  ...[...GATE, 'stateProduct', ...NEW_STATE],
  ...[...SQUASH, ...GATE, 'valueProduct', ...VALUE],
] as const;
/** Stages from the table inputs to the gates, their products, to c' and from there to the meeting of o and tanh(c'). */
const GATES_STAGE = GATE.length;
const PRODUCT = GATES_STAGE + 1;
const CELL = PRODUCT + NEW_STATE.length;
const MEET = CELL + SQUASH.length + GATE.length;
const HIDDEN = REGISTERS.length;

/** Cycles from the table inputs until c must be at the port, and until c' and h are there. */
export function lstmStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(GATES_STAGE),
    state: track.cycles(CELL),
    value: track.cycles(HIDDEN),
  };
}

/** The LSTM update of one cell per cycle: gates, c' and h, with the rounding points of arithmetic.ts. */
export function lstmLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const track = trackOf(c, REGISTERS);
  const { stateRead, state, value } = lstmStages(c);
  return defineBlock({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, one cell per cycle: i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, ${stateRead} cycles after u; c' appears ${state} and h ${value} cycles after u. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift leaves of CELL_SHIFT_MOST, with a constant right shift behind it.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: u came n cycles ago'),
      u_i: input(sint(inputBits)),
      u_f: input(sint(inputBits)),
      u_g: input(sint(inputBits)),
      u_o: input(sint(inputBits)),
      cell_now: input(sint(p.CELL_BITS), `c of this cell, ${stateRead} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${state} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${value} cycles after u`),
    }),
    body: (m, p, io) => {
      const u = { i: io.u_i, f: io.u_f, g: io.u_g, o: io.u_o };
      const stages = new Stages(m, io.clk, track, bitOfStage(io.active));
      stages.title('Stages, in cycles after u.');
      const stage = {
        gate: stages.named('GATE_STAGE', TABLE.length, 'gates leave their tables'),
        product: stages.named('PRODUCT_STAGE', PRODUCT, 'their products are in registers'),
        cell: stages.named('C_STAGE', CELL, "c' is in a register"),
        table: stages.named('C_TABLE_STAGE', CELL + SQUASH.length, "c' is at its table"),
        meet: stages.named('MEET_STAGE', MEET, "o meets tanh(c')"),
      };
      const tables = {
        ...{ table, scheme, clk: io.clk, active: io.active, stages },
        latency: () => stage.gate.cycle,
      };
      const instance = (name: string, kind: TableFunction, value: Expr<'s'>, at: Stage) =>
        tableValue(m, tables, name, kind, value, at);
      const gates = Object.fromEntries(
        GATES.map((g) => [
          g,
          instance(`gate_${g}`, g === 'g' ? 'tanh' : 'sigmoid', u[g], stages.at(0)),
        ]),
      ) as Record<'i' | 'f' | 'g' | 'o', Expr<'s'>>;

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, state);
      const timing = { scheme, stages, shift: (at: Stage) => shift.at(at.cycle) };
      newCell(m, p, io, timing, stage.product, gates);

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      const v = tableInputOfCell(m, p, io, timing, stage.cell);
      const squashed = instance('squashed', 'tanh', v, stage.table);
      const apart = stage.meet.cycle.minus(stage.gate.plus(1).cycle);
      const wait = m.local('O_WAIT', apart, "o waits for tanh(c')");
      const o = delayed(m, io.clk, 'gate_o', gates.o, wait).at(wait);
      newHidden(m, p, io, timing, stage.meet, o, squashed);
      stages.unasked('active', stage.gate.plus(1), stage.meet);
    },
  });
}

export type LstmLane = ReturnType<typeof lstmLane>;
