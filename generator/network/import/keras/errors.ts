import { type UserError, unexpected } from '../../../base/errors.js';

/** What cannot be taken of a Keras file: `field` is a layer, an option of one, or a dataset. */
export function kerasError(
  file: string,
  code: string,
  field: string,
  expected: string,
  got: string,
): UserError {
  return unexpected({ code, file, field, expected, got });
}
