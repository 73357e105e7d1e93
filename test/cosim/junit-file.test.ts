import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCleanup } from '../../generator/base/cleanup.js';
import { withJunit } from '../../generator/cli/cosim/junit-file.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-junit-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a run that cannot begin leaves a report with the error', async () => {
  const outcome = await runCli(['cosim', at('absent'), '--junit', at('absent.xml')]);
  expect(outcome.exitCode).toBe(2);
  const report = readFileSync(at('absent.xml'), 'utf8');
  expect(report).toMatch(
    /<testsuite name="absent" tests="1" failures="0" errors="1" time="[\d.]+">/,
  );
  expect(report).toMatch(/<error type="[A-Z_]+" message=".*absent.*"\/>/);
});

test('so does one that breaks down, and one that is interrupted', async () => {
  const broken = withJunit(at('broken.xml'), 'kws', async () => {
    throw new TypeError('x is not a function');
  });
  await expect(broken).rejects.toThrow(TypeError);
  expect(readFileSync(at('broken.xml'), 'utf8')).toContain('type="INTERNAL_ERROR"');

  await withJunit(at('stopped.xml'), 'kws', async () => runCleanup());
  expect(readFileSync(at('stopped.xml'), 'utf8')).toContain('type="INTERRUPTED"');
});

test('no file is made where none is asked for', async () => {
  expect(await withJunit(null, 'kws', async (write) => write('kws', []))).toBeUndefined();
});
