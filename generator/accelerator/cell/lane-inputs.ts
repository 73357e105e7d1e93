import {
  type Expr,
  type Int,
  literal,
  repeat,
  type Scope,
  set,
  sint,
  when,
} from '../../hdl/index.js';
import type { Channel } from '../../network/cells/cell.js';
import type { TableScheme } from '../../network/model.js';
import { type CellInts, stateInts } from './cell-interface.js';

/** What all lanes of a step share. */
export interface LaneSignals {
  /** How the tables are cut. */
  readonly scheme: TableScheme;
  /** Sums that a lane gets, and slices of the array that they come from. */
  readonly channels: readonly Channel[];
  readonly slices: number;
  /** Whether a lane has tables. */
  readonly hasTables: boolean;
  /** Whether there is no ready half, where each set says so; else there is none in the output layer. */
  readonly alone: Expr<'u'> | null;
  readonly outputLayer: Expr<'u'>;
  /** The ready half is the input side. */
  readonly xFirst: Expr<'u'>;
  /** [lane][gate] */
  readonly biases: Expr<'u'>;
  readonly shifts: Readonly<Record<'shift_x' | 'shift_h' | 'shift_bias' | 'round', Expr<'u'>>>;
  /** A step is at the ports; its shifts come one cycle later. */
  readonly step: Expr<'u'>;
  /** Which stages of the gate sums and of the lanes hold a step. */
  readonly sumActive: Expr<'u'>;
  readonly laneActive: Expr<'u'>;
  /** Those before the lane, bit n: sums came n cycles ago; null where all of them are rounded before they come. */
  readonly early: Expr<'u'> | null;
  /** Null where the cells keep no state. */
  readonly state: StateSignals | null;
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
  readonly cellShift: Expr<'u'>;
}

/** Registers of Sx, Sh and the bias of a gate sum, from both halves; in the output layer there is one half. */
export function gateOperands(
  scope: Scope,
  p: CellInts,
  clock: Expr<'u'>,
  of: Pick<LaneSignals, 'alone' | 'outputLayer' | 'xFirst'>,
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
  const ready = scope.wire(name('ready'), from.ready.asSigned());
  const complete = scope.wire(name('complete'), from.complete.asSigned());
  const none =
    taken === 'x' && of.alone === null
      ? ready
      : scope.wire(
          name('masked'),
          (of.alone ?? of.outputLayer).choose(literal(0, p.ACC_BITS).asSigned(), ready),
        );
  const zero = literal(0, p.ACC_BITS).asSigned();
  const xSum = taken === 'h' ? zero : scope.reg(name('x_sum'), sint(p.ACC_BITS));
  const hSum = taken === 'x' ? zero : scope.reg(name('h_sum'), sint(p.ACC_BITS));
  const bias = scope.reg(name('bias'), sint(p.BIAS_BITS));
  scope.always(clock, [
    when(from.when, [
      ...(taken === 'h'
        ? []
        : [set(xSum, of.xFirst.choose(of.alone === null ? ready : none, complete))]),
      ...(taken === 'x' ? [] : [set(hSum, of.xFirst.choose(complete, none))]),
      set(bias, from.bias.asSigned()),
    ]),
  ]);
  return { x_sum: xSum, h_sum: hSum, bias };
}

/** Register of c of the cell of a lane. */
export function cellOperand(
  scope: Scope,
  p: CellInts,
  clock: Expr<'u'>,
  of: Omit<StateSignals, 'cellShift' | 'cellNext'>,
  lane: Int,
): Expr<'s'> {
  const { CELL_BITS } = stateInts(p);
  const own = (words: Expr<'u'>) => words.part(lane.times(CELL_BITS), CELL_BITS);
  const stored = own(of.cellStored);
  const [value, note] =
    of.cellInitial === null
      ? [repeat(CELL_BITS, of.fresh.not()).and(stored), 'zero in the first frame of an utterance']
      : [of.fresh.choose(own(of.cellInitial), stored), 'the initial one in the first frame'];
  const now = scope.reg('cell_now', sint(CELL_BITS), note);
  scope.always(clock, [when(of.cellRead, [set(now, value.asSigned())])]);
  return now;
}
