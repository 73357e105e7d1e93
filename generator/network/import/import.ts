import { refuseForeign } from '../formats/foreign.js';
import { readSafetensors } from '../formats/safetensors.js';
import type { Imported, ImportOptions } from './imported.js';
import { parseMap } from './map.js';
import { importOnnx } from './onnx/import-onnx.js';
import { importPytorch } from './pytorch/import-pytorch.js';

/**
 * Reads a trained float network, in the format that its content shows. `file` is the name used in errors.
 * @throws UserError FOREIGN_FORMAT, or of the reader of the format, with the tensor or node, what was expected and what came.
 */
export function importNetwork(
  bytes: Uint8Array,
  file: string,
  { map = [], beside }: ImportOptions = {},
): Imported {
  const names = parseMap(map);
  refuseForeign(bytes, file, 'safetensors or ONNX');
  if (isOnnx(bytes, file)) return importOnnx(bytes, file, names, beside);
  return importPytorch(readSafetensors(bytes, file), file, names);
}

/**
 * safetensors begins with the length of a JSON text and its brace; an ONNX file with the first field of a message,
 * in practice ir_version. What looks like neither is what its name says.
 */
function isOnnx(bytes: Uint8Array, file: string): boolean {
  const brace = bytes[8] === 0x7b;
  const irVersion = bytes[0] === 0x08 && (bytes[1] ?? 0xff) < 0x80;
  if (brace !== irVersion) return irVersion;
  return file.toLowerCase().endsWith('.onnx');
}
