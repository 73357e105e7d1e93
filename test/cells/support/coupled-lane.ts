import { defineBlock } from '../../../generator/accelerator/build/define-block.js';
import { delayed } from '../../../generator/accelerator/build/pipeline.js';
import type { ActivationTable } from '../../../generator/accelerator/cell/activation-table.js';
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
import { lstmStages } from '../../../generator/accelerator/cell/lstm/lstm-lane.js';
import { tableValue } from '../../../generator/accelerator/cell/table-value.js';
import type { CellUnit } from '../../../generator/accelerator/cell/unit.js';
import { folderParameter, imageParameter } from '../../../generator/accelerator/images/names.js';
import {
  GATE,
  NEW_STATE,
  SQUASH,
  TABLE,
  trackOf,
  VALUE,
} from '../../../generator/accelerator/pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../../generator/accelerator/plan/configuration.js';
import {
  bit,
  input,
  output,
  type Stage,
  Stages,
  signedLiteral,
  sint,
  uint,
} from '../../../generator/hdl/index.js';
import { tableOne } from '../../../generator/network/table-scheme.js';

/** The registers are those of an LSTM. */
const TO_STATE = [...GATE, 'stateProduct', ...NEW_STATE] as const;
const REGISTERS = [...TO_STATE, ...SQUASH, ...GATE, 'valueProduct', ...VALUE] as const;
const MEET = REGISTERS.length - 1 - VALUE.length;

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
      active: input(uint(lstmStages(c).value), 'bit n: u came n cycles ago'),
      u_f: input(sint(scheme.inputBits)),
      u_g: input(sint(scheme.inputBits)),
      u_o: input(sint(scheme.inputBits)),
      cell_now: input(sint(p.CELL_BITS)),
      cell_shift: input(uint(p.CELL_SHIFT_BITS)),
      cell_next: output(sint(p.CELL_BITS)),
      hidden: output(sint(p.ACT_BITS)),
    }),
    body: (m, p, io) => {
      const track = trackOf(c, REGISTERS);
      const stages = new Stages(m, io.clk, track, ({ cycle }) => io.active.bit(cycle));
      const latency = () => stages.at(TABLE.length).cycle;
      const tables = { table, scheme, clk: io.clk, active: io.active, stages, latency };
      const f = tableValue(m, tables, 'gate_f', 'sigmoid', io.u_f, stages.at(0));
      const g = tableValue(m, tables, 'gate_g', 'tanh', io.u_g, stages.at(0));
      const late = tableValue(m, tables, 'gate_o', 'sigmoid', io.u_o, stages.at(0));
      const i = m.wire(
        'gate_i',
        signedLiteral(tableOne(scheme), gateBits(scheme)).subWrap(f),
        '1 - f',
      );
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, lstmStages(c).state);
      const timing = { scheme, stages, shift: (at: Stage) => shift.at(at.cycle) };
      newCell(m, p, io, timing, stages.at(GATE.length + 1), { i, f, g });
      const v = tableInputOfCell(m, p, io, timing, stages.at(TO_STATE.length));
      const squash = stages.at(TO_STATE.length + SQUASH.length);
      const squashed = tableValue(m, tables, 'squashed', 'tanh', v, squash);
      const wait = track.between(GATE.length, MEET);
      const o = delayed(m, io.clk, 'late_o', late, wait).at(wait);
      newHidden(m, p, io, timing, stages.at(MEET), o, squashed);
      stages.unasked('active', stages.at(GATE.length), stages.at(MEET));
    },
  });
}

/** One multiplier less would do: f * c + (1 - f) * g = g + f * (c - g), but not with these binary points. Gates come at once only. */
export const coupledUnit: CellUnit = {
  ...{ name: 'coupled', ports: ['f', 'g', 'o'], multipliers: 3, cost: 8 },
  atOnce: {
    ...{ stages: lstmStages, cycles: () => 1, module: coupledLane },
    tables: [
      { functions: ['sigmoid'], copies: 2 },
      { functions: ['tanh'], copies: 2 },
    ],
  },
  timeMultiplexed: null,
};
