import { type Expr, type Int, literal, option, type Scope } from '../../hdl/index.js';
import { MATCHES, matched } from '../images/matches.js';

/** Parameter of the modules that a trace goes through; the top has none unless it is asked for. */
export function traceOption(value: 0 | 1 = 1) {
  return matched(
    option(
      value,
      '1: the trace ports show sums, c and h, for co-simulation; 0: they are zero, without a register',
    ),
    MATCHES.nothing,
  );
}

/**
 * Drives outputs that the trace alone needs; without a trace they are zero. `values` makes them in the order of
 * `outputs`, with what registers it takes.
 */
export function traced(
  m: Scope,
  trace: Int,
  outputs: readonly Expr<'u'>[],
  values: (scope: Scope) => readonly Expr<'u'>[],
): void {
  const drive = (scope: Scope, given: readonly Expr<'u'>[]): void => {
    for (const [n, output] of outputs.entries()) scope.assign(output, given[n] as Expr<'u'>);
  };
  m.ifGenerate(
    'trace',
    trace,
    '==',
    1,
    (scope) => drive(scope, values(scope)),
    (scope) =>
      drive(
        scope,
        outputs.map(({ width }) => literal(0, width)),
      ),
    'no_trace',
  );
}
