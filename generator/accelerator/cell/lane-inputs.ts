import {
  type Expr,
  type Int,
  literal,
  repeat,
  type Scope,
  Stages,
  set,
  sint,
  uint,
} from '../../hdl/index.js';
import type { Channel } from '../../network/cells/cell.js';
import type { TableScheme } from '../../network/model.js';
import type { Pipelined } from '../pipeline/registers.js';
import { trackOf } from '../pipeline/tracks.js';
import { type CellInts, stateInts } from './cell-interface.js';
import type { Place } from './places.js';
import type { CellUnit, LaneKind } from './unit.js';

/** What all lanes of a step share. */
export interface LaneSignals {
  /** Which registers stand. */
  readonly pipelined: Pipelined;
  /** How the tables are cut. */
  readonly scheme: TableScheme;
  /** Sums that a lane has, and slices of the array that they come from. */
  readonly places: readonly Place[];
  readonly slices: number;
  /** There is no ready half. */
  readonly alone: Expr<'u'>;
  /** Sets of layers with two operands may have none. */
  readonly mayLack: boolean;
  /** The ready half is the input side. */
  readonly xFirst: Expr<'u'>;
  /** [lane][gate] */
  readonly biases: Expr<'u'>;
  readonly shifts: Readonly<Record<'shift_x' | 'shift_h' | 'shift_bias' | 'round', Expr<'u'>>>;
  /** A step is at the ports; its shifts come with its operands. */
  readonly step: Expr<'u'>;
  /** Which stages of the gate sums hold a step. */
  readonly sumActive: Expr<'u'>;
  readonly units: readonly UnitSignals[];
  /** Shift of the products of peepholes, with the sums; null in a design without. */
  readonly peephole: Expr<'u'> | null;
  /** Largest magnitude of table inputs, with the aligned sums and where rounded sums are saturated; null in a design without clips. */
  readonly clip: { readonly sums: Expr<'u'>; readonly clamp: Expr<'u'> } | null;
  /** Codes of the values of the layer, with u; null in a design without ranges. */
  readonly ranges: { readonly low: Expr<'s'>; readonly high: Expr<'s'> } | null;
  /** The rows of the step lie in the first slices of their cells and take turns; null in a design without. */
  readonly flat: { readonly now: Expr<'u'>; readonly slices: number } | null;
  /** Null where the cells keep no state. */
  readonly state: StateSignals | null;
}

/** What all lanes of one kind share. */
export interface UnitSignals {
  readonly unit: CellUnit;
  readonly lane: LaneKind;
  /** Places of its channels. */
  readonly places: readonly number[];
  readonly channels: readonly Channel[];
  /** Which stages of the lanes hold a step. */
  readonly active: Expr<'u'>;
  /** It rounds some sums itself. */
  readonly open: boolean;
  /** The stages before the lane, bit n: sums came n cycles ago; null where it does nothing there. */
  readonly early: Expr<'u'> | null;
  /** Cycles by which its state is read after, and its state and value are there before those of the slowest kind. */
  readonly late: { readonly read: number; readonly state: number; readonly value: number };
  /** A step of it writes the state, and the value; null where there is no other kind. */
  readonly writes: { readonly state: Expr<'u'>; readonly value: Expr<'u'> } | null;
}

/** The states of all lanes, [lane]. */
export interface StateSignals {
  /** c has been read. */
  readonly cellRead: Expr<'u'>;
  /** First frame of an utterance: c is `cellInitial`, or reads as zero. */
  readonly fresh: Expr<'u'>;
  /** c, c before the first frame of an utterance where it may be more than zeros, and c'. */
  readonly cellStored: Expr<'u'>;
  readonly cellInitial: Expr<'u'> | null;
  readonly cellNext: Expr<'u'>;
  /** What a pass holds for the next one, as it was read, and as it is written; bits of one. */
  readonly held: {
    readonly bits: number;
    readonly now: Expr<'u'>;
    readonly next: Expr<'u'>;
  } | null;
  readonly cellShift: Expr<'u'>;
}

/** Registers of Sx, Sh and the bias of a gate sum, where they stand, from both halves, or from one. */
export function gateOperands(
  scope: Scope,
  p: CellInts,
  clock: Expr<'u'>,
  of: Pick<LaneSignals, 'pipelined' | 'alone' | 'mayLack' | 'xFirst'>,
  from: {
    readonly ready: Expr<'u'>;
    readonly complete: Expr<'u'>;
    readonly bias: Expr<'u'>;
    /** They are there. */
    readonly when: Expr<'u'>;
    /** The one that is taken. */
    readonly operands?: Channel['operands'];
  },
  name = (own: string): string => own,
) {
  const taken = from.operands ?? 'all';
  const stages = operandStages(scope, of.pipelined, clock, from.when);
  const at = stages.at(0);
  if (taken === 'none') return biasAlone(stages, p, from, name);
  const ready = scope.wire(name('ready'), from.ready.asSigned());
  const complete = scope.wire(name('complete'), from.complete.asSigned());
  const none =
    taken === 'x' && !of.mayLack
      ? ready
      : scope.wire(name('masked'), of.alone.choose(literal(0, p.ACC_BITS).asSigned(), ready));
  const zero = literal(0, p.ACC_BITS).asSigned();
  const xSum = taken === 'h' ? zero : stages.reg(at, name('x_sum'), sint(p.ACC_BITS));
  const hSum = taken === 'x' ? zero : stages.reg(at, name('h_sum'), sint(p.ACC_BITS));
  const bias = stages.reg(at, name('bias'), sint(p.BIAS_BITS));
  stages.set(
    stages.held(
      at,
      ...(taken === 'h' ? [] : [set(xSum, of.xFirst.choose(of.mayLack ? none : ready, complete))]),
      ...(taken === 'x' ? [] : [set(hSum, of.xFirst.choose(complete, none))]),
      set(bias, from.bias.asSigned()),
    ),
  );
  return { x_sum: xSum, h_sum: hSum, bias };
}

/** The one register of what a sum is made of; `there`: it is. */
export function operandStages(
  scope: Scope,
  c: Pipelined,
  clock: Expr<'u'>,
  there: Expr<'u'>,
): Stages {
  return new Stages(scope, clock, trackOf(c, ['sumOperand']), () => there);
}

/** A sum of nothing but its bias. */
function biasAlone(
  stages: Stages,
  p: CellInts,
  from: { readonly bias: Expr<'u'> },
  name: (own: string) => string,
) {
  const zero = literal(0, p.ACC_BITS).asSigned();
  const at = stages.at(0);
  const bias = stages.reg(at, name('bias'), sint(p.BIAS_BITS));
  stages.set(stages.held(at, set(bias, from.bias.asSigned())));
  return { x_sum: zero, h_sum: zero, bias };
}

/** The one register of what is read with the state of a cell. */
function stateStages(
  scope: Scope,
  c: Pipelined,
  clock: Expr<'u'>,
  { cellRead }: Pick<StateSignals, 'cellRead'>,
): Stages {
  return new Stages(scope, clock, trackOf(c, ['stateOperand']), () => cellRead);
}

/** What the pass before has held for the cell of a lane. */
export function heldOperand(
  scope: Scope,
  c: Pipelined,
  clock: Expr<'u'>,
  of: Pick<StateSignals, 'cellRead' | 'held'>,
  lane: Int,
): Expr<'u'> | null {
  const { held } = of;
  if (held === null) return null;
  const stages = stateStages(scope, c, clock, of);
  const now = stages.reg(stages.at(0), 'held_operand', uint(held.bits));
  const own = held.now.part(lane.times(held.bits), held.bits);
  stages.set(stages.held(stages.at(0), set(now, own)));
  return now;
}

/** c of the cell of a lane. */
export function cellOperand(
  scope: Scope,
  p: CellInts,
  c: Pipelined,
  clock: Expr<'u'>,
  of: Omit<StateSignals, 'cellShift' | 'cellNext' | 'held'>,
  lane: Int,
): Expr<'s'> {
  const { CELL_BITS } = stateInts(p);
  const own = (words: Expr<'u'>) => words.part(lane.times(CELL_BITS), CELL_BITS);
  const stored = own(of.cellStored);
  const [value, note] =
    of.cellInitial === null
      ? [repeat(CELL_BITS, of.fresh.not()).and(stored), 'zero in the first frame of an utterance']
      : [of.fresh.choose(own(of.cellInitial), stored), 'the initial one in the first frame'];
  const stages = stateStages(scope, c, clock, of);
  const now = stages.reg(stages.at(0), 'cell_now', sint(CELL_BITS), note);
  stages.set(stages.held(stages.at(0), set(now, value.asSigned())));
  return now;
}
