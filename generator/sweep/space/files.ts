import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { unexpected } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { isCompressedModel } from '../../network/compressed-model.js';
import { readSafetensors } from '../../network/formats/safetensors.js';
import { networkFormatOf } from '../../network/import/import.js';
import type { ReadFile } from './point.js';

/** A file of a space as it is now. */
interface Found {
  readonly file: ReadFile;
  readonly compressed: boolean;
}

/** The files that a space names, each read once; paths are relative to `folder`. */
export class SpaceFiles {
  readonly #folder: string;
  readonly #found = new Map<string, Promise<Found>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Frames or labels. @throws UserError as `readFileBytes` */
  async data(path: string): Promise<ReadFile> {
    return (await this.#look(path, false)).file;
  }

  /** A network, and whether it is a compressed model. @throws UserError as `readFileBytes`; of a file of no format */
  network(path: string): Promise<Found> {
    return this.#look(path, true);
  }

  #look(given: string, network: boolean): Promise<Found> {
    const path = resolve(this.#folder, given);
    const known = this.#found.get(path) ?? found(path, network);
    this.#found.set(path, known);
    return known;
  }
}

async function found(path: string, network: boolean): Promise<Found> {
  const bytes = await readFileBytes(path);
  return { file: { path, sha256: sha256(bytes) }, compressed: network && isModel(bytes, path) };
}

function isModel(bytes: Uint8Array, path: string): boolean {
  if (networkFormatOf(bytes, path)?.name !== 'safetensors') return false;
  return isCompressedModel(readSafetensors(bytes, path));
}

/** The bytes of a file that has to be what it was when the sweep began. @throws UserError SWEEP_FILE_CHANGED */
export async function unchangedBytes({ path, sha256: expected }: ReadFile): Promise<Uint8Array> {
  const bytes = await readFileBytes(path);
  const got = sha256(bytes);
  if (got === expected) return bytes;
  throw unexpected({
    code: 'SWEEP_FILE_CHANGED',
    file: path,
    field: 'SHA-256',
    expected: `${expected.slice(0, 16)}, as when the sweep began`,
    got: got.slice(0, 16),
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
