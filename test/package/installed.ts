import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** What a program of the project said. */
export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project that has nothing but the package. */
export interface Project {
  readonly folder: string;
  /** Of the package in it. */
  readonly packed: string;
  readonly run: (
    command: string,
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ) => Said;
}

/**
 * Packs this project as npm does and puts the package into an empty one as npm does: its files, its programs, and beside it what it
 * depends on, linked from here, so that no registry is asked.
 */
export function installedProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-installed-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  checked('scripts/build', []);
  checked('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string;
  checked('tar', ['-xzf', join(folder, archive), '-C', modules]);
  const packed = join(modules, 'hcgs');
  checked('mv', [join(modules, 'package'), packed]);
  for (const name of readdirSync('node_modules')) {
    if (name.startsWith('.')) continue;
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  chmodSync(join(packed, 'dist/cli/main.js'), 0o755);
  symlinkSync('../hcgs/dist/cli/main.js', join(modules, '.bin/hcgs'));
  cpSync(join(packed, 'examples'), join(folder, 'examples'), { recursive: true });
  // Node and npm say what started them to every program below
  const { npm_command: _, npm_lifecycle_event: __, HCGS_PROGRAM: ___, ...rest } = process.env;
  const path = [join(modules, '.bin'), rest.PATH].join(delimiter);
  return {
    folder,
    packed,
    run: (command, args, env = {}) =>
      spawnSync(command, args, {
        cwd: folder,
        encoding: 'utf8',
        env: { ...rest, PATH: path, ...env },
      }),
  };
}

function checked(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
