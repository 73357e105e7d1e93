import {
  anyOf,
  bit,
  concat,
  type Expr,
  input,
  int,
  literal,
  max,
  output,
  type Stage,
  Stages,
  set,
  sint,
  uint,
  when,
} from '../../../hdl/index.js';
import { GATES } from '../../../network/cells/lstm.js';
import { defineBlock } from '../../build/define-block.js';
import { copyTimes, heldCopies } from '../../build/held-copies.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Pipelined } from '../../pipeline/registers.js';
import { TABLE, trackOf } from '../../pipeline/tracks.js';
import { type Configuration, tablesOf } from '../../plan/configuration.js';
import { type ActivationTable, tableLatency } from '../activation-table.js';
import { gateBits, roundedHidden, roundedState, tableInputOfCell } from '../lane-arithmetic.js';
import { laneParameters, laneRelations } from '../lane-interface.js';
import { sharedTableValue } from '../table-value.js';
import type { LaneStages } from '../unit.js';
import { outputCopies } from './output-copies.js';
import { SQUASH_WAIT, squashes } from './squashes.js';

/** From a table input to the value in its register. */
const VALUE_REGISTERS = [...TABLE, 'turn'] as const;
/** Registers of the lane, from the table input of its first gate to h, where the input of tanh(c') waits as long as it can. */
const REGISTERS = [
  ...[...VALUE_REGISTERS, 'turn' as const, 'turn' as const],
  ...(['stateProduct', 'stateExact', 'stateScaled', 'stateRounded', 'state'] as const),
  ...(['squashScaled', 'squashRounded', 'turn'] as const),
  ...Array.from({ length: SQUASH_WAIT }, () => 'turn' as const),
  ...[...VALUE_REGISTERS, 'stateProduct' as const, 'valueRounded' as const, 'turn' as const],
] as const;
/** Stages in which i, f and g are there, i * g, c', c' at its table, at the latest, and in which o meets tanh(c') then. */
const INPUT = VALUE_REGISTERS.length;
const FORGET = INPUT + GATES.indexOf('f');
const CANDIDATE = INPUT + GATES.indexOf('g');
const PRODUCT = CANDIDATE + 1;
const CELL = PRODUCT + 4;
const STATE_INPUT = CELL + 3;
const WAITED = STATE_INPUT + SQUASH_WAIT;
const MEET = WAITED + VALUE_REGISTERS.length;

const overlappedTrack = (c: Pipelined) => trackOf(c, REGISTERS);

/** Latencies of the lane, from the first gate's table input. */
export function overlappedStages(c: Pipelined): LaneStages & { stateRead: number; state: number } {
  const track = overlappedTrack(c);
  return {
    stateRead: track.cycles(FORGET),
    state: track.cycles(CELL),
    value: track.cycles(REGISTERS.length),
  };
}

/** Fewest cycles from one cell to the next: as many as there are gates. */
export function overlappedCycles(): number {
  return GATES.length;
}

/** The LSTM update of cells that begin `cellCycles` cycles apart and overlap: a table for each function, and one multiplier. */
export function overlappedLane(c: Configuration, table: ActivationTable) {
  const scheme = tablesOf(c);
  const { inputBits } = scheme;
  const width = gateBits(scheme);
  const track = overlappedTrack(c);
  const latency = tableLatency(c);
  const { stateRead, state: stored, value: done } = overlappedStages(c);
  return defineBlock({
    name: `${c.name}_lstm_lane`,
    doc: `LSTM update, one cell every ${c.cellCycles} cycles at most, which overlap: i, f, g, o come one after another, i, f, o to one table of sigmoid, g and c' to one of tanh, and one multiplier takes f * c, i * g and o * tanh(c'). c' waits at its table while f or g of another cell is at one, ${SQUASH_WAIT} cycles at most: then table and multiplier are free when it needs them. c' = sat(rnd(f * c + i * g)); h = sat(rnd(o * tanh(c'))). c is taken with f, ${stateRead} cycles after the first u; c' appears ${stored} and h ${done} cycles after it. cell_shift is CELL_POINT less the fraction bits of c: every variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift leaves of CELL_SHIFT_MOST, with a constant right shift behind it.`,
    parameters: {
      ...laneParameters(c),
      MEM_DIR: folderParameter(),
      SIGMOID_FILE: imageParameter(c.name, 'sigmoid', 'Image of the sigmoid table'),
      TANH_FILE: imageParameter(c.name, 'tanh', 'Image of the tanh table'),
    },
    relations: laneRelations,
    ports: (p) => ({
      clk: input(bit),
      active: input(uint(done), 'bit n: the first u of a cell came n cycles ago'),
      u: input(sint(inputBits), 'of i, f, g and o, one after another'),
      cell_now: input(sint(p.CELL_BITS), `c of a cell, ${stateRead} cycles after the first u`),
      cell_shift: input(uint(p.CELL_SHIFT_BITS), 'with the first u'),
      cell_next: output(sint(p.CELL_BITS), `${stored} cycles after the first u`),
      hidden: output(sint(p.ACT_BITS), `${done} cycles after the first u`),
    }),
    body: (m, p, io) => {
      const active = (cycle: number): Expr<'u'> => io.active.bit(cycle);
      m.unused('active', io.active);
      const at = (place: number): number => track.cycles(place);
      const stages = new Stages(m, io.clk, track, ({ place }) => active(at(place)));
      const event = active;
      const shifts = heldCopies(m, io.clk, 'cell_shift', io.cell_shift, {
        event,
        times: copyTimes(c.cellCycles, at(CELL)),
      });
      const timing = { scheme, stages, shift: ({ place }: Stage) => shifts.at(at(place)) };

      m.comment("c' goes to its table as soon as neither f nor g of another cell is at one.");
      const squashed = squashes(m, active, at(STATE_INPUT));
      const state = m.net('state_input', sint(inputBits));
      const tables = { table, scheme, clk: io.clk };
      /** Bit n: a value came n cycles ago, one of these gates, or c'. */
      const during = (gates: readonly number[], other: boolean, n: number): Expr<'u'> =>
        anyOf(...gates.map((gate) => active(gate + n)), ...(other ? [squashed(n)] : []));
      const gate = sharedTableValue(m, tables, 'gate', 'sigmoid', io.u, {
        ...{ latency, width, during: (n) => during([0, 1, 3], false, n) },
      });
      const candidate = GATES.indexOf('g');
      const tanhInput = m.wire('tanh_input', active(candidate).choose(io.u, state));
      const tangent = sharedTableValue(m, tables, 'tangent', 'tanh', tanhInput, {
        ...{ latency, width, during: (n) => during([candidate], true, n) },
      });
      const gateI = m.reg('gate_i', sint(width), 'until g is there');
      m.always(io.clk, [when(active(at(INPUT)), [set(gateI, gate)])]);
      const o = outputCopies(m, io.clk, gate, {
        ...{ event, apart: c.cellCycles, there: at(INPUT) + GATES.indexOf('o') },
        ...{ first: at(MEET) - SQUASH_WAIT, last: at(MEET) },
      });

      m.comment("The multiplier: f * c, then i * g, and o * tanh(c') in other cycles.");
      const other = m.local('FACTOR_BITS', max(p.CELL_BITS, int(width)));
      const [forgets, inputs] = [active(at(FORGET)), active(at(CANDIDATE))];
      const one = m.wire('factor', forgets.choose(gate, tangent));
      const late = m.wire('late_factor', inputs.choose(gateI, o));
      const second = m.wire(
        'other_factor',
        forgets.choose(io.cell_now.resize(other), late.resize(other)),
      );
      const product = stages.reg(stages.at(CANDIDATE), 'product', sint(other.plus(width)));
      stages.set(stages.free(stages.at(CANDIDATE), set(product, one.mul(second))));

      m.comment(
        "c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.",
      );
      const forgetBits = p.CELL_BITS.plus(width);
      const raise = p.CELL_POINT.minus(scheme.outputFraction);
      const exactBits = m.local(
        'EXACT_BITS',
        max(forgetBits.plus(p.CELL_SHIFT_MOST), raise.plus(2 * width)).plus(1),
      );
      const forget = m.reg('forget_aligned', sint(exactBits), 'f * c at the finest point');
      const aligned = at(PRODUCT) - 1;
      const own = product.part(0, forgetBits).asSigned();
      m.always(io.clk, [
        when(active(aligned), [
          set(forget, own.resize(exactBits).shiftLeft(shifts.at(aligned), 0)),
        ]),
      ]);
      const exact = stages.reg(
        stages.at(PRODUCT),
        'exact',
        sint(exactBits),
        `c' before rounding, CELL_POINT + ${scheme.outputFraction} fraction bits`,
      );
      const inputTerm = m.wire(
        'input_aligned',
        concat(product.part(0, 2 * width), literal(0, raise)).asSigned(),
        'i * g at the finest point',
      );
      stages.set(
        stages.held(stages.at(PRODUCT), set(exact, forget.addWrap(inputTerm.resize(exactBits)))),
      );
      roundedState(m, p, io, timing, stages.at(PRODUCT), exact);

      m.comment(
        "h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.",
      );
      m.assign(state, tableInputOfCell(m, p, io, timing, stages.at(CELL)));
      const met = new Stages(m, io.clk, track, ({ place }) =>
        squashed(track.between(WAITED, place)),
      );
      const value = product.part(0, 2 * width).asSigned();
      const hidden = m.wire('hidden_product', value, "o * tanh(c')");
      roundedHidden(m, p, io, { scheme, stages: met }, met.at(MEET + 1), hidden);
    },
  });
}
