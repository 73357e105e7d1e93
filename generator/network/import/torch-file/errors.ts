import { type UserError, unexpected } from '../../../base/errors.js';

/** Errors of one file. */
export interface TorchErrors {
  readonly file: string;
  /** TORCH_INVALID: the file is damaged, or no writer makes such a one. */
  readonly invalid: (field: string, expected: string, got: string) => UserError;
  /** TORCH_UNSUPPORTED: the file is whole, and holds what is not read. */
  readonly unsupported: (field: string, expected: string, got: string) => UserError;
  /** TORCH_LIMIT */
  readonly limit: (field: string, expected: string) => UserError;
}

export function errorsOf(file: string): TorchErrors {
  const error = (code: string) => (field: string, expected: string, got: string) =>
    unexpected({ code, file, field, expected, got });
  return {
    file,
    invalid: error('TORCH_INVALID'),
    unsupported: error('TORCH_UNSUPPORTED'),
    limit: (field, expected) => error('TORCH_LIMIT')(field, expected, 'more'),
  };
}
