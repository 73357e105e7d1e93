import { defineBlock } from '../../../generator/accelerator/build/define-block.js';
import { delayed } from '../../../generator/accelerator/build/pipeline.js';
import {
  type ActivationTable,
  TABLE_LATENCY,
} from '../../../generator/accelerator/cell/activation-table.js';
import {
  gateBits,
  newCell,
  newHidden,
  tableInputOfCell,
} from '../../../generator/accelerator/cell/lane-arithmetic.js';
import {
  laneParameters,
  laneRelations,
} from '../../../generator/accelerator/cell/lane-interface.js';
import { lstm } from '../../../generator/accelerator/cell/lstm/lstm.js';
import { tableValue } from '../../../generator/accelerator/cell/table-value.js';
import type { CellUnit } from '../../../generator/accelerator/cell/unit.js';
import { folderParameter, imageParameter } from '../../../generator/accelerator/images/names.js';
import { type Configuration, tablesOf } from '../../../generator/accelerator/plan/configuration.js';
import {
  bit,
  type Expr,
  type IntLike,
  input,
  int,
  output,
  signedLiteral,
  sint,
  uint,
} from '../../../generator/hdl/index.js';
import { tableOne } from '../../../generator/network/table-scheme.js';

const { value, ...kept } = lstm.atOnce.stages;
const stages = { value, state: Number(kept.state), stateRead: Number(kept.stateRead) };
const MEET = stages.value - 3;

function coupledLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  return defineBlock({
    name: `${c.name}_coupled_lane`,
    doc: "c' = sat(rnd(f * c + (1 - f) * g)); h = sat(rnd(o * tanh(c'))).",
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(stages.value), 'bit n: u came n cycles ago'),
      u_f: input(sint(scheme.inputBits)),
      u_g: input(sint(scheme.inputBits)),
      u_o: input(sint(scheme.inputBits)),
      cell_now: input(sint(p.CELL_BITS)),
      cell_shift: input(uint(p.CELL_SHIFT_BITS)),
      cell_next: output(sint(p.CELL_BITS)),
      hidden: output(sint(p.ACT_BITS)),
    }),
    body: (m, p, io) => {
      const latency = int(TABLE_LATENCY);
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      const tables = { table, scheme, clk: io.clk, active: io.active, latency };
      const f = tableValue(m, tables, 'gate_f', 'sigmoid', io.u_f, int(0));
      const g = tableValue(m, tables, 'gate_g', 'tanh', io.u_g, int(0));
      const late = tableValue(m, tables, 'gate_o', 'sigmoid', io.u_o, int(0));
      const i = m.wire(
        'gate_i',
        signedLiteral(tableOne(scheme), gateBits(scheme)).subWrap(f),
        '1 - f',
      );
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, stages.state);
      const timing = { scheme, active, shift: (at: IntLike) => shift.at(at) };
      newCell(m, p, io, timing, latency.plus(2), { i, f, g });
      const v = tableInputOfCell(m, p, io, timing, int(stages.state));
      const squashed = tableValue(m, tables, 'squashed', 'tanh', v, int(stages.state + 3));
      const wait = int(MEET).minus(latency).minus(1);
      const o = delayed(m, io.clk, 'late_o', late, wait).at(wait);
      newHidden(m, p, io, timing, int(MEET), o, squashed);
      m.unused('active', active(latency.plus(1)), active(MEET));
    },
  });
}

/** One multiplier less would do: f * c + (1 - f) * g = g + f * (c - g), but not with these binary points. Gates come at once only. */
export const coupledUnit: CellUnit = {
  ...{ name: 'coupled', ports: ['f', 'g', 'o'], multipliers: 3, cost: 8 },
  atOnce: {
    ...{ stages, cycles: 1, module: coupledLane },
    tables: [
      { functions: ['sigmoid'], copies: 2 },
      { functions: ['tanh'], copies: 2 },
    ],
  },
  timeMultiplexed: null,
};
