import {
  bit,
  concat,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  literal,
  max,
  output,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { RESET_SUM } from '../../../network/cells/gru.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { gateBits } from '../lane-arithmetic.js';
import { laneParameters, laneRelations, openParameters, openRelations } from '../lane-interface.js';
import { tableValue } from '../table-value.js';
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

/** Cycles from a table input to the gate: the table, then its sign. */
const GATE_LATENCY = TABLE_LATENCY + 1;
/** Cycles from the table inputs of r and z to the sum of n, to n, to the new state and from there to h. */
const MEET = GATE_LATENCY + 3;
const CANDIDATE = MEET + TO_STATE;
const STATE = CANDIDATE + 1 + PRODUCTS_TO_STATE;
const VALUE = STATE + WORD_TO_VALUE;

/** Latencies of the lane, from the table inputs of r and z. */
export const GRU_RELU_LANE = { stateRead: CANDIDATE, state: STATE, value: VALUE } as const;

/** The update of a GRU with ReLU of one cell per cycle, with the rounding points of arithmetic.ts. */
export function gruReluLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits, outputFraction } = scheme;
  return defineBlock({
    name: `${c.name}_gru_relu_lane`,
    doc: `Update of a GRU with ReLU, reset behind the product, one cell per cycle: r, z = sigmoid(u); n = sat(rnd(max(0, s_n_x + r * sat(rnd(s_n_h))))) in the word of the state; s' = rnd(z * s + (1 - z) * n); h = sat(rnd(s')), the highest bits of it. The state s is taken ${CANDIDATE} cycles after u; s' (cell_next) appears ${STATE} and h ${VALUE} cycles after u. Sums of n come ${TABLE_INPUT_LATENCY} cycles before u, aligned; ROUND_MOST - round is what they have more fraction bits than a table input. cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: {
      ...laneParameters(c),
      ...openParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
    },
    relations: (p) => [...laneRelations(p), ...openRelations(p, 0)],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(VALUE), 'bit n: u came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sums of n'),
      u_r: input(sint(inputBits)),
      u_z: input(sint(inputBits)),
      s_n_x: input(sint(p.SUM_BITS), 'W_n x and its bias'),
      s_n_h: input(sint(p.SUM_BITS), 'U_n h and its bias'),
      cell_now: input(sint(p.CELL_BITS), `s of this cell, ${CANDIDATE} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${STATE} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      m.comment('Stages, in cycles after u.');
      const stage = {
        scaled: m.local('SCALED_STAGE', int(1), 'the sum under the reset gate is shifted'),
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'r and z leave their tables'),
        reset: m.local('RESET_STAGE', int(GATE_LATENCY), 'r meets the sum under it'),
        meet: m.local('MEET_STAGE', int(MEET), 'the sum of n is in a register'),
        product: m.local(
          'PRODUCT_STAGE',
          int(CANDIDATE + 1),
          'z * s and (1 - z) * n are in registers',
        ),
        state: m.local('S_STAGE', int(STATE), "s' is in a register"),
      };
      const tables = { table, scheme, clk: io.clk, active: io.active, latency: stage.gate };
      const r = tableValue(m, tables, 'gate_r', 'sigmoid', io.u_r, int(0));
      const early = tableValue(m, tables, 'gate_z', 'sigmoid', io.u_z, int(0));
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, MEET - 1);
      const timing = { clk: io.clk, active, shift: (at: IntLike) => shift.at(at) };
      const sumPoint = scaledPoint(p, scheme);
      const rounds = delayed(m, io.clk, 'round', io.round, TABLE_INPUT_LATENCY + GATE_LATENCY + 1);
      /** A sum at the finest point of sums, in a register in the cycle behind `at`. */
      const scaled = (name: string, sum: Expr<'s'>, at: number): Expr<'s'> => {
        const wait = at + TABLE_INPUT_LATENCY;
        return scaledSum(m, p, `${name}_scaled`, {
          ...{ clk: io.clk, enable: active(at), round: rounds.at(wait) },
          sum: delayed(m, io.clk, `s_${name}`, sum, wait).at(wait),
        });
      };

      m.comment('d = sat(rnd(s_n_h)) with the fraction bits of s, beside the tables.');
      const resetBits = p.CELL_BITS.plus(RESET_SUM.bits);
      const under = toState(m, p, timing, 'reset_sum', scaled('n_h', io.s_n_h, 0), {
        ...{ point: sumPoint, at: stage.scaled, bits: resetBits, relu: false },
      });
      const wait = GATE_LATENCY - (1 + TO_STATE);
      const d = delayed(m, io.clk, 'reset_sum', under, wait).at(wait);

      m.comment('n = sat(rnd(max(0, s_n_x + r * d))): the exact sum is rounded once.');
      const productBits = p.CELL_BITS.plus(RESET_SUM.bits + gateBits(scheme));
      const alignedBits = productBits.plus(p.CELL_SHIFT_MOST);
      const product = m.reg('reset_product', sint(productBits), 'r * d');
      const aligned = m.reg('reset_aligned', sint(alignedBits), 'at its finest point');
      const direct = scaled('n_x', io.s_n_x, GATE_LATENCY + 1);
      const productPoint = p.CELL_POINT.plus(outputFraction);
      const point = m.local('MEET_POINT', max(sumPoint, productPoint), 'binary point of the sum');
      const [ofSum, ofProduct] = [point.minus(sumPoint), point.minus(productPoint)] as [Int, Int];
      const width = m.local(
        'MEET_BITS',
        max(direct.width.plus(ofSum), alignedBits.plus(ofProduct)).plus(1),
      );
      const raised = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
        m.wire(name, concat(value, literal(0, by)).asSigned(), 'at the finer point').resize(width);
      const meet = m.reg('meet', sint(width), 'n before rounding');
      m.always(io.clk, [
        set(product, r.mul(d)),
        when(active(stage.reset.plus(1)), [
          set(aligned, product.resize(alignedBits).shiftLeft(shift.at(stage.reset.plus(1)), 0)),
        ]),
        when(active(stage.reset.plus(2)), [
          set(
            meet,
            raised('direct_raised', direct, ofSum).addWrap(
              raised('product_raised', aligned, ofProduct),
            ),
          ),
        ]),
      ]);
      const n = toState(m, p, timing, 'gate_n', meet, {
        ...{ point, at: stage.meet, bits: p.CELL_BITS, relu: true },
      });

      m.comment("s' = rnd(z * s + (1 - z) * n): both products have the point of s.");
      const hold = m.local('Z_WAIT', stage.product.minus(stage.gate).minus(2), 'z waits for n');
      const z = delayed(m, io.clk, 'gate_z', early, hold).at(hold);
      blendedState(m, p, io, timing, stage.product, { z, n, scheme });
      m.comment("h = sat(rnd(s')).");
      valueOfWord(m, p, { state: io.cell_next, hidden: io.hidden }, timing, stage.state);
      m.unused('active', active(stage.reset), active(stage.product.minus(1)));
    },
  });
}
