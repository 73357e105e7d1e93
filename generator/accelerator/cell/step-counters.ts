import { type Expr, type Int, literal, type Scope, set, uint, when } from '../../hdl/index.js';
import type { Line } from '../build/pipeline.js';

/** Valid bits and flags of the steps under way: copy n belongs to the step n cycles behind its sums. */
export interface StepsInFlight {
  readonly clk: Expr<'u'>;
  readonly rst: Expr<'u'>;
  /** A step of an LSTM layer. */
  readonly lstm: Line<'u'>;
  /** The last step of a layer. */
  readonly layerEnd: Line<'u'>;
  /** The last step of a frame. */
  readonly end: Line<'u'>;
}

/** Where an LSTM step of a stage stands: its layer, and the step within the layer. */
export function stepPlace(
  m: Scope,
  { clk, rst, lstm, layerEnd, end }: StepsInFlight,
  name: string,
  stage: Int,
  widths: { readonly step: Int; readonly layer: Int },
): { readonly step: Expr<'u'>; readonly layer: Expr<'u'> } {
  const step = m.reg(`${name}_step`, uint(widths.step), 'step within its layer');
  const layer = m.reg(`${name}_layer`, uint(widths.layer));
  const first = set(step, literal(0, widths.step));
  const zero = [first, set(layer, literal(0, widths.layer))];
  m.always(clk, [
    when(rst, zero, [
      when(end.at(stage), zero, [
        when(
          layerEnd.at(stage),
          [first, set(layer, layer.increment())],
          [when(lstm.at(stage), [set(step, step.increment())])],
        ),
      ]),
    ]),
  ]);
  return { step, layer };
}

/**
 * Counts the LSTM steps of a frame as they pass a stage: an address in the order of the steps. With `jump`, the
 * low bits `jump` are set before counting on at the end of a layer: the next layer starts at a multiple of
 * jump + 1.
 */
export function stepCounter(
  m: Scope,
  { clk, rst, lstm, layerEnd, end }: StepsInFlight,
  name: string,
  stage: Int,
  width: Int,
  { doc, jump }: { readonly doc: string; readonly jump?: Expr<'u'> },
): Expr<'u'> {
  const count = m.reg(name, uint(width), doc);
  const next = jump
    ? layerEnd.at(stage).choose(count.or(jump), count).increment()
    : count.increment();
  const zero = set(count, literal(0, width));
  m.always(clk, [
    when(rst, [zero], [when(end.at(stage), [zero], [when(lstm.at(stage), [set(count, next)])])]),
  ]);
  return count;
}
