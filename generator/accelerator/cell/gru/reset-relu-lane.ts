import {
  bit,
  type IntLike,
  input,
  int,
  output,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { roundShift, saturate } from '../../build/numeric.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { gateBits } from '../lane-arithmetic.js';
import { laneParameters } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import { valueOfWord, WORD_TO_VALUE } from './relu-parts.js';

/** Cycles from a table input to the gate, and to p. */
const GATE_LATENCY = TABLE_LATENCY + 1;
const VALUE = GATE_LATENCY + 3;

/** Latencies of the lane, from the table inputs; z is there when h is. */
export const RESET_RELU_LANE = {
  stateRead: GATE_LATENCY - WORD_TO_VALUE,
  state: GATE_LATENCY,
  value: VALUE,
} as const;

/** The gates of a GRU with ReLU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function resetReluLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  const { ACT_BITS, CELL_BITS } = laneParameters(c);
  return defineBlock({
    name: `${c.name}_gru_reset_relu_lane`,
    doc: `Gates of a GRU with ReLU whose reset stands before the product, one cell per cycle: r, z = sigmoid(u); p = sat(rnd(r * sat(rnd(s)))), where h are the highest bits of the word of s. The state s is taken ${RESET_RELU_LANE.stateRead} cycles after u; z (held_next) appears ${RESET_RELU_LANE.state} and p ${VALUE} cycles after u.`,
    parameters: {
      ...{ ACT_BITS, CELL_BITS },
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
    },
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(VALUE), 'bit n: u came n cycles ago'),
      u_r: input(sint(inputBits)),
      u_z: input(sint(inputBits)),
      cell_now: input(
        sint(p.CELL_BITS),
        `s of this cell, ${RESET_RELU_LANE.stateRead} cycles after u`,
      ),
      held_next: output(uint(y0Bits(scheme)), `z, ${RESET_RELU_LANE.state} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `p, ${VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike) => io.active.bit(stage);
      m.comment('Stages, in cycles after u.');
      const stage = {
        state: m.local('S_STAGE', int(RESET_RELU_LANE.stateRead), 's is at the port'),
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'r and z leave their tables'),
        product: m.local('PRODUCT_STAGE', int(GATE_LATENCY + 1), 'r * h is in a register'),
      };
      const tables = { table, scheme, clk: io.clk, active: io.active, latency: stage.gate };
      const r = tableValue(m, tables, 'gate_r', 'sigmoid', io.u_r, int(0));
      const z = tableValue(m, tables, 'gate_z', 'sigmoid', io.u_z, int(0));
      m.assign(io.held_next, z.asUnsigned().part(0, y0Bits(scheme)));
      m.unused('sign', z.bit(y0Bits(scheme)));

      m.comment('h = sat(rnd(s)), beside the gates.');
      const h = m.reg('hidden_before', sint(p.ACT_BITS));
      const timing = { clk: io.clk, active };
      valueOfWord(m, p, { state: io.cell_now, hidden: h }, timing, stage.state);

      m.comment('p = sat(rnd(r * h)).');
      const product = m.reg('product', sint(p.ACT_BITS.plus(gateBits(scheme))), 'r * h');
      const rounded = roundShift(m, 'product_rounded', product, outputFraction);
      const late = m.reg('product_late', sint(rounded.width));
      const clamped = saturate(m, 'product_clamped', late, p.ACT_BITS);
      m.always(io.clk, [
        set(product, r.mul(h)),
        when(active(stage.product), [set(late, rounded)]),
        when(active(stage.product.plus(1)), [set(io.hidden, clamped)]),
      ]);
      m.unused('active', active(stage.product.minus(1)));
    },
  });
}
