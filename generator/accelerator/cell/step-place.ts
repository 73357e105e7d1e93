import { type Expr, type Int, literal, type Scope, set, uint, when } from '../../hdl/index.js';
import type { Late } from '../build/held-copies.js';
import type { Line } from '../build/pipeline.js';

/** Counts the steps of a layer as they pass a stage. */
export function stepWithinLayer(
  m: Scope,
  clk: Expr<'u'>,
  { steps, first }: { readonly steps: Line<'u'>; readonly first: Late<'u'> },
  name: string,
  stage: Int,
  width: Int,
): Expr<'u'> {
  const step = m.reg(`${name}_step`, uint(width), 'step within its layer');
  m.always(clk, [
    when(
      first.at(stage.minus(1)),
      [set(step, literal(0, width))],
      [when(steps.at(stage), [set(step, step.increment())])],
    ),
  ]);
  return step;
}
