import {
  concat,
  type Expr,
  type Int,
  indexBits,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import type { Late } from '../build/held-copies.js';
import { delayed, type Line } from '../build/pipeline.js';
import { traced } from '../build/trace.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { StageNames } from './stage-names.js';
import { stepWithinLayer } from './step-place.js';

/** What the trace of the cell update is made of. */
export interface TraceSignals {
  readonly slices: number;
  /** Steps of recurrent layers, and the first step of each layer. */
  readonly steps: Line<'u'>;
  readonly first: Late<'u'>;
  /** Null where nothing is kept. */
  readonly cellNext: Expr<'u'> | null;
  /** Of a time-multiplexed lane: the sum that is there, when it is one of the first three gates, and where those are kept. */
  readonly sums: {
    readonly sum: Expr<'s'>;
    readonly collect: Expr<'u'>;
    readonly before: Expr<'u'>;
  } | null;
}

/** Which sums, c and h are at the ports: counters and delays that only the trace needs. */
export function cellTrace(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  stage: StageNames,
  { steps, first, cellNext, sums, slices }: TraceSignals,
): void {
  m.comment('Where the step of a stage stands, for the trace: each stage has counters of its own.');
  const outputs = [
    io.trace_sum_valid,
    io.trace_sum_layer,
    io.trace_sum_step,
    io.trace_cell_layer,
    io.trace_cell_step,
    ...(io.trace_cell === undefined ? [] : [io.trace_cell]),
    ...(sums === null ? [] : [sums.before]),
  ];
  traced(m, p.TRACE, outputs, (scope) => {
    const layer = scope.local('LAYER_NUMBER_BITS', indexBits(p.LAYERS));
    const early = scope.reg('early_layer', uint(layer), 'of the set that is taken');
    const own = scope.reg('step_layer', uint(layer));
    scope.always(io.clk, [
      when(io.fetch, [set(early, io.fetch_layer)]),
      when(io.take, [set(own, early)]),
    ]);
    const layers = delayed(scope, io.clk, 'step_layer', own, stage.hidden);
    const place = (name: string, at: Int) =>
      stepWithinLayer(scope, io.clk, { steps, first }, name, at, p.H_ADDRESS_BITS);
    const sumStep = place('sum_at', stage.lastSum);
    const hStep = place('h_at', stage.hidden);
    const kept: Expr<'u'>[] = [];
    if (cellNext !== null) {
      const apart = stage.hidden.minus(stage.cell);
      const wait = apart.expanded.constant ?? 0;
      const late = wait < 1 ? apart : scope.local('C_TO_H', apart, "cycles from c' to h");
      kept.push(delayed(scope, io.clk, 'cell_next', cellNext, late).at(late));
    }
    return [
      steps.at(stage.lastSum),
      layers.at(stage.lastSum),
      sumStep,
      layers.at(stage.hidden),
      hStep,
      ...kept,
      ...(sums === null ? [] : [sumLine(scope, p, io.clk, sums, slices)]),
    ];
  });
}

/** Sums of the gates before the one that is there. */
function sumLine(
  scope: Scope,
  p: CellInts,
  clock: Expr<'u'>,
  { sum, collect }: NonNullable<TraceSignals['sums']>,
  slices: number,
): Expr<'u'> {
  const line = scope.reg('sums_line', uint(p.SUM_BITS.times(slices - 1)));
  const newer = line.part(p.SUM_BITS, p.SUM_BITS.times(slices - 2));
  scope.always(clock, [when(collect, [set(line, concat(sum, newer))])]);
  return line;
}
