import { bit, bitOfStage, input, output, Stages, set, sint, uint } from '../../../hdl/index.js';
import { y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { roundShift, saturate } from '../../build/numeric.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, TABLE, trackOf, VALUE } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { gateBits } from '../lane-arithmetic.js';
import { laneParameters } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';
import { valueOfWord, WORD_VALUE } from './relu-parts.js';

/** Registers of the lane, from the table inputs to the gates, to r * h and to p. */
const REGISTERS = [...GATE, 'valueProduct', ...VALUE] as const;
/** Stage in which the state comes, for h to be there with the gates. */
const STATE_READ = GATE.length - WORD_VALUE.length;

/** Latencies of the lane, from the table inputs; z is there when h is. */
export function resetReluStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(STATE_READ),
    state: track.cycles(GATE.length),
    value: track.cycles(REGISTERS.length),
  };
}

/** The gates of a GRU with ReLU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function resetReluLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  const { stateRead, state, value } = resetReluStages(c);
  const { ACT_BITS, CELL_BITS } = laneParameters(c);
  return defineBlock({
    name: `${c.name}_gru_reset_relu_lane`,
    doc: `Gates of a GRU with ReLU whose reset stands before the product, one cell per cycle: r, z = sigmoid(u); p = sat(rnd(r * sat(rnd(s)))), where h are the highest bits of the word of s. The state s is taken ${stateRead} cycles after u; z (held_next) appears ${state} and p ${value} cycles after u.`,
    parameters: {
      ...{ ACT_BITS, CELL_BITS },
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
    },
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: u came n cycles ago'),
      u_r: input(sint(inputBits)),
      u_z: input(sint(inputBits)),
      cell_now: input(sint(p.CELL_BITS), `s of this cell, ${stateRead} cycles after u`),
      held_next: output(uint(y0Bits(scheme)), `z, ${state} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `p, ${value} cycles after u`),
    }),
    body: (m, p, io) => {
      const stages = new Stages(m, io.clk, trackOf(c, REGISTERS), bitOfStage(io.active));
      stages.title('Stages, in cycles after u.');
      const stage = {
        state: stages.named('S_STAGE', STATE_READ, 's is at the port'),
        gate: stages.named('GATE_STAGE', TABLE.length, 'r and z leave their tables'),
        product: stages.named('PRODUCT_STAGE', GATE.length + 1, 'r * h is in a register'),
      };
      const tables = {
        ...{ table, scheme, clk: io.clk, active: io.active, stages },
        latency: () => stage.gate.cycle,
      };
      const r = tableValue(m, tables, 'gate_r', 'sigmoid', io.u_r, stages.at(0));
      const z = tableValue(m, tables, 'gate_z', 'sigmoid', io.u_z, stages.at(0));
      m.assign(io.held_next, z.asUnsigned().part(0, y0Bits(scheme)));
      m.unused('sign', z.bit(y0Bits(scheme)));

      m.comment('h = sat(rnd(s)), beside the gates.');
      const h = stages.reg(stages.at(GATE.length - 1), 'hidden_before', sint(p.ACT_BITS));
      valueOfWord(m, p, { state: io.cell_now, hidden: h }, stages, stage.state);

      m.comment('p = sat(rnd(r * h)).');
      const meet = stage.product.plus(-1);
      const product = stages.reg(meet, 'product', sint(p.ACT_BITS.plus(gateBits(scheme))), 'r * h');
      const rounded = roundShift(m, 'product_rounded', product, outputFraction);
      const late = stages.reg(stage.product, 'product_late', sint(rounded.width));
      const clamped = saturate(m, 'product_clamped', late, p.ACT_BITS);
      stages.set(
        stages.free(meet, set(product, r.mul(h))),
        stages.held(stage.product, set(late, rounded)),
        stages.held(stage.product.plus(1), set(io.hidden, clamped)),
      );
      stages.unasked('active', meet);
    },
  });
}
