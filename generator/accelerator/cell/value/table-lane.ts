import {
  bit,
  bitOfStage,
  concat,
  input,
  literal,
  output,
  Stages,
  set,
  sint,
  uint,
} from '../../../hdl/index.js';
import type { TableFunction } from '../../../network/cells/cell.js';
import { defineBlock } from '../../build/define-block.js';
import { roundShift, saturate } from '../../build/numeric.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { cyclesOf, GATE, TABLE, trackOf, VALUE } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { gateBits } from '../lane-arithmetic.js';
import { valueParameters } from '../lane-interface.js';
import { TABLE_FILES, tableValue } from '../table-value.js';

/** Registers from the table input to the value of the table, and to that of the layer. */
const REGISTERS = [...GATE, 'valueScaled', ...VALUE] as const;

/** Cycles from the table input to the value. */
export function tableValueLatency(c: Pipelined): number {
  return cyclesOf(c, REGISTERS);
}

/** y = f(u), one cell per cycle, with the rounding points of arithmetic.ts. */
export function tableLane(c: Configuration, table: ActivationTable, of: TableFunction) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  const latency = tableValueLatency(c);
  return defineBlock({
    name: `${c.name}_${of}_lane`,
    doc: `Values of a layer from its sums, one cell per cycle: y = sat(rnd(${of}(u))), ${latency} cycles after u.`,
    parameters: {
      ...valueParameters(c, 'Bits of y; it has ACT_BITS - 1 fraction bits'),
      MEM_DIR: folderParameter(),
      [TABLE_FILES[of]]: imageParameter(c.name, of, `Image of the ${of} table`),
    },
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(latency), 'bit n: u came n cycles ago'),
      u_y: input(sint(inputBits)),
      hidden: output(sint(p.ACT_BITS), `${latency} cycles after u`),
    }),
    body: (m, p, io) => {
      const stages = new Stages(m, io.clk, trackOf(c, REGISTERS), bitOfStage(io.active));
      stages.title('Stages, in cycles after u.');
      const gate = stages.named('GATE_STAGE', TABLE.length, 'the value leaves its table');
      const at = stages.named('FUNCTION_STAGE', GATE.length, 'it is in a register');
      const tables = {
        table,
        scheme,
        clk: io.clk,
        active: io.active,
        stages,
        latency: () => gate.cycle,
      };
      const value = tableValue(m, tables, 'squashed', of, io.u_y, stages.at(0));
      const width = gateBits(scheme);
      // a bit above for saturation, and the fraction bits that y may have more than a table
      const up = p.ACT_BITS.minus(1);
      const raised = stages.reg(at, 'raised', sint(up.plus(width)), 'at the finer binary point');
      const rounded = roundShift(m, 'rounded', raised, outputFraction);
      const late = stages.reg(at.plus(1), 'rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.ACT_BITS);
      stages.set(
        stages.held(at, set(raised, concat(value, literal(0, up)).asSigned())),
        stages.held(at.plus(1), set(late, rounded)),
        stages.held(at.plus(2), set(io.hidden, clamped)),
      );
    },
  });
}
