import { type UserError, unexpected } from '../../base/errors.js';

const AFTER =
  'the reset gate after the product, r * (U h): linear_before_reset=1 of ONNX, reset_after=True of Keras, as PyTorch';

/** The refusal of a GRU whose reset gate stands before the product, U (r * h). */
export function resetUnsupported(file: string, field: string, got: string): UserError {
  const expected = `${AFTER} (there is no hardware for the other form yet: train the network with this one)`;
  return unexpected({ code: 'GRU_RESET', file, field, expected, got });
}

/** The question where a file does not say where the reset gate stands, or is known to say it wrongly. */
export function resetUnknown(file: string, field: string, got: string): UserError {
  const expected = `--reset after for ${AFTER}; or --reset before for U (r * h), which is not taken yet`;
  return unexpected({ code: 'GRU_RESET', file, field, expected, got });
}
