import {
  allOf,
  type Expr,
  literal,
  type Scope,
  type Statement,
  set,
  when,
} from '../../hdl/index.js';

/** Bits of the count of row group sets between issue and retirement. */
export const IN_FLIGHT_BITS = 6;

/** Bits of the visits that may be under way when one reads what another of its segment wrote. */
export const VISIT_BITS = 4;

/** The end of a frame whose outputs will leave: it claims an output buffer. */
export function claimOf(
  m: Scope,
  io: Readonly<{ frame_end: Expr<'u'>; emits?: Expr<'u'> | undefined }>,
): Expr<'u'> {
  if (io.emits === undefined) return io.frame_end;
  return m.wire('claim', allOf(io.frame_end, io.emits), 'the frame claims an output buffer');
}

/**
 * What the sequencer counts of what it has issued: sets that have not retired, or what ends with `counted`; cycles of the lanes,
 * which a set keeps for `lanes`; output frames.
 */
export function countInFlight(
  m: Scope,
  lanes: Expr<'u'>,
  io: Readonly<
    Record<'clk' | 'rst' | 'complete' | 'retire' | 'claim' | 'output_taken', Expr<'u'>>
  > & { readonly counted?: Expr<'u'> | undefined },
  {
    inFlight,
    gap,
    waiting,
  }: Readonly<Record<'gap' | 'waiting', Expr<'u'>>> & { readonly inFlight: Expr<'u'> | null },
): void {
  const { counted = io.complete } = io;
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [
          ...(inFlight === null ? [] : [set(inFlight, literal(0, IN_FLIGHT_BITS))]),
          set(gap, literal(0, gap.width)),
          set(waiting, literal(0, waiting.width)),
        ],
        [
          ...(inFlight === null ? [] : [upAndDown(inFlight, counted, io.retire)]),
          when(io.complete, [set(gap, lanes)], [when(gap.ne(0), [set(gap, gap.decrement())])]),
          when(
            allOf(io.claim, io.output_taken.not()),
            [set(waiting, waiting.increment())],
            [when(allOf(io.output_taken, io.claim.not()), [set(waiting, waiting.decrement())])],
          ),
        ],
      ),
    ],
    'What is under way.',
  );
}

/** Counts what comes and what goes. */
export function upAndDown(count: Expr<'u'>, up: Expr<'u'>, down: Expr<'u'>): Statement {
  return when(
    allOf(up, down.not()),
    [set(count, count.increment())],
    [when(allOf(down, up.not()), [set(count, count.decrement())])],
  );
}
