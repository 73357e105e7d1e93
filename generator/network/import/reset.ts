import { type UserError, unexpected } from '../../base/errors.js';
import type { LayerCell } from '../cells/registry.js';
import type { FloatLayer } from '../float/model.js';

const AFTER =
  'the reset gate after the product, r * (U h): linear_before_reset=1 of ONNX, reset_after=True of Keras, as PyTorch';

/** The question where a file does not say where the reset gate stands, or is known to say it wrongly. */
export function resetUnknown(file: string, field: string, got: string): UserError {
  const expected = `--reset after for ${AFTER}; or --reset before for the reset gate before it, U (r * h)`;
  return unexpected({ code: 'GRU_RESET', file, field, expected, got });
}

/** Where the reset gate of a layer stands, as a layer states it. */
export type ResetPlace = Pick<FloatLayer, 'reset'>;
export const RESET_BEFORE: ResetPlace = { reset: 'before' };

/** Whether a cell has a reset gate. */
export const isGru = (cell: LayerCell): boolean => cell === 'gru' || cell === 'gru-relu';

/** What the user is told of such a layer. */
export const resetNote = (name: string): string =>
  `${name}: the reset gate stands before the product`;

/** The same layer with the reset before the product, of a GRU that has been read with one bias, so that n_h is zeros. */
export function withResetBefore(layer: FloatLayer): FloatLayer {
  const { bias, cells } = layer;
  const values = bias.values.slice(0, 3 * cells);
  return { ...layer, ...RESET_BEFORE, bias: { ...bias, values } };
}
