import type { LoopVariable } from '../lowered.js';
import type { FoundProjection } from '../recurrent-operator.js';
import { linearOf } from './linear.js';
import { pairs } from './match.js';
import type { Values } from './values.js';

/** A state of a loop that is a projection of what the cells of a layer give. */
export interface StepProjection extends FoundProjection {
  /** The value that it computes, which is h, and that of the step before. */
  readonly h: string;
  readonly before: string;
}

/**
 * The variable that keeps W m + b, with limits of its values or none (`num_proj` and `proj_clip` of LSTMCell), where `m` are
 * the values of the cells; null where there is none.
 */
export function projectionIn(
  variables: readonly Pick<LoopVariable, 'before' | 'after'>[],
  m: string,
  values: Values,
): StepProjection | null {
  for (const { before, after } of variables) {
    const { inner, range } = limited(after, values);
    const linear = linearOf(inner, values);
    const [term, ...more] = linear?.terms ?? [];
    if (linear === null || term === undefined || more.length > 0) continue;
    if (term.sources.length !== 1 || term.sources[0] !== values.plain(m)) continue;
    const { width, bias, biases } = linear;
    const { rows, columns, name } = term.matrix;
    values.reserve(rows * width, m);
    const weights = new Float64Array(width * rows);
    for (let value = 0; value < width; value++) {
      for (let cell = 0; cell < rows; cell++) {
        weights[value * rows + cell] = term.data[cell * columns + term.from + value] as number;
      }
    }
    const of = [name, ...biases].flatMap((own) => values.tensorsOf(own));
    const [tensor = name] = of;
    return {
      ...{ h: values.plain(after), before, values: width, weights, range },
      bias: biases.length === 0 ? null : bias,
      tensor: { name: `${tensor} (projection)`, of: [...new Set(of)] },
    };
  }
  return null;
}

/** A value without the limits that it is clamped to, both constants. */
function limited(name: string, values: Values): Pick<FoundProjection, 'range'> & { inner: string } {
  for (const [bounded, low] of pairs(values.node(name), 'tf.Maximum')) {
    for (const [inner, high] of pairs(values.node(bounded), 'tf.Minimum')) {
      const range = { low: values.number(low) ?? NaN, high: values.number(high) ?? NaN };
      if (range.low < range.high) return { inner, range };
    }
  }
  return { inner: name };
}
