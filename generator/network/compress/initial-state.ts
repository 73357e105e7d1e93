import { CELLS } from '../cells/registry.js';
import type { FloatLayer, FloatTensor } from '../float/model.js';
import type { SparseMatrix } from '../model.js';

/** Whether utterances start with more than zeros. */
export function startsFromZeros({ initial }: Pick<FloatLayer, 'initial'>): boolean {
  return initial === undefined || [initial.h, initial.c].every((one) => !one?.values.some(Boolean));
}

/**
 * What the sums of a layer start from in the first frame of an utterance, where h reads as zero: b + W_h h0, real values,
 * [channel][cell], under the name of h0. W_h is the matrix as it was quantised, so that h0 meets the weights of the frames
 * behind it.
 */
export function firstBias(
  { cell, reset, bias }: Pick<FloatLayer, 'cell' | 'reset' | 'bias'>,
  { codes, rows, columns, exponent }: Pick<SparseMatrix, 'codes' | 'rows' | 'columns' | 'exponent'>,
  h0: FloatTensor,
): FloatTensor {
  const step = 2 ** -exponent;
  const { channels } = CELLS[cell];
  const values = bias.values.map((value, i) => {
    const { gate, operands } = channels[Math.floor(i / rows)] as (typeof channels)[number];
    // r * h0 comes out of the state
    if (operands === 'x' || operands === 'none' || (reset === 'before' && gate === 2)) return value;
    const row = gate * rows + (i % rows);
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      sum += (codes[row * columns + k] as number) * (h0.values[k] as number);
    }
    return value + sum * step;
  });
  return { name: h0.name, values };
}
