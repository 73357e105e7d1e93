import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { readInside } from '../../base/inside.js';
import { isBelow, realPlace } from '../../base/real-path.js';
import { MACROS_FILE, MANIFEST_FILE, MODEL_FILE } from '../../design/manifest/manifest.js';
import { arrayPlace } from '../../network/data/place.js';
import type { FileRole, OptionTable } from '../options/options.js';
import { type Command, optionName } from './command.js';

type Args = Readonly<Record<string, unknown>>;

/** A file or directory that a command line names, and as what. */
interface Named {
  readonly field: string;
  readonly path: string;
  readonly role: FileRole;
}

/**
 * No command replaces what it reads: every output is held against every input, and against the other outputs, by what
 * they are on the disk, so that other names, links and hard links are seen. A file inside a design that a command reads is
 * an input, too; devices and pipes are not files.
 * @throws UserError OUTPUT_IS_INPUT
 */
export function checkFiles(command: Command, args: Args): void {
  const named = [
    ...namedIn(command.positionals, args, (key) => key),
    ...namedIn(command.options, args, optionName),
    ...(command.writes?.(args) ?? []).map(
      (path): Named => ({ field: 'the result', path, role: 'output directory' }),
    ),
  ];
  const reads = named.filter(({ role }) => role === 'input');
  const writes = named.filter(({ role }) => role !== 'input');
  for (const [i, output] of writes.entries()) {
    for (const other of [...reads, ...writes.slice(0, i)]) {
      if (collide(output, other)) throw refused(output, other);
    }
  }
}

function namedIn(table: OptionTable, args: Args, fieldOf: (key: string) => string): Named[] {
  return Object.entries(table).flatMap(([key, { role, filesOf = (name: string) => [name] }]) => {
    if (role === null) return [];
    const given = [args[key]].flat().filter((value) => typeof value === 'string');
    // an array of a file is read from the file
    const fileOf = (path: string) => (role === 'input' ? arrayPlace(path).path : path);
    const paths = given.flatMap((value) => filesOf(value as string));
    return paths.map((path) => ({ field: fieldOf(key), path: fileOf(path), role }));
  });
}

/** Whether writing `output` would change or remove `other`. */
function collide(output: Named, other: Named): boolean {
  const mine = identity(output.path);
  if (mine === null) return false;
  if (output.role === 'output directory') {
    // the model and the macros of a design are the same afterwards: it is made from them
    const kept =
      other.role === 'input' &&
      [MODEL_FILE, MACROS_FILE].some(
        (file) => realPlace(other.path) === join(realPlace(output.path), file),
      );
    return isBelow(realPlace(other.path), realPlace(output.path)) && !kept;
  }
  if (other.role === 'output directory')
    return isBelow(realPlace(output.path), realPlace(other.path));
  return mine === identity(other.path) || filesOfDesign(other.path).includes(mine);
}

/** Device and number on it of what is there, its place where nothing is; null for what is neither file nor directory. */
function identity(path: string): string | null {
  const stats = statsOf(path);
  if (stats === null) return realPlace(path);
  return stats.isFile() || stats.isDirectory() ? `${stats.dev}:${stats.ino}` : null;
}

/** Null where nothing is, or can be: who reads or writes there says why. */
function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Of a design directory, what its manifest lists; nothing of anything else, which the command will refuse. */
function filesOfDesign(path: string): readonly (string | null)[] {
  try {
    if (!statSync(path).isDirectory()) return [];
    const { files } = JSON.parse(new TextDecoder().decode(readInside(path, MANIFEST_FILE)));
    const listed = [MANIFEST_FILE, ...Object.keys(files)];
    return listed.map((file) => identity(join(path, file)));
  } catch {
    return [];
  }
}

function refused(output: Named, other: Named): UserError {
  const what = other.role === 'input' ? 'which this command reads' : 'which it writes as well';
  return new UserError({
    code: 'OUTPUT_IS_INPUT',
    message: `${output.field} ${output.path} would replace ${other.field} ${other.path}, ${what}: name another place for it`,
    file: output.path,
    field: output.field,
  });
}
