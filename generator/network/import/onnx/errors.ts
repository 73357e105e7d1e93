import { UserError } from '../../../base/errors.js';

/** The error about a node, tensor or attribute of an ONNX file. */
export function onnxError(
  file: string,
  code: string,
  field: string,
  expected: string,
  got: string,
  cause?: unknown,
): UserError {
  const message = `${file}: ${field}: expected ${expected}, got ${got}`;
  return new UserError({ code, message, file, field, expected, got }, { cause });
}
