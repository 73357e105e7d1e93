import {
  bit,
  clog2,
  type Expr,
  input,
  int,
  integer,
  output,
  requires,
  type Stage,
  Stages,
  sint,
  type Track,
  uint,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { delayed } from '../../build/pipeline.js';
import { MATCHES, matched } from '../../images/matches.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { GATE, NEW_STATE, SQUASH, TABLE_INPUT, trackOf, VALUE } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, tableLatency } from '../activation-table.js';
import { tableInputLatency } from '../gate-sum.js';
import { newCell, newHidden, tableInputOfCell } from '../lane-arithmetic.js';
import {
  activeOf,
  earlyPort,
  laneParameters,
  laneRelations,
  limitPort,
  openParameters,
  openRelations,
  peepholeParameters,
} from '../lane-interface.js';
import { tableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';
import { peepholeSight, SEEN } from './peephole-sight.js';

/** Registers of the lane, from the sums on. */
const REGISTERS = [
  ...['seenState' as const, ...SEEN, ...GATE, 'stateProduct' as const, ...NEW_STATE],
  ...[...SEEN, ...GATE, 'valueProduct' as const, ...VALUE],
] as const;
/** Stages; where all registers stand, other lanes have their table inputs in stage 0. */
const BEFORE = TABLE_INPUT.length;
const STATE_READ = 1 - BEFORE;
const GATE_INPUT = STATE_READ + SEEN.length;
const GATES = GATE_INPUT + GATE.length;
const CELL = GATES + 1 + NEW_STATE.length;
const OUTPUT_INPUT = CELL + SEEN.length;
const MEET = OUTPUT_INPUT + GATE.length;

/** Cycle 0 of the lane is that in which other lanes have their table inputs. */
function peepholeTrack(c: Pipelined): Track {
  const own = trackOf(c, REGISTERS, BEFORE);
  return trackOf(c, REGISTERS, BEFORE, own.between(-BEFORE, 0) - tableInputLatency(c));
}

/** Latencies of the lane, from there. */
export function peepholeStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = peepholeTrack(c);
  return {
    stateRead: track.cycles(STATE_READ),
    state: track.cycles(CELL),
    value: track.cycles(REGISTERS.length - BEFORE),
  };
}

/** The update of an LSTM with peepholes, one cell per cycle, with the rounding points of arithmetic.ts. */
export function peepholeLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { state, value } = peepholeStages(c);
  const before = tableInputLatency(c);
  return defineBlock({
    name: `${c.name}_lstm_peephole_lane`,
    doc: `Update of an LSTM with peepholes, one cell per cycle: i, f = sigmoid(sat(rnd(s + p * c))), g = tanh(sat(rnd(s))); c' = sat(rnd(f * c + i * g)); o = sigmoid(sat(rnd(s + p * c'))); h = sat(rnd(o * tanh(c'))). Sums come aligned, ${before} cycles before stage 0, with the peepholes of their row; c one cycle later; c' appears in stage ${state} and h in stage ${value}. The rounding shift of a sum to the table input is ROUND_MOST - round; peephole_shift is PEEPHOLE_POINT less the fraction bits of p * c; cell_shift is CELL_POINT less those of c.`,
    parameters: {
      ...laneParameters(c),
      ...openParameters(c),
      BIAS_BITS: matched(integer(c.words.bias, 'Bits of a peephole'), MATCHES.biases),
      ...peepholeParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: (p) => [
      ...laneRelations(p),
      ...openRelations(p, 0),
      requires(
        p.PEEPHOLE_SHIFT_BITS,
        '>=',
        clog2(p.PEEPHOLE_SHIFT_MOST.plus(1)),
        'PEEPHOLE_SHIFT_BITS must hold PEEPHOLE_SHIFT_MOST',
      ),
      requires(
        p.PEEPHOLE_POINT,
        '>=',
        int(scheme.inputFraction),
        `PEEPHOLE_POINT must be at least ${scheme.inputFraction}`,
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(value), 'bit n: stage n holds a cell'),
      ...earlyPort(c, 'bit n: its sums came n cycles ago'),
      round: input(uint(p.ROUND_BITS), 'with the sums'),
      peephole_shift: input(uint(p.PEEPHOLE_SHIFT_BITS), 'with the sums'),
      ...limitPort(c, 'with the sums: largest magnitude of table inputs of gates'),
      s_i: input(sint(p.SUM_BITS)),
      s_f: input(sint(p.SUM_BITS)),
      s_g: input(sint(p.SUM_BITS)),
      s_o: input(sint(p.SUM_BITS)),
      p_i: input(sint(p.BIAS_BITS), 'with the sums'),
      p_f: input(sint(p.BIAS_BITS)),
      p_o: input(sint(p.BIAS_BITS)),
      cell_now: input(sint(p.CELL_BITS), 'c of this cell, one cycle after the sums'),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'in stage 0'),
      cell_next: output(sint(p.CELL_BITS), `in stage ${state}`),
      hidden: output(sint(p.ACT_BITS), `in stage ${value}`),
    }),
    body: (m, p, io) => {
      const track = peepholeTrack(c);
      const stages = new Stages(m, io.clk, track, activeOf(c, track, io));
      stages.title('Stages.');
      const stage = {
        input: stages.named('GATE_INPUT_STAGE', GATE_INPUT, 'i, f and g are at their tables'),
        product: stages.named('PRODUCT_STAGE', GATES + 1, 'f * c and i * g are in registers'),
        cell: stages.named('C_STAGE', CELL, "c' is in a register"),
        output: stages.named('O_INPUT_STAGE', OUTPUT_INPUT, 'o is at its table'),
        squash: stages.named('C_TABLE_STAGE', CELL + SQUASH.length, "c' is at its table"),
        meet: stages.named('MEET_STAGE', MEET, "o meets tanh(c')"),
      };
      const latency = m.localFor('TABLE_CYCLES', tableLatency(c), 'a value leaves its table');
      const tables = {
        ...{ table, scheme, clk: io.clk, active: io.active, stages },
        latency: () => latency,
      };
      const sight = peepholeSight(m, p, io, { scheme, stages, before, latest: OUTPUT_INPUT - 1 });
      m.comment('i, f and g; the state before is seen by i and f.');
      const now = { state: io.cell_now, at: STATE_READ };
      const i = tableValue(
        m,
        tables,
        'gate_i',
        'sigmoid',
        sight('i', io.s_i, io.p_i, now),
        stage.input,
      );
      const f = tableValue(
        m,
        tables,
        'gate_f',
        'sigmoid',
        sight('f', io.s_f, io.p_f, now),
        stage.input,
      );
      const g = tableValue(m, tables, 'gate_g', 'tanh', sight('g', io.s_g, null, now), stage.input);

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const wait = track.between(STATE_READ, GATES);
      const old = delayed(m, io.clk, 'cell_now', io.cell_now, wait).at(wait);
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, state);
      const timing = { scheme, stages, shift: (at: Stage) => shift.at(at.cycle) };
      newCell(m, p, { ...io, cell_now: old }, timing, stage.product, { i, f, g });

      m.comment("h = sat(rnd(o * tanh(c'))); o sees the new state.");
      const next = { state: io.cell_next, at: CELL };
      const o = tableValue(
        m,
        tables,
        'gate_o',
        'sigmoid',
        sight('o', io.s_o, io.p_o, next),
        stage.output,
      );
      const v = tableInputOfCell(m, p, io, timing, stage.cell);
      const { at, hold, wait: late } = squashPlace(track, stage);
      const held = delayed(m, io.clk, 'u_state', v, hold).at(hold);
      const early = tableValue(m, tables, 'squashed', 'tanh', held, at);
      const squashed = delayed(m, io.clk, 'squashed', early, late).at(late);
      newHidden(m, p, io, timing, stage.meet, o, squashed);
      const unasked = stages.idle(stage.product.plus(-1), stage.meet);
      m.unused('active', ...unasked, ...beforeSight(stages, io.early));
    },
  });
}

/**
 * Where c' goes through its table: at once where all registers stand that are beside it, else with o, whose registers are those
 * of a table; `hold`: cycles for which c' waits before it, `wait`: for which tanh(c') waits behind it.
 */
function squashPlace(
  track: Track,
  stage: Readonly<Record<'squash' | 'output', Stage>>,
): { readonly at: Stage; readonly hold: number; readonly wait: number } {
  const first = CELL + SQUASH.length;
  if (track.between(first, MEET) === MEET - first) {
    return { at: stage.squash, hold: 0, wait: track.between(first + GATE.length, MEET) };
  }
  return { at: stage.output, hold: track.between(first, OUTPUT_INPUT), wait: 0 };
}

/** What nothing asks for in the first cycles: c comes in the one, and is multiplied in the other. */
function beforeSight(stages: Stages, early: Expr<'u'> | undefined): readonly Expr<'u'>[] {
  const own = [-BEFORE, STATE_READ].filter((place) => stages.track.stands(place));
  const bits = own.filter((place) => stages.track.cycles(place) < 0).length;
  const later = own.slice(bits).map((place) => stages.active(stages.at(place)));
  return early === undefined || bits === 0 ? later : [early.part(0, bits), ...later];
}
