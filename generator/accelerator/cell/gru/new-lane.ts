import {
  bit,
  bitOfStage,
  concat,
  input,
  low,
  output,
  type Stage,
  Stages,
  signedLiteral,
  sint,
  uint,
} from '../../../hdl/index.js';
import { tableOne, y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, NEW_STATE, TABLE, trackOf } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { gateBits, newCell } from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';
import { STATE_VALUE, valueOfState } from './parts.js';

/** Registers of the lane, from the table input to h. */
const REGISTERS = [...GATE, 'stateProduct', ...NEW_STATE, ...STATE_VALUE] as const;
/** Stages from the table input to n, and to the new state. */
const CANDIDATE = GATE.length;
const STATE = CANDIDATE + 1 + NEW_STATE.length;

/** Latencies of the lane, from the table input. */
export function newStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(CANDIDATE),
    state: track.cycles(STATE),
    value: track.cycles(REGISTERS.length),
  };
}

/** The new state of a GRU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function newLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const { stateRead, state, value } = newStages(c);
  return defineBlock({
    name: `${c.name}_gru_new_lane`,
    doc: `New state of a GRU whose reset stands before the product, one cell per cycle: n = tanh(u); s' = sat(rnd(z * s + (1 - z) * n)); h = sat(rnd(s')). The state s and z are taken ${stateRead} cycles after u; s' (cell_next) appears ${state} and h ${value} cycles after u. cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: u came n cycles ago'),
      u_n: input(sint(inputBits)),
      held_now: input(uint(y0Bits(scheme)), `z of this cell, ${stateRead} cycles after u`),
      cell_now: input(sint(p.CELL_BITS), 's of this cell, with z'),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${state} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${value} cycles after u`),
    }),
    body: (m, p, io) => {
      const stages = new Stages(m, io.clk, trackOf(c, REGISTERS), bitOfStage(io.active));
      stages.title('Stages, in cycles after u.');
      const stage = {
        gate: stages.named('GATE_STAGE', TABLE.length, 'n leaves its table'),
        product: stages.named(
          'PRODUCT_STAGE',
          CANDIDATE + 1,
          'z * s and (1 - z) * n are in registers',
        ),
        state: stages.named('S_STAGE', STATE, "s' is in a register"),
      };
      const tables = {
        ...{ table, scheme, clk: io.clk, active: io.active, stages },
        latency: () => stage.gate.cycle,
      };
      const n = tableValue(m, tables, 'gate_n', 'tanh', io.u_n, stages.at(0));
      m.comment("s' = sat(rnd(z * s + (1 - z) * n)): the products meet exactly.");
      const z = m.wire('gate_z', concat(low, io.held_now).asSigned());
      const one = signedLiteral(tableOne(scheme), gateBits(scheme));
      const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, state);
      const timing = { scheme, stages, shift: (at: Stage) => shift.at(at.cycle) };
      const notes = { kept: 'z * s', added: '(1 - z) * n', state: "s'" };
      newCell(m, p, io, timing, stage.product, { f: z, i: rest, g: n }, notes);

      m.comment("h = sat(rnd(s')).");
      valueOfState(m, p, { state: io.cell_next, hidden: io.hidden }, timing, stage.state);
      stages.unasked('active', stage.product.plus(-1));
    },
  });
}
