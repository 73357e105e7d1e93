import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join, relative, resolve } from 'node:path';
import { shellWord } from '../../base/printable.js';

/** How this program was started. */
export interface Start {
  /** The script that Node runs, as `process.argv` has it. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
}

/**
 * The words with which the user starts this program, for command lines to be pasted: `hcgs` where PATH has it, else what was
 * called: `npx hcgs`, or a path. A wrapper that starts the script says in HCGS_PROGRAM what it is.
 */
export function programWords({ script, env, folder }: Start): string {
  const wrapper = env.HCGS_PROGRAM;
  // npm puts the programs of a package into PATH for its own children, not for the shell
  const byNpm = env.npm_command === 'exec' || env.npm_lifecycle_event !== undefined;
  if (!wrapper && byNpm) return 'npx hcgs';
  const called = resolve(folder, wrapper || script);
  if (isSame(inPath('hcgs', env.PATH ?? ''), called)) return 'hcgs';
  const near = relative(folder, called);
  const shown = near.startsWith('..') || near === '' ? called : near;
  return called.endsWith('.js') ? `node ${shellWord(shown)}` : shellWord(shown);
}

/**
 * Text for a person with those words in the place of `hcgs` in each line that is a command line, behind `next:` or `see:` or alone.
 * `names`: the commands there are.
 */
export function withProgram(
  lines: readonly string[],
  names: readonly string[],
  program: () => string,
): readonly string[] {
  const command = new RegExp(
    `^((?:next: |see: | *))hcgs(?= (?:${names.join('|')}|--help|--version)\\b)`,
  );
  let words: string | undefined;
  return lines.map((line) =>
    line.replace(command, (_, before: string) => {
      words ??= program();
      return before + words;
    }),
  );
}

function inPath(name: string, path: string): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

function isSame(found: string | null, called: string): boolean {
  return found !== null && existsSync(called) && realpathSync(found) === realpathSync(called);
}
