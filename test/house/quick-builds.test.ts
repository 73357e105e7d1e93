import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const quick = resolve('test/support/quick-builds');
let bin: string;

beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'hcgs-quick-'));
  const program = join(bin, 'verilator');
  writeFileSync(program, '#!/bin/sh\necho "$*"\n');
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(bin, { recursive: true }));

/** What a Verilator is asked for that the tests call, behind another folder in PATH. */
async function asked(args: readonly string[], builds: string): Promise<string> {
  const env = { PATH: `/nowhere:${quick}:${bin}:/usr/bin:/bin`, HCGS_TEST_BUILDS: builds };
  return (await execa(join(quick, 'verilator'), args, { env })).stdout;
}

describe('Verilator in the tests', () => {
  const build = ['--build', '-MAKEFLAGS', 'OPT_FAST=-O3', 'a.v'];

  test('is the one of quick builds', () => {
    expect(process.env.PATH?.split(':')).toContain(quick);
  });

  test('builds without optimisation, in one file, with a banner of its own', async () => {
    expect(await asked(build, 'quick')).toBe(
      `${build.join(' ')} --output-split 500000 -MAKEFLAGS OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O1`,
    );
    expect(await asked(['--version'], 'quick')).toBe('--version, quick builds');
  });

  test('lints with what it is given', async () => {
    expect(await asked(['--lint-only', '-Wall', 'a.v'], 'quick')).toBe('--lint-only -Wall a.v');
  });

  test('leaves all as it is where plain builds are asked for', async () => {
    expect(await asked(build, 'plain')).toBe(build.join(' '));
    expect(await asked(['--version'], 'plain')).toBe('--version');
  });
});
