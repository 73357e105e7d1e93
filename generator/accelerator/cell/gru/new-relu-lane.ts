import {
  bit,
  concat,
  type IntLike,
  input,
  int,
  low,
  output,
  sint,
  uint,
} from '../../../hdl/index.js';
import { y0Bits } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { laneParameters, laneRelations, openParameters, openRelations } from '../lane-interface.js';
import {
  blendedState,
  PRODUCTS_TO_STATE,
  scaledPoint,
  scaledSum,
  TO_STATE,
  toState,
  valueOfWord,
  WORD_TO_VALUE,
} from './relu-parts.js';

/** Cycles from where other lanes have their table inputs to the scaled sum, to n, to the new state and to h. */
const SCALED = 1;
const CANDIDATE = SCALED + TO_STATE;
const STATE = CANDIDATE + 1 + PRODUCTS_TO_STATE;
const VALUE = STATE + WORD_TO_VALUE;

export const NEW_RELU_LANE = { stateRead: CANDIDATE, state: STATE, value: VALUE } as const;

/** The new state of a GRU with ReLU whose reset stands before the product, one cell per cycle, with the rounding points of arithmetic.ts. */
export function newReluLane(c: Configuration) {
  const scheme = tablesOf(c);
  return defineBlock({
    name: `${c.name}_gru_new_relu_lane`,
    doc: `New state of a GRU with ReLU whose reset stands before the product, one cell per cycle: n = sat(rnd(max(0, s_n))) in the word of the state; s' = rnd(z * s + (1 - z) * n); h = sat(rnd(s')), the highest bits of it. The sum comes aligned, ${TABLE_INPUT_LATENCY} cycles before stage 0; the state s and z in stage ${CANDIDATE}; s' (cell_next) appears in stage ${STATE} and h in stage ${VALUE}. ROUND_MOST - round is what the sum has more fraction bits than a table input; cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: { ...laneParameters(c), ...openParameters(c) },
    relations: (p) => [...laneRelations(p), ...openRelations(p, 0)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(VALUE), 'bit n: stage n holds a cell'),
      round: input(uint(p.ROUND_BITS), 'with the sum'),
      s_n: input(sint(p.SUM_BITS)),
      held_now: input(uint(y0Bits(scheme)), `z of this cell, in stage ${CANDIDATE}`),
      cell_now: input(sint(p.CELL_BITS), 's of this cell, with z'),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'in stage 0'),
      cell_next: output(sint(p.CELL_BITS), `in stage ${STATE}`),
      hidden: output(sint(p.ACT_BITS), `in stage ${VALUE}`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike) => io.active.bit(stage);
      m.comment('Stages.');
      const stage = {
        scaled: m.local('SCALED_STAGE', int(SCALED), 'the sum is shifted'),
        product: m.local(
          'PRODUCT_STAGE',
          int(CANDIDATE + 1),
          'z * s and (1 - z) * n are in registers',
        ),
        state: m.local('S_STAGE', int(STATE), "s' is in a register"),
      };
      // asked for in stage 0 alone, where it comes
      const timing = { clk: io.clk, active, shift: () => io.cell_shift };
      m.comment('n = sat(rnd(max(0, s_n))): the sum waits for the shift of its state.');
      const wait = TABLE_INPUT_LATENCY;
      const sum = delayed(m, io.clk, 's_n', io.s_n, wait).at(wait);
      const round = delayed(m, io.clk, 'round', io.round, wait).at(wait);
      const scaled = scaledSum(m, p, 'scaled', { clk: io.clk, enable: active(0), sum, round });
      const n = toState(m, p, timing, 'gate_n', scaled, {
        ...{ point: scaledPoint(p, scheme), at: stage.scaled, bits: p.CELL_BITS, relu: true },
      });
      m.comment("s' = rnd(z * s + (1 - z) * n): both products have the point of s.");
      const z = m.wire('gate_z', concat(low, io.held_now).asSigned());
      blendedState(m, p, io, timing, stage.product, { z, n, scheme });
      m.comment("h = sat(rnd(s')).");
      valueOfWord(m, p, { state: io.cell_next, hidden: io.hidden }, timing, stage.state);
      m.unused('active', active(stage.product.minus(1)));
    },
  });
}
