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
} from '../../../hdl/index.js';
import { resetWord } from '../../../network/arithmetic.js';
import { tableOne } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import { gateBits, newCell, PRODUCTS_TO_CELL } from '../lane-arithmetic.js';
import {
  laneParameters,
  laneRelations,
  limitPort,
  openParameters,
  openRelations,
} from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import { candidateInput, RESET_TO_INPUT, resetSum, STATE_TO_VALUE, valueOfState } from './parts.js';

/** Cycles from a table input to the gate: the table, then its sign. */
const GATE_LATENCY = TABLE_LATENCY + 1;
/** Cycles from the table inputs of r and z to that of n, to n, to the new state and from there to h. */
const CANDIDATE_INPUT = GATE_LATENCY + RESET_TO_INPUT;
const CANDIDATE = CANDIDATE_INPUT + GATE_LATENCY;
const STATE = CANDIDATE + 1 + PRODUCTS_TO_CELL;
const VALUE = STATE + STATE_TO_VALUE;

/** Latencies of the lane, from the table inputs of r and z. */
export const GRU_LANE = { stateRead: CANDIDATE, state: STATE, value: VALUE } as const;

/** The GRU update of one cell per cycle, with the rounding points of arithmetic.ts. */
export function gruLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const reset = resetWord(scheme);
  return defineBlock({
    name: `${c.name}_gru_lane`,
    doc: `GRU update, reset behind the product, one cell per cycle: r, z = sigmoid(u); n = tanh(sat(rnd(s_n_x + r * sat(rnd(s_n_h))))); s' = sat(rnd(z * s + (1 - z) * n)); h = sat(rnd(s')). The state s is taken ${GRU_LANE.stateRead} cycles after u; s' (cell_next) appears ${STATE} and h ${VALUE} cycles after u. Sums of n come ${TABLE_INPUT_LATENCY} cycles before u, aligned; their rounding shift to the table input is ROUND_MOST - round. cell_shift is CELL_POINT less the fraction bits of s.`,
    parameters: {
      ...laneParameters(c),
      ...openParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: (p) => [
      ...laneRelations(p),
      ...openRelations(p, reset.fraction - scheme.inputFraction),
    ],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(VALUE), 'bit n: u came n cycles ago'),
      early: input(uint(TABLE_INPUT_LATENCY), 'bit n: the sums of n came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sums of n'),
      ...limitPort(c, 'with the sums of n: largest magnitude of u_n'),
      u_r: input(sint(inputBits)),
      u_z: input(sint(inputBits)),
      s_n_x: input(sint(p.SUM_BITS), 'W_n x and its bias'),
      s_n_h: input(sint(p.SUM_BITS), 'U_n h and its bias'),
      cell_now: input(sint(p.CELL_BITS), `s of this cell, ${GRU_LANE.stateRead} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${STATE} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${VALUE} cycles after u`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      m.comment('Stages, in cycles after u.');
      const stage = {
        gate: m.local('GATE_STAGE', int(TABLE_LATENCY), 'r and z leave their tables'),
        reset: m.local('RESET_STAGE', int(GATE_LATENCY), 'r meets the sum under it'),
        input: m.local('N_TABLE_STAGE', int(CANDIDATE_INPUT), 'n is at its table'),
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
      m.comment('d = sat(rnd(s_n_h)), beside the table inputs of r and z.');
      const under = resetSum(m, p, io, scheme);
      m.comment('u_n = sat(rnd(s_n_x + r * d)): the exact sum is rounded once.');
      const u = candidateInput(m, p, { ...io, active, scheme }, stage.reset, r, under);
      const n = tableValue(m, tables, 'gate_n', 'tanh', u, stage.input);

      m.comment("s' = sat(rnd(z * s + (1 - z) * n)): the products meet exactly.");
      const wait = m.local('Z_WAIT', stage.product.minus(stage.gate).minus(2), 'z waits for n');
      const z = delayed(m, io.clk, 'gate_z', early, wait).at(wait);
      const one = signedLiteral(tableOne(scheme), gateBits(scheme));
      const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, STATE);
      const timing = { scheme, active, shift: (at: IntLike) => shift.at(at) };
      newCell(
        m,
        p,
        io,
        timing,
        stage.product,
        { f: z, i: rest, g: n },
        {
          kept: 'z * s',
          added: '(1 - z) * n',
          state: "s'",
        },
      );

      m.comment("h = sat(rnd(s')).");
      const { clk, cell_next: state, hidden } = io;
      valueOfState(m, p, { clk, state, hidden }, timing, stage.state);
      m.unused('active', active(stage.product.minus(1)));
    },
  });
}
