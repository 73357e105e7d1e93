import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programWords, withProgram } from '../../generator/cli/frame/program-words.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-words-'));
  for (const name of ['bin', 'dist', 'my tools']) mkdirSync(at(name));
  writeFileSync(at('dist/main.js'), '');
  chmodSync(at('dist/main.js'), 0o755);
  symlinkSync('../dist/main.js', at('bin/hcgs'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const words = (script: string, env: NodeJS.ProcessEnv = {}) =>
  programWords({ script: at(script), env, folder });

test('the program is named as it was called', () => {
  expect(words('bin/hcgs', { PATH: at('bin') })).toBe('hcgs');
  expect(words('bin/hcgs', { PATH: at('my tools') })).toBe('bin/hcgs');
  expect(words('bin/hcgs', { PATH: at('bin'), npm_command: 'exec' })).toBe('npx hcgs');
  expect(words('bin/hcgs', { npm_lifecycle_event: 'build' })).toBe('npx hcgs');
  expect(words('dist/main.js')).toBe('node dist/main.js');
  const elsewhere = { script: at('bin/hcgs'), env: {}, folder: at('my tools') };
  expect(programWords(elsewhere)).toBe(at('bin/hcgs'));
});

test('a wrapper says what it is, also below npm', () => {
  const env = { npm_command: 'exec', HCGS_PROGRAM: 'my tools/hcgs' };
  expect(words('dist/main.js', env)).toBe("'my tools/hcgs'");
});

test('command lines alone have its words', () => {
  const lines = ['next: hcgs run a', '  hcgs generate b', 'see: hcgs explain X', '    hcgs --help'];
  const prose = ['hcgs: no', 'hcgs writes files', 'it is hcgs run', 'next: hcgsrun'];
  const shown = withProgram([...lines, ...prose], ['run', 'generate', 'explain'], () => 'npx hcgs');
  expect(shown).toEqual([...lines.map((line) => line.replace('hcgs', 'npx hcgs')), ...prose]);
});
