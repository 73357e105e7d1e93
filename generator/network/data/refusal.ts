import { type UserError, unexpected } from '../../base/errors.js';

/** What a file of frames, lengths or labels should have had at a place, and what it has. */
export function refusal(
  code: string,
  file: string,
  field: string,
  expected: string,
  got: string,
): UserError {
  return unexpected({ code, file, field, expected, got });
}
