import { existsSync } from 'node:fs';
import { UserError } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { type Liberty, parseLiberty } from './liberty.js';

/** The library that is taken when none is named: where Debian puts it, and the package. */
export const DEFAULT_LIBERTY = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
export const DEFAULT_LIBERTY_PACKAGE = 'qflow-tech-osu018';

/** A Liberty file. */
export interface LibraryFile extends Liberty {
  readonly bytes: Uint8Array;
}

/** Reads the cells of any Liberty file. @throws UserError LIBERTY for one that is none */
export async function readLibrary(file: string): Promise<LibraryFile> {
  const bytes = await readFileBytes(file);
  return { ...parseLiberty(Buffer.from(bytes).toString('latin1'), file), bytes };
}

/** Standard cells to synthesise to. */
export interface CellLibrary extends LibraryFile {
  /** What ABC sees before each input: a buffer of middling strength. */
  readonly drivingCell: string;
}

/**
 * Reads the standard cells of a Liberty file, by default those of Debian's osu018.
 * @throws UserError LIBERTY_MISSING without a file; LIBERTY for one without flip-flops or buffers, or that is none
 */
export async function readCellLibrary(
  named: string | undefined,
  fallback = DEFAULT_LIBERTY,
): Promise<CellLibrary> {
  const file = named ?? fallback;
  if (named === undefined && !existsSync(file)) {
    throw new UserError({
      code: 'LIBERTY_MISSING',
      message: `no standard cells: name a Liberty file with --liberty, or install the Debian package ${DEFAULT_LIBERTY_PACKAGE}`,
      file,
      field: '--liberty',
      expected: 'a Liberty file',
      got: 'none',
    });
  }
  const library = await readLibrary(file);
  const usable = [...library.cells.values()].filter(({ dontUse }) => !dontUse);
  if (!usable.some(({ storage }) => storage === 'flip-flop')) throw lacking(file, 'flip-flop');
  const buffers = usable
    .filter(({ name, buffer }) => buffer && !/clk|clock/i.test(name))
    .sort((a, b) => a.area - b.area);
  const drivingCell = buffers[Math.floor(buffers.length / 2)]?.name;
  if (drivingCell === undefined) throw lacking(file, 'buffer');
  return { ...library, drivingCell };
}

function lacking(file: string, what: string): UserError {
  return new UserError({
    code: 'LIBERTY',
    message: `${file} has no ${what}: the design cannot be made of its cells`,
    file,
    field: '--liberty',
    expected: `a library with a ${what}`,
    got: `no ${what}`,
  });
}
