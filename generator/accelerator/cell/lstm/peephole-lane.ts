import {
  bit,
  clog2,
  concat,
  type Expr,
  type Int,
  input,
  int,
  integer,
  literal,
  max,
  output,
  requires,
  type Scope,
  type Stage,
  Stages,
  set,
  sint,
  type Track,
  uint,
} from '../../../hdl/index.js';
import type { TableScheme } from '../../../network/model.js';
import { defineBlock } from '../../build/define-block.js';
import { clampWithin, roundAnyShift, saturate } from '../../build/numeric.js';
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

/** Registers from a state to the table input of a gate that sees it: product, shift, sum, rounding, saturation. */
const SEEN = ['seenProduct', 'seenAligned', 'seenExact', 'seenRounded', 'seenInput'] as const;
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
      const sight = peepholeSight(m, p, io, { scheme, stages, before });
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

/** Makes the table inputs of gates: SEEN stages behind the state that a gate sees, which is there in stage `at`. */
function peepholeSight(
  m: Scope,
  p: {
    readonly SUM_BITS: Int;
    readonly ROUND_MOST: Int;
    readonly BIAS_BITS: Int;
    readonly CELL_BITS: Int;
    readonly PEEPHOLE_POINT: Int;
    readonly PEEPHOLE_SHIFT_MOST: Int;
  },
  io: Readonly<Record<'clk' | 'round' | 'peephole_shift', Expr<'u'>>> & {
    readonly limit?: Expr<'u'> | undefined;
  },
  {
    stages,
    before,
    scheme: { inputFraction, inputBits },
  }: { readonly scheme: TableScheme; readonly stages: Stages; readonly before: number },
): (
  gate: string,
  sum: Expr<'s'>,
  weight: Expr<'s'> | null,
  seen: { readonly state: Expr<'s'>; readonly at: number },
) => Expr<'s'> {
  const sumPoint = p.ROUND_MOST.plus(inputFraction);
  const point = m.local(
    'SIGHT_POINT',
    max(sumPoint, p.PEEPHOLE_POINT),
    'binary point of s + p * c',
  );
  const sumBits = p.SUM_BITS.plus(p.ROUND_MOST);
  const productBits = p.BIAS_BITS.plus(p.CELL_BITS);
  const alignedBits = productBits.plus(p.PEEPHOLE_SHIFT_MOST);
  const toPoint = point.minus(sumPoint);
  const raise = point.minus(p.PEEPHOLE_POINT);
  const width = m.local('SIGHT_BITS', max(sumBits.plus(toPoint), alignedBits.plus(raise)).plus(1));
  /** Cycles from the sums to a stage. */
  const behindSums = (stage: number): number => stages.track.cycles(stage) + before;
  const limits =
    io.limit === undefined
      ? null
      : delayed(m, io.clk, 'limit', io.limit, behindSums(OUTPUT_INPUT - 1));
  return (gate, sum, weight, { state, at }) => {
    const named = (name: string) => `${gate}_${name}`;
    const late = <S extends 's' | 'u'>(name: string, value: Expr<S>, stage: number): Expr<S> => {
      const cycles = behindSums(stage);
      return delayed(m, io.clk, named(name), value, cycles).at(cycles);
    };
    const [multiply, align, add, round, clamp] = SEEN.map((_, n) => stages.at(at + n)) as [
      Stage,
      Stage,
      Stage,
      Stage,
      Stage,
    ];
    const scaled = stages.reg(
      align,
      named('scaled'),
      sint(sumBits),
      's at the finest point of sums',
    );
    const exact = stages.reg(add, named('exact'), sint(width), 's + p * c before rounding');
    const wide = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
      m.wire(named(name), concat(value, literal(0, by)).asSigned(), 'at this point').resize(width);
    const raised = wide('raised', scaled, toPoint);
    const scale = late('sum', sum, at + 1).shiftLeft(late('round', io.round, at + 1), p.ROUND_MOST);
    stages.set(stages.held(align, set(scaled, scale)));
    if (weight === null) {
      stages.set(stages.held(add, set(exact, raised)));
    } else {
      const product = stages.reg(multiply, named('product'), sint(productBits), 'p * c');
      const aligned = stages.reg(
        align,
        named('aligned'),
        sint(alignedBits),
        'at their finest point',
      );
      const shift = late('peephole_shift', io.peephole_shift, at + 1);
      stages.set(
        stages.free(multiply, set(product, late('peephole', weight, at).mul(state))),
        stages.held(align, set(aligned, product.resize(alignedBits).shiftLeft(shift, 0))),
        stages.held(add, set(exact, raised.addWrap(wide('seen', aligned, raise)))),
      );
    }
    const rounded = roundAnyShift(m, named('rounded'), exact, point.minus(inputFraction));
    const roundedLate = stages.reg(round, named('late'), sint(rounded.width));
    const clamped =
      limits === null
        ? saturate(m, named('clamped'), roundedLate, inputBits)
        : clampWithin(m, named('clamped'), roundedLate, limits.at(behindSums(at + 4)));
    const input = stages.reg(clamp, `u_${gate}`, sint(inputBits));
    stages.set(
      stages.held(round, set(roundedLate, rounded)),
      stages.held(clamp, set(input, clamped)),
    );
    return input;
  };
}
