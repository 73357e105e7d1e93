import type { FloatLayer, FloatTensor } from '../float/model.js';
import type { SparseMatrix } from '../model.js';

/** Whether utterances start with more than zeros. */
export function startsFromZeros({ initial }: Pick<FloatLayer, 'initial'>): boolean {
  return (
    initial === undefined || [initial.h, initial.c].every(({ values }) => !values.some(Boolean))
  );
}

/**
 * What the sums of a layer start from in the first frame of an utterance, where h reads as zero: b + W_h h0, real values,
 * [gate][cell], under the name of h0. W_h is the matrix as it was quantised, so that h0 meets the weights of the frames
 * behind it.
 */
export function firstBias(
  bias: FloatTensor,
  { codes, columns, exponent }: Pick<SparseMatrix, 'codes' | 'columns' | 'exponent'>,
  h0: FloatTensor,
): FloatTensor {
  const step = 2 ** -exponent;
  const values = bias.values.map((value, row) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      sum += (codes[row * columns + k] as number) * (h0.values[k] as number);
    }
    return value + sum * step;
  });
  return { name: h0.name, values };
}
