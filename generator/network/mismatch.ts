import { type UserError, unexpected } from '../base/errors.js';

/** The error for a part of a model that disagrees with what the rest says. */
export function mismatch(
  field: string,
  expected: string | number,
  got: string | number,
  file?: string,
): UserError {
  return unexpected({ code: 'MODEL_INVALID', file, field, expected, got }, field);
}
