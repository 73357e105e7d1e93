import { readSafetensors } from '../formats/safetensors.js';
import type { Imported } from './imported.js';
import { importPytorch } from './pytorch.js';

/**
 * Reads a trained float network. `file` is the name used in errors.
 * @throws UserError of the reader of the format, with the tensor or node, what was expected and what came.
 */
export function importNetwork(bytes: Uint8Array, file: string): Imported {
  const model = importPytorch(readSafetensors(bytes, file), file);
  return { format: 'safetensors', model, leftOut: [] };
}
