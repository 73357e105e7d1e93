import { type UserError, unexpected } from '../../../base/errors.js';

/** The error about a node or tensor of a file of TensorFlow. */
export function tensorflowError(
  file: string,
  code: string,
  field: string,
  expected: string,
  got: string,
  cause?: unknown,
): UserError {
  return unexpected({ code, file, field, expected, got }, undefined, { cause });
}

/** What to do about a layer that there is no hardware for. */
export const TRAIN = 'there is no hardware for it yet: train the network without';

/** Cells that there is hardware for, and that other formats of the same network are read with. */
const ELSEWHERE = /^(LSTM|GRU|RNN)$/;
const ADVICE = 'other forms of them are read from the Keras, PyTorch or ONNX file of a network';

/** The error for a recurrent layer that is none the hardware has. `got` names it by the word of the field. */
export function unsupported(
  file: string,
  field: string,
  got: string,
  expected?: string,
): UserError {
  const how = ELSEWHERE.test(got) ? ADVICE : TRAIN;
  const wanted =
    expected ?? `LSTM, GRU or RNN layers with sigmoid and tanh, an RNN with tanh or relu (${how})`;
  return tensorflowError(file, 'LSTM_UNSUPPORTED', field, wanted, got);
}
