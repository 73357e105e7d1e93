import type { Dirent } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Folders that the simulation and synthesis scripts of a design make, and FuseSoC; no part of the design. */
export const DERIVED_FOLDERS: readonly string[] = ['sim/build', 'flow/build', 'waves', 'build'];

/** Paths of all files below a directory, relative to it, sorted; derived folders are left out. */
export async function filesBelow(directory: string, folder = ''): Promise<readonly string[]> {
  const entries: readonly Dirent[] = await readdir(join(directory, folder), {
    withFileTypes: true,
  });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [path];
      return DERIVED_FOLDERS.includes(path) ? [] : filesBelow(directory, path);
    }),
  );
  return nested.flat().sort();
}

/** Writes files below a new directory and waits until the disk has them. */
export async function writeTree(
  directory: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(directory, path))));
  await mkdir(directory, { recursive: true });
  for (const folder of folders) await mkdir(folder, { recursive: true });
  for (const [path, content] of files) await writeDurably(join(directory, path), content);
  for (const folder of new Set([...folders, directory])) await syncFolder(folder);
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the entries of a folder durable; where folders cannot be opened for that, nothing is lost but time. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    // some file systems refuse to sync a folder
  } finally {
    await handle.close();
  }
}
