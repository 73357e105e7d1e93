/** The compressed-model file (docs/compressed-model.md): read, write, recognise. */
import { readFileBytes, writeFileAtomic } from '../base/files.js';
import { parseModel } from './compressed/read.js';
import { modelBytes } from './compressed/write.js';
import type { Model } from './model.js';

export { checkModel } from './compressed/check.js';
export { isCompressedModel, parseModel } from './compressed/read.js';
export { modelBytes } from './compressed/write.js';

/** Reads and checks a compressed-model file. @throws UserError */
export async function readModel(path: string): Promise<Model> {
  return parseModel(await readFileBytes(path), path);
}

/** Writes a compressed-model file as one step. @throws UserError */
export async function writeModel(path: string, model: Model): Promise<void> {
  await writeFileAtomic(path, modelBytes(model));
}
