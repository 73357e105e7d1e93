import type { Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { LAYER_INPUT } from './layer-node.js';
import type { Node } from './node.js';
import { shapeText } from './tensor.js';

/**
 * Checks sequence_lens: a constant with the number of all frames for each utterance says nothing new.
 * @throws UserError LSTM_UNSUPPORTED
 */
export function checkLengths(
  { label, inputs }: Node,
  { time, batch }: Pick<Lengths, 'time' | 'batch'>,
  file: string,
  constants: Constants,
): void {
  const name = inputs[LAYER_INPUT.lengths];
  if (!name) return;
  const field = `${label}.sequence_lens`;
  const fail = (got: string) => {
    const advice =
      'no sequence_lens, or a constant with the length of X (export it without packing)';
    return onnxError(file, 'LSTM_UNSUPPORTED', field, `utterances of full length: ${advice}`, got);
  };
  if (!constants.has(name)) throw fail(`${name}, which is computed`);
  const { type, shape, data } = constants.get(name);
  if (type.name !== 'int32' || shape.length !== 1 || (batch ?? data.length) !== data.length) {
    const expected = `int32 [${batch ?? 'batch'}]`;
    throw onnxError(file, 'TENSOR_SHAPE', field, expected, `${type.name} ${shapeText(shape)}`);
  }
  const odd = data.find((length) => length !== time);
  if (time === undefined) throw fail(`${name}, and an X whose length the file does not say`);
  if (odd !== undefined) throw fail(`${name}, which has ${odd} of ${time} frames`);
}
