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
import type { TableFunction } from '../../../network/cells/cell.js';
import { defineBlock } from '../../build/define-block.js';
import { roundShift, saturate } from '../../build/numeric.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { gateBits } from '../lane-arithmetic.js';
import { valueParameters } from '../lane-interface.js';
import { TABLE_FILES, tableValue } from '../table-value.js';

/** Cycles from the table input to the value of the table, and to that of the layer. */
const FUNCTION_LATENCY = TABLE_LATENCY + 1;
export const TABLE_VALUE = FUNCTION_LATENCY + 3;

/** y = f(u), one cell per cycle, with the rounding points of arithmetic.ts. */
export function tableLane(c: Configuration, table: ActivationTable, of: TableFunction) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  return defineBlock({
    name: `${c.name}_${of}_lane`,
    doc: `Values of a layer from its sums, one cell per cycle: y = sat(rnd(${of}(u))), ${TABLE_VALUE} cycles after u.`,
    parameters: {
      ...valueParameters(c, 'Bits of y; it has ACT_BITS - 1 fraction bits'),
      MEM_DIR: folderParameter(),
      [TABLE_FILES[of]]: imageParameter(c.name, of, `Image of the ${of} table`),
    },
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(TABLE_VALUE), 'bit n: u came n cycles ago'),
      u_y: input(sint(inputBits)),
      hidden: output(sint(p.ACT_BITS), `${TABLE_VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      m.comment('Stages, in cycles after u.');
      const latency = m.local('GATE_STAGE', int(TABLE_LATENCY), 'the value leaves its table');
      const at = m.local('FUNCTION_STAGE', int(FUNCTION_LATENCY), 'it is in a register');
      const tables = { table, scheme, clk: io.clk, active: io.active, latency };
      const value = tableValue(m, tables, 'squashed', of, io.u_y, int(0));
      const width = gateBits(scheme);
      // a bit above for saturation, and the fraction bits that y may have more than a table
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
