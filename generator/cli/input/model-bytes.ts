import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, unexpected } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { shellWord } from '../../base/printable.js';
import { MANIFEST_FILE } from '../../design/manifest/manifest.js';
import { readDesign } from '../../design/read/read.js';
import { networkFormatOf } from '../../network/import/import.js';
import { folderWords } from './model-folder.js';

/**
 * The bytes of a file that is given as MODEL. @throws UserError as `readFileBytes`; of a directory it says what it
 * looks like and what to give instead
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFileBytes(path);
  } catch (error) {
    if (!(error instanceof UserError) || error.report.code !== 'FILE_IS_DIRECTORY') throw error;
    const words = await folderWords(path);
    if (words === null) throw error;
    const message = `${path} is a directory: ${words.what}; expected a file: ${words.how}`;
    const report = { ...error.report, field: 'MODEL', expected: 'a file', got: words.what };
    throw new UserError({ ...report, message }, { cause: error });
  }
}

/** A compressed model, or the one that a design was made from. @throws UserError as `readCompressedBytes` and `readDesign` */
export async function readCompressedOrDesign(path: string): Promise<Uint8Array> {
  if (!existsSync(join(path, MANIFEST_FILE))) return readCompressedBytes(path);
  const { files, manifest } = readDesign(path);
  return files.get(manifest.model.file) as Uint8Array;
}

/** The same of a compressed model. @throws UserError NOT_A_COMPRESSED_MODEL for a file of float networks */
export async function readCompressedBytes(path: string): Promise<Uint8Array> {
  const bytes = await readModelBytes(path);
  const format = networkFormatOf(bytes, path);
  if (format === null || format.name === 'safetensors') return bytes;
  const expected = 'a compressed model';
  const word = shellWord(path);
  const got = `a float network (${format.what})`;
  throw unexpected(
    { code: 'NOT_A_COMPRESSED_MODEL', file: path, field: 'format', expected, got },
    `${path} is no compressed model: "hcgs compress ${word} -o model.safetensors" makes one of a trained network, "hcgs run ${word} --float" runs the network itself`,
  );
}
