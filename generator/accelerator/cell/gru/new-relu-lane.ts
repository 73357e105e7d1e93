import {
  bit,
  bitOfStage,
  concat,
  input,
  low,
  output,
  type Stage,
  Stages,
  sint,
  uint,
} from '../../../hdl/index.js';
import { y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { trackOf } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { tableInputLatency } from '../gate-sum.js';
import { laneParameters, laneRelations, openParameters, openRelations } from '../lane-interface.js';
import type { LaneStages } from '../unit.js';
import {
  BLEND,
  blendedState,
  CODE,
  scaledPoint,
  scaledSum,
  toState,
  valueOfWord,
  WORD_VALUE,
} from './relu-parts.js';

/** Registers of the lane, from where other lanes have their table inputs to the scaled sum, to n, to the new state and to h. */
const REGISTERS = ['openSum', ...CODE, 'stateProduct', ...BLEND, ...WORD_VALUE] as const;
const SCALED = 1;
const CANDIDATE = SCALED + CODE.length;
const STATE = CANDIDATE + 1 + BLEND.length;

/** Latencies of the lane, from there. */
export function newReluStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(CANDIDATE),
    state: track.cycles(STATE),
    value: track.cycles(REGISTERS.length),
  };
}

/** The new state of a GRU with ReLU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function newReluLane(c: Configuration) {
  const scheme = tablesOf(c);
  const { stateRead, state, value } = newReluStages(c);
  const wait = tableInputLatency(c);
  return defineBlock({
    name: `${c.name}_gru_new_relu_lane`,
    doc: `New state of a GRU with ReLU whose reset stands before the product, one cell per cycle: n = sat(rnd(max(0, s_n))) in the word of the state; s' = rnd(z * s + (1 - z) * n); h = sat(rnd(s')), the highest bits of it. The sum comes aligned, ${wait} cycles before stage 0; the state s and z in stage ${stateRead}; s' (cell_next) appears in stage ${state} and h in stage ${value}. ROUND_MOST - round is what the sum has more fraction bits than a table input; cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: { ...laneParameters(c), ...openParameters(c) },
    relations: (p) => [...laneRelations(p), ...openRelations(p, 0)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: stage n holds a cell'),
      round: input(uint(p.ROUND_BITS), 'with the sum'),
      s_n: input(sint(p.SUM_BITS)),
      held_now: input(uint(y0Bits(scheme)), `z of this cell, in stage ${stateRead}`),
      cell_now: input(sint(p.CELL_BITS), 's of this cell, with z'),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'in stage 0'),
      cell_next: output(sint(p.CELL_BITS), `in stage ${state}`),
      hidden: output(sint(p.ACT_BITS), `in stage ${value}`),
    }),
    body: (m, p, io) => {
      const track = trackOf(c, REGISTERS);
      const stages = new Stages(m, io.clk, track, bitOfStage(io.active));
      stages.title('Stages.');
      const stage = {
        scaled: stages.named('SCALED_STAGE', SCALED, 'the sum is shifted'),
        product: stages.named(
          'PRODUCT_STAGE',
          CANDIDATE + 1,
          'z * s and (1 - z) * n are in registers',
        ),
        state: stages.named('S_STAGE', STATE, "s' is in a register"),
      };
      // asked for in stage 0 alone, where it comes
      const timing = { stages, shift: (_: Stage) => io.cell_shift };
      m.comment('n = sat(rnd(max(0, s_n))): the sum waits for the shift of its state.');
      const sum = delayed(m, io.clk, 's_n', io.s_n, wait).at(wait);
      const round = delayed(m, io.clk, 'round', io.round, wait).at(wait);
      const scaled = scaledSum(p, 'scaled', stages, stages.at(0), { sum, round });
      const n = toState(m, p, timing, 'gate_n', scaled, {
        ...{ point: scaledPoint(p, scheme), at: stage.scaled, bits: p.CELL_BITS, relu: true },
      });
      m.comment("s' = rnd(z * s + (1 - z) * n): both products have the point of s.");
      const z = m.wire('gate_z', concat(low, io.held_now).asSigned());
      blendedState(m, p, io, timing, stage.product, { z, n, scheme });
      m.comment("h = sat(rnd(s')).");
      valueOfWord(m, p, { state: io.cell_next, hidden: io.hidden }, stages, stage.state);
      stages.unasked('active', stage.product.plus(-1));
    },
  });
}
