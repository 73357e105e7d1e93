import {
  bit,
  clog2,
  concat,
  defineModule,
  type Expr,
  input,
  int,
  integer,
  literal,
  low,
  max,
  output,
  parameterValue,
  requires,
  set,
  signedLiteral,
  sint,
  text,
  uint,
  when,
} from '../../hdl/index.js';
import {
  TABLE_INPUT_BITS,
  TABLE_INPUT_FRACTION,
  TABLE_ONE,
  TABLE_OUTPUT_FRACTION,
  TABLE_Y0_BITS,
} from '../../network/arithmetic.js';
import { GATES } from '../../network/model.js';
import { bitsOf, type Configuration } from '../configuration.js';
import { roundShift, saturate } from '../numeric.js';
import { delayedWhen } from '../pipeline.js';
import { type ActivationTable, TABLE_LATENCY } from './activation-table.js';

/** Cycles from a table input to the gate: the table, then its sign. */
const GATE_LATENCY = TABLE_LATENCY + 1;
/** Cycles from the table inputs u to the products, to c' and from there to h. */
const PRODUCT_LATENCY = GATE_LATENCY + 1;
export const CELL_LATENCY = PRODUCT_LATENCY + 5;
const STATE_INPUT_LATENCY = 3;
export const HIDDEN_LATENCY = CELL_LATENCY + STATE_INPUT_LATENCY + GATE_LATENCY + 3;
/** Cycle in which c of the same cell must be at the port. */
export const CELL_READ_LATENCY = GATE_LATENCY;

/** Signed width of a gate: sigmoid 0 ... 4096, tanh -4096 ... 4096. */
const GATE_BITS = TABLE_Y0_BITS + 1;
/** Multipliers of one lane: f * c, i * g and o * tanh(c'). The products of the table slopes are narrow: logic. */
export const LANE_MULTIPLIERS = 3;
/** What a lane costs beside multipliers of the array: its own, and logic worth five more. */
export const LANE_COST = 8;

/** Parameters of the shifts between the binary points of c. */
export function cellShifts(c: Configuration) {
  const most = c.cellPointMost - c.cellPointLeast;
  return {
    CELL_SHIFT_MOST: integer(most, 'Finest less coarsest binary point of c', 0),
    CELL_SHIFT_BITS: integer(bitsOf(most + 1), 'Bits of the shift to the finest point'),
  };
}

/** The LSTM update of one cell per cycle: gates, c' and h, with the rounding points of arithmetic.ts. */
export function lstmLane(c: Configuration, table: ActivationTable) {
  return defineModule({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, one cell per cycle: i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, ${CELL_READ_LATENCY} cycles after u; c' appears ${CELL_LATENCY} and h ${HIDDEN_LATENCY} cycles after u. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift to the finest point, followed by a constant right shift.`,
    parameters: {
      ACT_BITS: integer(c.words.activation, 'Bits of h; it has ACT_BITS - 1 fraction bits', 4, 16),
      CELL_BITS: integer(c.words.cell, 'Bits of c', 8, 24),
      CELL_POINT: integer(c.cellPointMost, 'Finest binary point of c, at least 12', 12),
      ...cellShifts(c),
      SIGMOID_FILE: text('mem/sigmoid.mem', 'Image of the sigmoid table'),
      TANH_FILE: text('mem/tanh.mem', 'Image of the tanh table'),
    },
    relations: (p) => [
      requires(
        p.CELL_SHIFT_BITS,
        '>=',
        clog2(p.CELL_SHIFT_MOST.plus(1)),
        'CELL_SHIFT_BITS must hold CELL_SHIFT_MOST',
      ),
    ],
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(HIDDEN_LATENCY), 'bit n: u came n cycles ago'),
      u_i: input(sint(TABLE_INPUT_BITS)),
      u_f: input(sint(TABLE_INPUT_BITS)),
      u_g: input(sint(TABLE_INPUT_BITS)),
      u_o: input(sint(TABLE_INPUT_BITS)),
      cell_now: input(sint(p.CELL_BITS), `c of this cell, ${CELL_READ_LATENCY} cycles after u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with u'),
      cell_next: output(sint(p.CELL_BITS), `${CELL_LATENCY} cycles after u`),
      hidden: output(sint(p.ACT_BITS), `${HIDDEN_LATENCY} cycles after u`),
    }),
    body: (m, p, io) => {
      const u = { i: io.u_i, f: io.u_f, g: io.u_g, o: io.u_o };
      const active = (n: number): Expr<'u'> => io.active.bit(n);
      const spans = (from: number, to: number): Expr<'u'>[] =>
        Array.from({ length: to - from }, (_, i) => active(from + i));
      const instance = (name: string, file: string, value: Expr<'s'>, at: number): Expr<'s'> => {
        const y = m.net(`${name}_magnitude`, uint(TABLE_Y0_BITS));
        const negative = m.net(`${name}_negative`, bit);
        m.instance(
          `u_${name}`,
          table,
          { clk: io.clk, active: io.active.part(at, TABLE_LATENCY), u: value, y, negative },
          { TABLE_FILE: { parameter: file } },
        );
        const positive = m.wire(`${name}_positive`, concat(low, y).asSigned());
        const mirror = m.wire(
          `${name}_mirror`,
          file === 'TANH_FILE'
            ? positive.negate()
            : signedLiteral(TABLE_ONE, GATE_BITS).subWrap(positive),
          file === 'TANH_FILE' ? 'tanh(-u) = -tanh(u)' : 'sigmoid(-u) = 1 - sigmoid(u)',
        );
        const gate = m.reg(name, sint(GATE_BITS));
        m.always(io.clk, [
          when(active(at + TABLE_LATENCY), [set(gate, negative.choose(mirror, positive))]),
        ]);
        return gate;
      };
      const gates = Object.fromEntries(
        GATES.map((g) => [
          g,
          instance(`gate_${g}`, g === 'g' ? 'TANH_FILE' : 'SIGMOID_FILE', u[g], 0),
        ]),
      ) as Record<'i' | 'f' | 'g' | 'o', Expr<'s'>>;

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const shift = delayedWhen(m, io.clk, 'cell_shift', io.cell_shift, spans(0, CELL_LATENCY));
      const keepBits = p.CELL_BITS.plus(GATE_BITS);
      const keep = m.reg('keep', sint(keepBits), 'f * c');
      const write = m.reg('write', sint(2 * GATE_BITS), 'i * g');
      const writeLate = m.reg('write_late', sint(2 * GATE_BITS));
      const most = p.CELL_SHIFT_MOST;
      const raise = p.CELL_POINT.minus(TABLE_OUTPUT_FRACTION);
      const exactBits = m.local(
        'EXACT_BITS',
        max(keepBits.plus(most), raise.plus(2 * GATE_BITS)).plus(1),
      );
      const kept = m.reg('kept', sint(exactBits), 'f * c at the finest point');
      const exact = m.reg(
        'exact',
        sint(exactBits),
        "c' before rounding, CELL_POINT + 12 fraction bits",
      );
      const raised = m.wire(
        'raised',
        concat(writeLate, literal(0, raise)).asSigned(),
        'i * g at the finest point',
      );
      m.always(io.clk, [
        set(keep, gates.f.mul(io.cell_now)),
        set(write, gates.i.mul(gates.g)),
        when(active(PRODUCT_LATENCY), [
          set(kept, keep.resize(exactBits).shiftLeft(shift[PRODUCT_LATENCY] as Expr<'u'>, 0)),
          set(writeLate, write),
        ]),
        when(active(PRODUCT_LATENCY + 1), [set(exact, kept.addWrap(raised.resize(exactBits)))]),
      ]);
      const back = m.reg('back', uint(io.cell_shift.width), 'CELL_SHIFT_MOST - cell_shift');
      const scaled = m.reg('scaled', sint(exactBits.plus(most)));
      const rounded = roundShift(m, 'rounded', scaled, most.plus(TABLE_OUTPUT_FRACTION));
      const late = m.reg('rounded_late', sint(rounded.width));
      const clamped = saturate(m, 'clamped', late, p.CELL_BITS);
      m.always(io.clk, [
        when(active(PRODUCT_LATENCY + 1), [
          set(
            back,
            parameterValue(most, io.cell_shift.width).subWrap(
              shift[PRODUCT_LATENCY + 1] as Expr<'u'>,
            ),
          ),
        ]),
        when(active(PRODUCT_LATENCY + 2), [set(scaled, exact.shiftLeft(back, most))]),
        when(active(PRODUCT_LATENCY + 3), [set(late, rounded)]),
        when(active(PRODUCT_LATENCY + 4), [set(io.cell_next, clamped)]),
      ]);

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      const stateBits = m.local(
        'STATE_BITS',
        max(p.CELL_BITS.plus(most), p.CELL_POINT.plus(TABLE_INPUT_BITS)),
      );
      const state = m.reg('state', sint(stateBits), "c' at the finest point");
      const stateRounded = roundShift(
        m,
        'state_rounded',
        state,
        p.CELL_POINT.minus(TABLE_INPUT_FRACTION),
      );
      const stateLate = m.reg('state_late', sint(stateRounded.width));
      const stateClamped = saturate(m, 'state_clamped', stateLate, TABLE_INPUT_BITS);
      const v = m.reg('u_state', sint(TABLE_INPUT_BITS));
      m.always(io.clk, [
        when(active(CELL_LATENCY), [
          set(state, io.cell_next.resize(stateBits).shiftLeft(shift[CELL_LATENCY] as Expr<'u'>, 0)),
        ]),
        when(active(CELL_LATENCY + 1), [set(stateLate, stateRounded)]),
        when(active(CELL_LATENCY + 2), [set(v, stateClamped)]),
      ]);
      const squashed = instance('squashed', 'TANH_FILE', v, CELL_LATENCY + STATE_INPUT_LATENCY);
      const meet = CELL_LATENCY + STATE_INPUT_LATENCY + GATE_LATENCY;
      const o = delayedWhen(m, io.clk, 'gate_o', gates.o, spans(GATE_LATENCY, meet)).at(
        -1,
      ) as Expr<'s'>;
      const product = m.reg('product', sint(2 * GATE_BITS), "o * tanh(c')");
      m.unused('active', active(meet));
      m.always(io.clk, [set(product, o.mul(squashed))]);
      const hiddenShift = int(2 * TABLE_OUTPUT_FRACTION + 1).minus(p.ACT_BITS);
      const hidden = roundShift(m, 'hidden_rounded', product, hiddenShift);
      const hiddenLate = m.reg('hidden_late', sint(hidden.width));
      const hiddenClamped = saturate(m, 'hidden_clamped', hiddenLate, p.ACT_BITS);
      m.always(io.clk, [
        when(active(meet + 1), [set(hiddenLate, hidden)]),
        when(active(meet + 2), [set(io.hidden, hiddenClamped)]),
      ]);
    },
  });
}

export type LstmLane = ReturnType<typeof lstmLane>;
