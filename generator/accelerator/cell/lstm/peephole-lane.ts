import {
  bit,
  clog2,
  concat,
  type Expr,
  type Int,
  type IntLike,
  input,
  int,
  integer,
  literal,
  max,
  output,
  requires,
  type Scope,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import type { TableScheme } from '../../../network/model.js';
import { defineBlock } from '../../build/define-block.js';
import { clampWithin, roundAnyShift, saturate } from '../../build/numeric.js';
import { delayed } from '../../build/pipeline.js';
import { MATCHES, matched } from '../../images/matches.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, TABLE_LATENCY } from '../activation-table.js';
import { TABLE_INPUT_LATENCY } from '../gate-sum.js';
import {
  CELL_TO_TABLE,
  newCell,
  newHidden,
  PRODUCT_TO_HIDDEN,
  PRODUCTS_TO_CELL,
  tableInputOfCell,
} from '../lane-arithmetic.js';
import {
  laneParameters,
  laneRelations,
  limitPort,
  openParameters,
  openRelations,
  peepholeParameters,
} from '../lane-interface.js';
import { tableValue } from '../table-value.js';

/** Cycles from a state to the table input of a gate that sees it: product, shift, sum, rounding, saturation. */
const SEEN = 5;
/** Cycles from a table input to the gate. */
const GATE_LATENCY = TABLE_LATENCY + 1;
/** Stages in cycles from where other lanes have their table inputs, TABLE_INPUT_LATENCY behind the sums. */
const STATE_READ = 1 - TABLE_INPUT_LATENCY;
const GATE_INPUT = STATE_READ + SEEN;
const GATES = GATE_INPUT + GATE_LATENCY;
const CELL = GATES + 1 + PRODUCTS_TO_CELL;
const OUTPUT_INPUT = CELL + SEEN;
const MEET = OUTPUT_INPUT + GATE_LATENCY;
const VALUE = MEET + 1 + PRODUCT_TO_HIDDEN;

export const PEEPHOLE_LANE = { stateRead: STATE_READ, state: CELL, value: VALUE } as const;

/** The update of an LSTM with peepholes, one cell per cycle, with the rounding points of arithmetic.ts. */
export function peepholeLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  return defineBlock({
    name: `${c.name}_lstm_peephole_lane`,
    doc: `Update of an LSTM with peepholes, one cell per cycle: i, f = sigmoid(sat(rnd(s + p * c))), g = tanh(sat(rnd(s))); c' = sat(rnd(f * c + i * g)); o = sigmoid(sat(rnd(s + p * c'))); h = sat(rnd(o * tanh(c'))). Sums come aligned, ${TABLE_INPUT_LATENCY} cycles before stage 0, with the peepholes of their row; c one cycle later; c' appears in stage ${CELL} and h in stage ${VALUE}. The rounding shift of a sum to the table input is ROUND_MOST - round; peephole_shift is PEEPHOLE_POINT less the fraction bits of p * c; cell_shift is CELL_POINT less those of c.`,
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
      active: input(uint(VALUE), 'bit n: stage n holds a cell'),
      early: input(uint(TABLE_INPUT_LATENCY), 'bit n: its sums came n cycles ago'),
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
      cell_next: output(sint(p.CELL_BITS), `in stage ${CELL}`),
      hidden: output(sint(p.ACT_BITS), `in stage ${VALUE}`),
    }),
    body: (m, p, io) => {
      const active = (stage: IntLike): Expr<'u'> => io.active.bit(stage);
      m.comment('Stages.');
      const stage = {
        input: m.local('GATE_INPUT_STAGE', int(GATE_INPUT), 'i, f and g are at their tables'),
        product: m.local('PRODUCT_STAGE', int(GATES + 1), 'f * c and i * g are in registers'),
        cell: m.local('C_STAGE', int(CELL), "c' is in a register"),
        output: m.local('O_INPUT_STAGE', int(OUTPUT_INPUT), 'o is at its table'),
        squash: m.local('C_TABLE_STAGE', int(CELL + CELL_TO_TABLE), "c' is at its table"),
        meet: m.local('MEET_STAGE', int(MEET), "o meets tanh(c')"),
      };
      const latency = m.local('TABLE_CYCLES', int(TABLE_LATENCY), 'a value leaves its table');
      const tables = { table, scheme, clk: io.clk, active: io.active, latency };
      const sight = peepholeSight(m, p, io, scheme);
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
      const wait = GATES - STATE_READ;
      const before = delayed(m, io.clk, 'cell_now', io.cell_now, wait).at(wait);
      const shift = delayed(m, io.clk, 'cell_shift', io.cell_shift, CELL);
      const timing = { scheme, active, shift: (at: IntLike) => shift.at(at) };
      newCell(m, p, { ...io, cell_now: before }, timing, stage.product, { i, f, g });

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
      const early = tableValue(m, tables, 'squashed', 'tanh', v, stage.squash);
      const late = MEET - (CELL + CELL_TO_TABLE + GATE_LATENCY);
      const squashed = delayed(m, io.clk, 'squashed', early, late).at(late);
      newHidden(m, p, io, timing, stage.meet, o, squashed);
      m.unused('active', active(stage.product.minus(1)), active(stage.meet), io.early.part(0, 2));
    },
  });
}

/** Makes the table inputs of gates: SEEN cycles after the state that a gate sees, which is there in stage `at`. */
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
  io: Readonly<Record<'clk' | 'active' | 'early' | 'round' | 'peephole_shift', Expr<'u'>>> & {
    readonly limit?: Expr<'u'> | undefined;
  },
  { inputFraction, inputBits }: TableScheme,
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
  const limits =
    io.limit === undefined
      ? null
      : delayed(m, io.clk, 'limit', io.limit, OUTPUT_INPUT - 1 + TABLE_INPUT_LATENCY);
  /** A cell is in this stage; before stage 0 it is on its way from the sums. */
  const active = (stage: number): Expr<'u'> =>
    stage < 0 ? io.early.bit(stage + TABLE_INPUT_LATENCY) : io.active.bit(stage);
  return (gate, sum, weight, { state, at }) => {
    const named = (name: string) => `${gate}_${name}`;
    // stages count from TABLE_INPUT_LATENCY behind the sums
    const late = <S extends 's' | 'u'>(name: string, value: Expr<S>, stage: number): Expr<S> => {
      const cycles = stage + TABLE_INPUT_LATENCY;
      return cycles === 0 ? value : delayed(m, io.clk, named(name), value, cycles).at(cycles);
    };
    const scaled = m.reg(named('scaled'), sint(sumBits), 's at the finest point of sums');
    const exact = m.reg(named('exact'), sint(width), 's + p * c before rounding');
    const wide = (name: string, value: Expr<'s'>, by: Int): Expr<'s'> =>
      m.wire(named(name), concat(value, literal(0, by)).asSigned(), 'at this point').resize(width);
    const raised = wide('raised', scaled, toPoint);
    const scale = late('sum', sum, at + 1).shiftLeft(late('round', io.round, at + 1), p.ROUND_MOST);
    m.always(io.clk, [when(active(at + 1), [set(scaled, scale)])]);
    if (weight === null) {
      m.always(io.clk, [when(active(at + 2), [set(exact, raised)])]);
    } else {
      const product = m.reg(named('product'), sint(productBits), 'p * c');
      const aligned = m.reg(named('aligned'), sint(alignedBits), 'at their finest point');
      const shift = late('peephole_shift', io.peephole_shift, at + 1);
      m.always(io.clk, [
        set(product, late('peephole', weight, at).mul(state)),
        when(active(at + 1), [set(aligned, product.resize(alignedBits).shiftLeft(shift, 0))]),
        when(active(at + 2), [set(exact, raised.addWrap(wide('seen', aligned, raise)))]),
      ]);
    }
    const rounded = roundAnyShift(m, named('rounded'), exact, point.minus(inputFraction));
    const roundedLate = m.reg(named('late'), sint(rounded.width));
    const clamped =
      limits === null
        ? saturate(m, named('clamped'), roundedLate, inputBits)
        : clampWithin(m, named('clamped'), roundedLate, limits.at(at + 4 + TABLE_INPUT_LATENCY));
    const input = m.reg(`u_${gate}`, sint(inputBits));
    m.always(io.clk, [
      when(active(at + 3), [set(roundedLate, rounded)]),
      when(active(at + 4), [set(input, clamped)]),
    ]);
    return input;
  };
}
