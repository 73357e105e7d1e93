import type { FloatLayer, FloatMatrix } from '../../float/model.js';

/**
 * An LSTM whose forget gate is 1 - i: with -W, -U and -b of the input gate in its place, as sigmoid(-u) = 1 - sigmoid(u), which
 * holds for a hard sigmoid too. What the file has of a forget gate of its own is not computed.
 */
export function coupled<L extends Pick<FloatLayer, 'cells' | 'inputs' | 'x' | 'h' | 'bias'>>(
  layer: L,
): L {
  const { cells, inputs, x, h, bias } = layer;
  return {
    ...layer,
    x: mirrored(x, cells * inputs),
    h: h && mirrored(h, cells * cells),
    bias: mirrored(bias, cells),
  };
}

/** The second of four parts of `size` values is the first one, negated. */
function mirrored({ name, values }: Pick<FloatMatrix, 'name' | 'values'>, size: number) {
  const own = Float64Array.from(values);
  // never -0, which would be no zero for a pattern
  for (let i = 0; i < size; i++) own[size + i] = 0 - (values[i] as number);
  return { name, values: own };
}
