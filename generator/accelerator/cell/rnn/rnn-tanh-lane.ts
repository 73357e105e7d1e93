import {
  bit,
  concat,
  input,
  int,
  literal,
  output,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { roundShift, saturate } from '../../build/numeric.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { gateBits } from '../lane-arithmetic.js';
import { valueParameters } from '../lane-interface.js';
import { tableValue } from '../table-value.js';

/** Cycles from the table input to tanh, and to h. */
const TANH_LATENCY = TABLE_LATENCY + 1;
export const RNN_TANH_VALUE = TANH_LATENCY + 3;

/** h = tanh(u), one cell per cycle, with the rounding points of arithmetic.ts. */
export function rnnTanhLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  return defineBlock({
    name: `${c.name}_rnn_tanh_lane`,
    doc: `RNN update, one cell per cycle: h = sat(rnd(tanh(u))), ${RNN_TANH_VALUE} cycles after u.`,
    parameters: {
      ...valueParameters(c, 'Bits of h; it has ACT_BITS - 1 fraction bits'),
      MEM_DIR: folderParameter(),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(RNN_TANH_VALUE), 'bit n: u came n cycles ago'),
      u_h: input(sint(inputBits)),
      hidden: output(sint(p.ACT_BITS), `${RNN_TANH_VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      m.comment('Stages, in cycles after u.');
      const latency = m.local('GATE_STAGE', int(TABLE_LATENCY), 'tanh leaves its table');
      const at = m.local('TANH_STAGE', int(TANH_LATENCY), 'it is in a register');
      const tables = { table, scheme, clk: io.clk, active: io.active, latency };
      const value = tableValue(m, tables, 'squashed', 'tanh', io.u_h, int(0));
      const width = gateBits(scheme);
      // a bit above for saturation, and the fraction bits that h may have more than a table
      const up = p.ACT_BITS.minus(1);
      const raised = m.reg('raised', sint(up.plus(width)), 'at the finer binary point');
      const rounded = roundShift(m, 'rounded', raised, outputFraction);
      const late = m.reg('rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.ACT_BITS);
      m.always(io.clk, [
        when(io.active.bit(at), [set(raised, concat(value, literal(0, up)).asSigned())]),
        when(io.active.bit(at.plus(1)), [set(late, rounded)]),
        when(io.active.bit(at.plus(2)), [set(io.hidden, clamped)]),
      ]);
    },
  });
}
