import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChipMemories } from '../../accelerator/index.js';
import { readFileBytes } from '../../base/files.js';
import { memoriesLibrary } from '../../design/files/asic-files.js';
import type { FlowDesign } from '../target.js';
import {
  type CellLibrary,
  type LibraryFile,
  readCellLibrary,
  readLibrary,
} from './cell-library.js';

/** What a netlist is mapped to and timed with: standard cells, macros, and what stands in for macros that are in neither. */
export interface ChipLibraries {
  readonly cells: CellLibrary;
  readonly macros: readonly LibraryFile[];
  readonly memories: Uint8Array;
}

/**
 * Reads Liberty files, the standard cells first; `standIn`: a file in place of the assumptions of the design about the
 * macros that no other file has.
 * @throws UserError as `readCellLibrary`
 */
export async function readLibraries(
  { directory, name, chip }: FlowDesign,
  [first, ...others]: readonly string[],
  standIn: string | undefined,
): Promise<ChipLibraries> {
  const cells = await readCellLibrary(first);
  const macros = await Promise.all(others.map(readLibrary));
  // the file of the design where it is whole: it may have been edited
  const file =
    standIn ?? (macros.length === 0 ? join(directory, 'flow/asic_memories.lib') : undefined);
  const memories =
    file === undefined
      ? Buffer.from(memoriesLibrary(name, without(chip(), macros)))
      : await readFileBytes(file);
  return { cells, macros, memories };
}

/** A cell that stands in two libraries is timed by one of them, and OpenSTA does not say which. */
function without({ macros }: ChipMemories, libraries: readonly LibraryFile[]) {
  return macros.filter(({ name }) => !libraries.some(({ cells }) => cells.has(name)));
}

/**
 * Puts libraries into a folder of the design as cells.lib, memories.lib and macros_N.lib; their paths, relative to the
 * design, in the order in which they are read.
 */
export async function placeLibraries(
  directory: string,
  folder: string,
  { cells, macros, memories }: ChipLibraries,
): Promise<readonly string[]> {
  const files = [
    ['cells.lib', cells.bytes] as const,
    ['memories.lib', memories] as const,
    ...macros.map(({ bytes }, n) => [`macros_${n}.lib`, bytes] as const),
  ];
  await mkdir(join(directory, folder), { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(directory, folder, name), bytes);
  return files.map(([name]) => `${folder}/${name}`);
}
