import {
  allOf,
  anyOf,
  type Expr,
  type Int,
  type IntLike,
  int,
  literal,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { copyTimes, heldCopies, type Late } from '../build/held-copies.js';
import { delayed, delayedValid, type Line } from '../build/pipeline.js';
import type { CellPorts } from './cell-interface.js';
import type { TableEntry } from './table-entry.js';

/** Where the biases are read, and when: each word once. */
export interface BiasRead {
  readonly address: Expr<'u'>;
  readonly enable: Expr<'u'>;
}

/**
 * Reads the biases a cycle before a step needs them: they start at the base of the layer with the first set of it.
 * `done`: a step needs its biases no more.
 */
export function biasRead(
  m: Scope,
  io: CellPorts,
  { early }: TableEntry,
  done: Expr<'u'>,
): BiasRead {
  m.comment('Biases are stored in the order of the steps of a layer.');
  const restart = io.take_restart;
  const base =
    restart === undefined
      ? early('bias_base')
      : m.wire(
          'bias_base',
          restart.choose(early('first_base'), early('bias_base')),
          'those of the first frame of an utterance may be others',
        );
  const position = m.reg('position', uint(base.width), 'word of the biases of the step');
  const first = m.wire('bias_first', allOf(io.take, io.take_first), 'a layer begins');
  const next = m.wire('position_next', first.choose(base, position.increment()));
  const moves = m.wire('position_moves', anyOf(first, done));
  m.always(io.clk, [
    when(io.rst, [set(position, literal(0, base.width))], [when(moves, [set(position, next)])]),
  ]);
  return { address: next, enable: moves };
}

/** Steps under way, and where the words of c and h of a layer start. */
export interface LayerStarts {
  readonly clk: Expr<'u'>;
  /** Steps of recurrent layers; the first of each layer. */
  readonly steps: Line<'u'>;
  readonly first: Late<'u'>;
  readonly entry: TableEntry;
  /** What the bases count from; null: zero. */
  readonly from: Expr<'u'> | null;
  /** Fewest cycles between the first steps of two layers. */
  readonly apart: number;
}

/** Marks the first step of each layer; the mark travels with it: in a line, or where steps are apart in copies beside `cells`. */
export function firstSteps(
  m: Scope,
  io: CellPorts,
  {
    cells,
    apart,
    stages,
    last,
  }: {
    readonly cells: Line<'u'>;
    readonly apart: number;
    /** The last stage that asks for it, as a localparam and as a number. */
    readonly stages: Int;
    readonly last: number;
  },
): Late<'u'> {
  const first = m.reg('first_step', uint(1), 'the next step is the first of its layer');
  const none = [set(first, literal(0, 1))];
  m.always(io.clk, [
    when(io.rst, none, [when(io.take, [set(first, io.take_first)], [when(io.step, none)])]),
  ]);
  if (apart === 1) {
    return delayedValid(m, io.clk, io.rst, 'first_step', allOf(io.step, first), stages);
  }
  const times = copyTimes(apart, last);
  // of steps themselves those of the output layer may be among them, so that the word of the layer decides nothing
  const own = (stage: IntLike) => (int(stage).equals(0) ? io.step : cells.at(stage));
  const copies = heldCopies(m, io.clk, 'first_step', first, { event: own, times, reset: io.rst });
  return { at: (stage) => allOf(own(stage), copies.at(stage)) };
}

/**
 * The base of a layer at the stage of its first step: cycles behind it. A copy in every cycle, or, where steps are apart,
 * copies that stand until that of the next layer comes.
 */
function baseAt(
  m: Scope,
  { clk, first, entry, apart, from }: LayerStarts,
  name: string,
  last: { readonly stage: Int; readonly cycles: number },
): { readonly width: Int; readonly at: (stage: Int, cycles: number) => Expr<'u'> } {
  const field = entry.field(name);
  const own =
    from === null ? field : m.wire(`${name}_from`, from.addWrap(field.resize(from.width)));
  if (apart === 1) {
    const line = delayed(m, clk, name, own, last.stage);
    return { width: own.width, at: (stage) => line.at(stage) };
  }
  const times = copyTimes(apart, last.cycles);
  const copies = heldCopies(m, clk, name, own, { event: (n) => first.at(n), times });
  return { width: own.width, at: (_, cycles) => copies.at(cycles) };
}

/**
 * A word for each step of a layer, as the steps pass the stage of each counter, the last one last: they count from the base
 * that the cell table has in a field.
 */
export function stepCounters(
  m: Scope,
  starts: LayerStarts,
  name: string,
  counters: readonly { readonly name: string; readonly stage: Int; readonly cycles: number }[],
): readonly Expr<'u'>[] {
  const { clk, steps, first } = starts;
  const last = counters.at(-1) as (typeof counters)[number];
  const base = baseAt(m, starts, name, {
    stage: last.stage.minus(1),
    cycles: last.cycles - 1,
  });
  const words = counters.map(({ name: counter }) => m.reg(counter, uint(base.width)));
  m.always(
    clk,
    words.map((word, n) => {
      const { stage, cycles } = counters[n] as (typeof counters)[number];
      const before = stage.minus(1);
      return when(
        first.at(before),
        [set(word, base.at(before, cycles - 1))],
        [when(steps.at(stage), [set(word, word.increment())])],
      );
    }),
  );
  return words;
}
