import { concat, type Expr, indexBits, type Scope, set, uint, when } from '../../hdl/index.js';
import { delayed } from '../build/pipeline.js';
import { traced } from '../build/trace.js';
import type { CellInts, CellPorts } from './cell-interface.js';
import type { StageNames } from './stage-names.js';
import { type StepsInFlight, stepPlace } from './step-counters.js';

/** What the trace of the cell update is made of. */
export interface TraceSignals {
  readonly slices: number;
  readonly inFlight: StepsInFlight;
  readonly cellNext: Expr<'u'>;
  /** Where gates take turns: the sum that is there, when it is one of the first three gates, and where those are kept. */
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
  { inFlight, cellNext, sums, slices }: TraceSignals,
): void {
  m.comment('Where the step of a stage stands, for the trace: each stage has counters of its own.');
  const outputs = [
    io.trace_sum_valid,
    io.trace_sum_layer,
    io.trace_sum_step,
    io.trace_cell_layer,
    io.trace_cell_step,
    io.trace_cell,
    ...(sums === null ? [] : [sums.before]),
  ];
  traced(m, p.TRACE, outputs, (scope) => {
    const layer = scope.local('LAYER_NUMBER_BITS', indexBits(p.LAYERS));
    const widths = { step: p.H_ADDRESS_BITS, layer };
    const sumPlace = stepPlace(scope, inFlight, 'sum_at', stage.lastSum, widths);
    const hPlace = stepPlace(scope, inFlight, 'h_at', stage.hidden, widths);
    const late = scope.local('C_TO_H', stage.hidden.minus(stage.cell), "cycles from c' to h");
    const cells = delayed(scope, inFlight.clk, 'cell_next', cellNext, late);
    return [
      inFlight.lstm.at(stage.lastSum),
      sumPlace.layer,
      sumPlace.step,
      hPlace.layer,
      hPlace.step,
      cells.at(late),
      ...(sums === null ? [] : [sumLine(scope, p, inFlight.clk, sums, slices)]),
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
