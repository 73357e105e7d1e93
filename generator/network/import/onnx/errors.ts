import { type UserError, unexpected } from '../../../base/errors.js';

/** The error about a node, tensor or attribute of an ONNX file. */
export function onnxError(
  file: string,
  code: string,
  field: string,
  expected: string,
  got: string,
  cause?: unknown,
): UserError {
  return unexpected({ code, file, field, expected, got }, undefined, { cause });
}

/** An error about a field of a node, under a code that the caller has a default for. */
export type Fail = (field: string, expected: string, got: string, code?: string) => Error;
