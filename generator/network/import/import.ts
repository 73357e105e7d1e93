import { readSafetensors } from '../formats/safetensors.js';
import type { Imported, ImportOptions } from './imported.js';
import { importPytorch } from './pytorch.js';

/**
 * Reads a trained float network. `file` is the name used in errors.
 * @throws UserError of the reader of the format, with the tensor or node, what was expected and what came.
 */
export function importNetwork(
  bytes: Uint8Array,
  file: string,
  _options: ImportOptions = {},
): Imported {
  const source = readSafetensors(bytes, file);
  const model = importPytorch(source, file);
  const taken = [...source.tensors.keys()];
  return { format: 'safetensors', model, taken, leftOut: [], notes: [] };
}
