import {
  bit,
  concat,
  type IntLike,
  input,
  int,
  low,
  output,
  signedLiteral,
  sint,
  uint,
} from '../../../hdl/index.js';
import { tableOne, y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { gateBits, newCell, PRODUCTS_TO_CELL } from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import { STATE_TO_VALUE, valueOfState } from './parts.js';

/** Cycles from the table input to n, to the new state and from there to h. */
const CANDIDATE = TABLE_LATENCY + 1;
const STATE = CANDIDATE + 1 + PRODUCTS_TO_CELL;
const VALUE = STATE + STATE_TO_VALUE;

/** Latencies of the lane, from the table input. */
export const NEW_LANE = { stateRead: CANDIDATE, state: STATE, value: VALUE } as const;

/** The new state of a GRU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function newLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  return defineBlock({
    name: `${c.name}_gru_new_lane`,
    doc: `New state of a GRU whose reset stands before the product, one cell per cycle: n = tanh(u); s' = sat(rnd(z * s + (1 - z) * n)); h = sat(rnd(s')). The state s and z are taken ${NEW_LANE.stateRead} cycles after u; s' (cell_next) appears ${STATE} and h ${VALUE} cycles after u. cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(VALUE), 'bit n: u came n cycles ago'),
      u_n: input(sint(inputBits)),
      held_now: input(uint(y0Bits(scheme)), `z of this cell, ${NEW_LANE.stateRead} cycles after u`),
      cell_now: input(sint(p.CELL_BITS), 's of this cell, with z'),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${STATE} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike) => io.active.bit(stage);
      m.comment('Stages, in cycles after u.');
      const stage = {
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'n leaves its table'),
        product: m.local(
          'PRODUCT_STAGE',
          int(CANDIDATE + 1),
          'z * s and (1 - z) * n are in registers',
        ),
        state: m.local('S_STAGE', int(STATE), "s' is in a register"),
      };
      const tables = { table, scheme, clk: io.clk, active: io.active, latency: stage.gate };
      const n = tableValue(m, tables, 'gate_n', 'tanh', io.u_n, int(0));
      m.comment("s' = sat(rnd(z * s + (1 - z) * n)): the products meet exactly.");
      const z = m.wire('gate_z', concat(low, io.held_now).asSigned());
      const one = signedLiteral(tableOne(scheme), gateBits(scheme));
      const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, STATE);
      const timing = { scheme, active, shift: (at: IntLike) => shift.at(at) };
      const notes = { kept: 'z * s', added: '(1 - z) * n', state: "s'" };
      newCell(m, p, io, timing, stage.product, { f: z, i: rest, g: n }, notes);

      m.comment("h = sat(rnd(s')).");
      const { clk, cell_next: state, hidden } = io;
      valueOfState(m, p, { clk, state, hidden }, timing, stage.state);
      m.unused('active', active(stage.product.minus(1)));
    },
  });
}
