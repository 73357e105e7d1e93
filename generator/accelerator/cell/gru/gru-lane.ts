import {
  bit,
  input,
  output,
  type Stage,
  Stages,
  signedLiteral,
  sint,
  uint,
} from '../../../hdl/index.js';
import { resetWord } from '../../../network/arithmetic.js';
import { tableOne } from '../../../network/table-scheme.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, NEW_STATE, TABLE, TABLE_INPUT, trackOf } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import type { ActivationTable } from '../activation-table.js';
import { tableInputLatency } from '../gate-sum.js';
import { gateBits, newCell } from '../lane-arithmetic.js';
import {
  activeOf,
  earlyPort,
  laneParameters,
  laneRelations,
  limitPort,
  openParameters,
  openRelations,
} from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';
import { candidateInput, RESET_INPUT, resetSum, STATE_VALUE, valueOfState } from './parts.js';

/** Registers of the lane, from the sums on, which are there TABLE_INPUT stages before the table inputs of r and z. */
const REGISTERS = [
  ...[...TABLE_INPUT, ...GATE, ...RESET_INPUT, ...GATE],
  ...['stateProduct' as const, ...NEW_STATE, ...STATE_VALUE],
] as const;
/** Stages from the table inputs of r and z to that of n, to n, to the new state and from there to h. */
const CANDIDATE_INPUT = GATE.length + RESET_INPUT.length;
const CANDIDATE = CANDIDATE_INPUT + GATE.length;
const STATE = CANDIDATE + 1 + NEW_STATE.length;
const VALUE = STATE + STATE_VALUE.length;

const gruTrack = (c: Pipelined) => trackOf(c, REGISTERS, TABLE_INPUT.length);

/** Latencies of the lane, from the table inputs of r and z. */
export function gruStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const [stateRead, state, value] = [CANDIDATE, STATE, VALUE].map((n) => gruTrack(c).cycles(n));
  return { stateRead, state, value } as { stateRead: number; state: number; value: number };
}

/** The GRU update of one cell per cycle, with the rounding points of arithmetic.ts. */
export function gruLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const reset = resetWord(scheme);
  const { stateRead, state, value } = gruStages(c);
  return defineBlock({
    name: `${c.name}_gru_lane`,
    doc: `GRU update, reset behind the product, one cell per cycle: r, z = sigmoid(u); n = tanh(sat(rnd(s_n_x + r * sat(rnd(s_n_h))))); s' = sat(rnd(z * s + (1 - z) * n)); h = sat(rnd(s')). The state s is taken ${stateRead} cycles after u; s' (cell_next) appears ${state} and h ${value} cycles after u. Sums of n come ${tableInputLatency(c)} cycles before u, aligned; their rounding shift to the table input is ROUND_MOST - round. cell_shift is CELL_POINT less the fraction bits of s.`,
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
      active: input(uint(value), 'bit n: u came n cycles ago'),
      ...earlyPort(c, 'bit n: the sums of n came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sums of n'),
      ...limitPort(c, 'with the sums of n: largest magnitude of u_n'),
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
      const track = gruTrack(c);
      const stages = new Stages(m, io.clk, track, activeOf(c, track, io));
      stages.title('Stages, in cycles after u.');
      const stage = {
        gate: stages.named('GATE_STAGE', TABLE.length, 'r and z leave their tables'),
        reset: stages.named('RESET_STAGE', GATE.length, 'r meets the sum under it'),
        input: stages.named('N_TABLE_STAGE', CANDIDATE_INPUT, 'n is at its table'),
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
      m.comment('d = sat(rnd(s_n_h)), beside the table inputs of r and z.');
      const under = resetSum(m, p, io, { stages, scheme });
      m.comment('u_n = sat(rnd(s_n_x + r * d)): the exact sum is rounded once.');
      const u = candidateInput(m, p, { ...io, stages, scheme }, stage.reset, r, under);
      const n = tableValue(m, tables, 'gate_n', 'tanh', u, stage.input);

      m.comment("s' = sat(rnd(z * s + (1 - z) * n)): the products meet exactly.");
      const apart = stage.product.plus(-1).cycle.minus(stage.gate.plus(1).cycle);
      const wait = m.local('Z_WAIT', apart, 'z waits for n');
      const z = delayed(m, io.clk, 'gate_z', early, wait).at(wait);
      const one = signedLiteral(tableOne(scheme), gateBits(scheme));
      const rest = m.wire('gate_rest', one.subWrap(z), '1 - z');
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, state);
      const timing = { scheme, stages, shift: (at: Stage) => shift.at(at.cycle) };
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
      valueOfState(m, p, { state: io.cell_next, hidden: io.hidden }, timing, stage.state);
      stages.unasked('active', stage.product.plus(-1));
    },
  });
}
