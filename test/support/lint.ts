import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Linter } from './newer-linters.js';

/** What a tool printed about a design; empty when it has nothing to complain of. */
export interface LintReport {
  readonly verilator: string;
  readonly iverilog: string;
  readonly yosys: string;
  /** What Verilator 5.48 and slang complain of, where they are asked. */
  readonly newer?: string;
}

/**
 * Lints one module and what is below it with all three tools, no waivers, and with the newer ones where they are given.
 * `parameters` override those of the module. Files are paths inside the design.
 */
export async function lint(
  files: ReadonlyMap<string, string>,
  top: string,
  parameters: Readonly<Record<string, number>> = {},
  newer: readonly Linter[] = [],
): Promise<LintReport> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-lint-'));
  try {
    const sources = [...files.keys()].filter((path) => path.endsWith('.v'));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const set = Object.entries(parameters);
    const run = async (
      program: string,
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<string> => {
      const { all, exitCode } = await execa(program, args, {
        cwd: directory,
        env,
        all: true,
        reject: false,
      });
      return exitCode === 0 ? (all ?? '').trim() : `exit ${exitCode}: ${all}`;
    };
    const script = [
      ...sources.map((s) => `read_verilog ${s}`),
      ...set.map(([name, value]) => `chparam -set ${name} ${value} ${top}`),
      `hierarchy -check -top ${top}`,
      'proc',
      'check -assert',
    ].join('; ');
    const [verilator, iverilog, yosys] = await Promise.all([
      run('verilator', [
        '--lint-only',
        '-Wall',
        ...set.map(([name, value]) => `-G${name}=${value}`),
        '--top-module',
        top,
        ...sources,
      ]),
      run('iverilog', [
        '-g2005',
        '-Wall',
        ...set.map(([name, value]) => `-P${top}.${name}=${value}`),
        '-o',
        '/dev/null',
        '-s',
        top,
        ...sources,
      ]),
      run('yosys', ['-q', '-p', script]),
    ]);
    const said = await Promise.all(
      newer.map(({ command, args, env }) => run(command, args(top, sources), env)),
    );
    const complaints = said.filter((text) => text !== '').join('\n');
    return { verilator, iverilog, yosys, ...(complaints === '' ? {} : { newer: complaints }) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export const CLEAN: LintReport = { verilator: '', iverilog: '', yosys: '' };
