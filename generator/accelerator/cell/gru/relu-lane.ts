import {
  bit,
  bitOfStage,
  concat,
  type Expr,
  type Int,
  input,
  literal,
  max,
  output,
  type Stage,
  Stages,
  set,
  sint,
  uint,
} from '../../../hdl/index.js';
import { RESET_SUM } from '../../../network/cells/gru.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, TABLE, trackOf } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { tableInputLatency } from '../gate-sum.js';
import { gateBits } from '../lane-arithmetic.js';
import { laneParameters, laneRelations, openParameters, openRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
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

/** Registers of the lane, from the table inputs of r and z to the sum of n, to n, to the new state and from there to h. */
const REGISTERS = [
  ...[...GATE, 'resetProduct', 'resetAligned', 'resetSum', ...CODE],
  ...['stateProduct', ...BLEND, ...WORD_VALUE],
] as const;
const MEET = GATE.length + 3;
const CANDIDATE = MEET + CODE.length;
const STATE = CANDIDATE + 1 + BLEND.length;

/** Latencies of the lane, from the table inputs of r and z. */
export function gruReluStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = trackOf(c, REGISTERS);
  return {
    stateRead: track.cycles(CANDIDATE),
    state: track.cycles(STATE),
    value: track.cycles(REGISTERS.length),
  };
}

/** The update of a GRU with ReLU of one cell per cycle, with the rounding points of arithmetic.ts. */
export function gruReluLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  const { stateRead, state, value } = gruReluStages(c);
  const before = tableInputLatency(c);
  return defineBlock({
    name: `${c.name}_gru_relu_lane`,
    doc: `Update of a GRU with ReLU, reset behind the product, one cell per cycle: r, z = sigmoid(u); n = sat(rnd(max(0, s_n_x + r * sat(rnd(s_n_h))))) in the word of the state; s' = rnd(z * s + (1 - z) * n); h = sat(rnd(s')), the highest bits of it. The state s is taken ${stateRead} cycles after u; s' (cell_next) appears ${state} and h ${value} cycles after u. Sums of n come ${before} cycles before u, aligned; ROUND_MOST - round is what they have more fraction bits than a table input. cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: {
      ...laneParameters(c),
      ...openParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
    },
    relations: (p) => [...laneRelations(p), ...openRelations(p, 0)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: u came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sums of n'),
      u_r: input(sint(inputBits)),
      u_z: input(sint(inputBits)),
      s_n_x: input(sint(p.SUM_BITS), 'W_n x and its bias'),
      s_n_h: input(sint(p.SUM_BITS), 'U_n h and its bias'),
      cell_now: input(sint(p.CELL_BITS), `s of this cell, ${stateRead} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${state} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${value} cycles after u`),
    }),
    body: (m, p, io) => {
      const track = trackOf(c, REGISTERS);
      const stages = new Stages(m, io.clk, track, bitOfStage(io.active));
      stages.title('Stages, in cycles after u.');
      const stage = {
        scaled: stages.named('SCALED_STAGE', 1, 'the sum under the reset gate is shifted'),
        gate: stages.named('GATE_STAGE', TABLE.length, 'r and z leave their tables'),
        reset: stages.named('RESET_STAGE', GATE.length, 'r meets the sum under it'),
        meet: stages.named('MEET_STAGE', MEET, 'the sum of n is in a register'),
        product: stages.named(
          'PRODUCT_STAGE',
          CANDIDATE + 1,
          'z * s and (1 - z) * n are in registers',
        ),
        state: stages.named('S_STAGE', STATE, "s' is in a register"),
      };
      const tables = {
        ...{ table, scheme, clk: io.clk, active: io.active, stages },
        latency: () => stage.gate.cycle,
      };
      const r = tableValue(m, tables, 'gate_r', 'sigmoid', io.u_r, stages.at(0));
      const early = tableValue(m, tables, 'gate_z', 'sigmoid', io.u_z, stages.at(0));
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, track.cycles(MEET - 1));
      const timing = { stages, shift: (at: Stage) => shift.at(at.cycle) };
      const sumPoint = scaledPoint(p, scheme);
      const rounds = delayed(m, io.clk, 'round', io.round, before + track.cycles(GATE.length + 1));
      /** A sum at the finest point of sums, behind stage `at`. */
      const scaled = (name: string, sum: Expr<'s'>, at: number): Expr<'s'> => {
        const wait = before + track.cycles(at);
        return scaledSum(p, `${name}_scaled`, stages, stages.at(at), {
          round: rounds.at(wait),
          sum: delayed(m, io.clk, `s_${name}`, sum, wait).at(wait),
        });
      };

      m.comment('d = sat(rnd(s_n_h)) with the fraction bits of s, beside the tables.');
      const resetBits = p.CELL_BITS.plus(RESET_SUM.bits);
      const under = toState(m, p, timing, 'reset_sum', scaled('n_h', io.s_n_h, 0), {
        ...{ point: sumPoint, at: stage.scaled, bits: resetBits, relu: false },
      });
      const wait = track.between(1 + CODE.length, GATE.length);
      const d = delayed(m, io.clk, 'reset_sum', under, wait).at(wait);

      m.comment('n = sat(rnd(max(0, s_n_x + r * d))): the exact sum is rounded once.');
      const productBits = p.CELL_BITS.plus(RESET_SUM.bits + gateBits(scheme));
      const alignedBits = productBits.plus(p.CELL_SHIFT_MOST);
      const [multiply, align, add] = [stage.reset, stage.reset.plus(1), stage.reset.plus(2)];
      const product = stages.reg(multiply, 'reset_product', sint(productBits), 'r * d');
      const aligned = stages.reg(align, 'reset_aligned', sint(alignedBits), 'at its finest point');
      const direct = scaled('n_x', io.s_n_x, GATE.length + 1);
      const productPoint = p.CELL_POINT.plus(outputFraction);
      const point = m.local('MEET_POINT', max(sumPoint, productPoint), 'binary point of the sum');
      const [ofSum, ofProduct] = [point.minus(sumPoint), point.minus(productPoint)] as [Int, Int];
      const width = m.local(
        'MEET_BITS',
        max(direct.width.plus(ofSum), alignedBits.plus(ofProduct)).plus(1),
      );
      const raised = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
        m.wire(name, concat(value, literal(0, by)).asSigned(), 'at the finer point').resize(width);
      const meet = stages.reg(add, 'meet', sint(width), 'n before rounding');
      stages.set(
        stages.free(multiply, set(product, r.mul(d))),
        stages.held(
          align,
          set(aligned, product.resize(alignedBits).shiftLeft(timing.shift(align), 0)),
        ),
        stages.held(
          add,
          set(
            meet,
            raised('direct_raised', direct, ofSum).addWrap(
              raised('product_raised', aligned, ofProduct),
            ),
          ),
        ),
      );
      const n = toState(m, p, timing, 'gate_n', meet, {
        ...{ point, at: stage.meet, bits: p.CELL_BITS, relu: true },
      });

      m.comment("s' = rnd(z * s + (1 - z) * n): both products have the point of s.");
      const apart = stage.product.plus(-1).cycle.minus(stage.gate.plus(1).cycle);
      const hold =
        track.between(GATE.length, CANDIDATE) === 0
          ? apart
          : m.local('Z_WAIT', apart, 'z waits for n');
      const z = delayed(m, io.clk, 'gate_z', early, hold).at(hold);
      blendedState(m, p, io, timing, stage.product, { z, n, scheme });
      m.comment("h = sat(rnd(s')).");
      valueOfWord(m, p, { state: io.cell_next, hidden: io.hidden }, stages, stage.state);
      stages.unasked('active', stage.reset, stage.product.plus(-1));
    },
  });
}
