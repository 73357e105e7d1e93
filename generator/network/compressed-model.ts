/** The compressed-model file (docs/compressed-model.md): read, write, recognise. */
import { readFileBytes, writeFileAtomic } from '../base/files.js';
import { formatOf, type ModelFormat } from './compressed/metadata.js';
import { readFormat2 } from './compressed/read.js';
import { modelBytes } from './compressed/write.js';
import { readSafetensors, type SafetensorsFile } from './formats/safetensors.js';
import { readFormat1 } from './import/format-1/read.js';
import type { Model } from './model.js';

export { checkModel } from './compressed/check.js';
export { isCompressedModel, type ModelFormat } from './compressed/metadata.js';
export { modelBytes } from './compressed/write.js';

const READERS: Readonly<Record<ModelFormat, (content: SafetensorsFile, file: string) => Model>> = {
  1: readFormat1,
  2: readFormat2,
};

/**
 * Reads a compressed model of any format and checks it against its own description. `file` is the name used in errors.
 * @throws UserError with the tensor and the two values that disagree.
 */
export function parseModel(bytes: Uint8Array, file: string): Model {
  return parseModelFile(bytes, file).model;
}

/** The same, and the format of the file. @throws UserError */
export function parseModelFile(
  bytes: Uint8Array,
  file: string,
): { readonly format: ModelFormat; readonly model: Model } {
  const content = readSafetensors(bytes, file);
  const format = formatOf(content, file);
  return { format, model: READERS[format](content, file) };
}

/** Reads and checks a compressed-model file. @throws UserError */
export async function readModel(path: string): Promise<Model> {
  return parseModel(await readFileBytes(path), path);
}

/** Writes a compressed-model file as one step. @throws UserError */
export async function writeModel(path: string, model: Model): Promise<void> {
  await writeFileAtomic(path, modelBytes(model));
}
