import {
  clog2,
  type Expr,
  type Int,
  input,
  int,
  integer,
  type ParameterInts,
  type Port,
  type Relation,
  requires,
  type Stage,
  type Track,
  uint,
} from '../../hdl/index.js';
import { MATCHES, matched } from '../images/matches.js';
import type { Pipelined } from '../pipeline/registers.js';
import { bitsOf, type Configuration, peepholeBits, tablesOf } from '../plan/configuration.js';
import { gateSumParameters, tableInputLatency } from './gate-sum.js';
import { stateName } from './kinds.js';

/** Parameters of the shifts between the binary points of c. */
export function cellShifts(c: Configuration) {
  const most = c.cellPointMost - c.cellPointLeast;
  return {
    CELL_SHIFT_MOST: matched(
      integer(most, `Finest less coarsest binary point of ${stateName(c)}`, 0),
      MATCHES.cellShifts,
    ),
    CELL_SHIFT_BITS: matched(
      integer(bitsOf(most + 1), 'Bits of the shift to the finest point'),
      MATCHES.cellFields,
    ),
  };
}

/** Parameters that every lane has. */
export function valueParameters(c: Configuration, what: string) {
  return { ACT_BITS: matched(integer(c.words.activation, what, 4, 16), MATCHES.activations) };
}

/** Parameters that every lane with a state has. */
export function laneParameters(c: Configuration) {
  const { outputFraction } = tablesOf(c);
  return {
    ...valueParameters(c, 'Bits of h; it has ACT_BITS - 1 fraction bits'),
    CELL_BITS: matched(integer(c.words.cell, `Bits of ${stateName(c)}`, 8, 24), MATCHES.room),
    CELL_POINT: matched(
      integer(
        c.cellPointMost,
        `Finest binary point of ${stateName(c)}, at least ${outputFraction}`,
        outputFraction,
      ),
      MATCHES.cellShifts,
    ),
    ...cellShifts(c),
  };
}

export type LaneInts = ParameterInts<ReturnType<typeof laneParameters>>;

/** Port of a lane that rounds sums to table inputs itself, in a design with clips. */
export function limitPort(c: Configuration, note: string): { readonly limit?: Port<'u'> } {
  return c.clips ? { limit: input(uint(tablesOf(c).inputBits - 1), note) } : {};
}

/** Port of a lane that works on sums before others have table inputs: bit n is n cycles behind the sums; absent where that is no cycle. */
export function earlyPort(c: Pipelined, note: string): { readonly early?: Port<'u'> } {
  const cycles = tableInputLatency(c);
  return cycles === 0 ? {} : { early: input(uint(cycles), note) };
}

/** Whether a stage of such a lane holds a cell: those before cycle 0 are the ones of `early`. */
export function activeOf(
  c: Pipelined,
  track: Track,
  io: { readonly active: Expr<'u'>; readonly early?: Expr<'u'> | undefined },
): (stage: Stage) => Expr<'u'> {
  const before = tableInputLatency(c);
  return (stage) => {
    const bits = track.cycles(stage.place) >= 0 ? io.active : io.early;
    if (bits === undefined) throw new Error('no cycle before the table inputs');
    return bits.bit(bits === io.active ? stage.cycle : stage.cycle.plus(before));
  };
}

/** Parameters of a lane with peepholes: weights of a row in the word of a bias, by the state. */
export function peepholeParameters(c: Configuration) {
  const { most, least } = c.peepholes ?? { most: tablesOf(c).inputFraction, least: 0 };
  return {
    PEEPHOLE_POINT: matched(
      integer(most, 'Finest binary point of a peephole by the state'),
      MATCHES.cellShifts,
    ),
    PEEPHOLE_SHIFT_MOST: matched(
      integer(most - least, 'Finest less coarsest of these points', 0),
      MATCHES.cellShifts,
    ),
    PEEPHOLE_SHIFT_BITS: matched(
      integer(peepholeBits(c), 'Bits of the shift to the finest of them'),
      MATCHES.cellFields,
    ),
  };
}

/** Parameters of the sums that a lane rounds itself. */
export function openParameters(c: Configuration) {
  const { SUM_BITS, ROUND_MOST, ROUND_BITS } = gateSumParameters(c);
  return { SUM_BITS, ROUND_MOST, ROUND_BITS };
}

export type OpenInts = ParameterInts<ReturnType<typeof openParameters>>;

/** What they have to be: a sum has `finer` fraction bits more than a table input at least. */
export function openRelations(p: OpenInts, finer: number): readonly Relation[] {
  return [
    requires(p.ROUND_BITS, '>=', clog2(p.ROUND_MOST.plus(1)), 'ROUND_BITS must hold ROUND_MOST'),
    ...(finer === 0
      ? []
      : [requires(p.ROUND_MOST, '>=', int(finer), `ROUND_MOST must be at least ${finer}`)]),
  ];
}

/** What they have to be to each other. */
export function laneRelations(p: LaneInts): readonly Relation[] {
  return [
    requires(
      p.CELL_SHIFT_BITS,
      '>=',
      clog2(p.CELL_SHIFT_MOST.plus(1)),
      'CELL_SHIFT_BITS must hold CELL_SHIFT_MOST',
    ),
  ];
}

/** The values that the cell update gives them; `state`: the lanes keep one, and `module` has what it needs of its parameters. */
export function laneValues(
  {
    ACT_BITS,
    ...p
  }: { readonly [K in keyof LaneInts]?: Int | undefined } & Pick<LaneInts, 'ACT_BITS'>,
  state: boolean,
  { parameters }: { readonly parameters: Readonly<Record<string, unknown>> },
): Readonly<Record<string, Int>> {
  if (!state) return { ACT_BITS };
  const { CELL_BITS, CELL_POINT, CELL_SHIFT_MOST, CELL_SHIFT_BITS } = p;
  const kept = { CELL_BITS, CELL_POINT, CELL_SHIFT_MOST, CELL_SHIFT_BITS };
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) throw new Error(`${name} of a lane with a state`);
  }
  const own = Object.entries(kept).filter(([name]) => name in parameters);
  return { ACT_BITS, ...Object.fromEntries(own) } as Readonly<Record<string, Int>>;
}
