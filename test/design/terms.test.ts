import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-terms-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** What a comment begins with, by the end of a name; null: a file without comments. */
const COMMENT: Readonly<Record<string, '//' | '#' | '/*' | null>> = {
  ...{ v: '//', cpp: '//', c: '/*', h: '/*', lib: '/*' },
  ...{ ys: '#', tcl: '#', sdc: '#', py: '#', core: '#', Makefile: '#' },
  ...{ md: null, json: null, mem: null, txt: null, f: null, safetensors: null, bin: null },
};

test.each([
  ['plain', []],
  ['bus_net', ['--weights', 'loaded', '--bus', 'axi4lite']],
  ['chip_net', ['--macros', 'ihp-sg13g2']],
])('every file of a design with comments says its terms: %s', async (name, options) => {
  const model = at('model.safetensors');
  await runCli(['random', '--inputs', '16', '--hidden', '16', '--outputs', '2', '-o', model]);
  const made = await runCli(['generate', model, '--macs', '8', ...options, '-o', at(name)]);
  expect(made.exitCode, made.stderr).toBe(0);
  const { files } = readDesign(at(name));
  expect(files.size).toBeGreaterThan(30);
  for (const [path, bytes] of files) {
    const mark = COMMENT[basename(path).split('.').at(-1) as string];
    expect(mark, path).not.toBeUndefined();
    if (mark === null) continue;
    const [first = '', second = ''] = Buffer.from(bytes).toString().split('\n');
    const said = path.endsWith('.core') ? second : first;
    const line = /^(?:\/\/|#|\/\*) SPDX-License-Identifier: 0BSD(?: \*\/)?$/;
    expect(line.test(said), `${path}: ${said}`).toBe(true);
  }
  const readme = Buffer.from(files.get('README.md') as Uint8Array).toString();
  expect(readme).toMatch(/^## Terms\n[\s\S]*BSD\s+zero-clause/m);
});
