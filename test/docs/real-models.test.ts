import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../generator/base/package.js';
import { pages } from './pages.js';

const folder = resolve(packageRoot, '../shared/data/models');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the trained networks of others are not at ${folder}`);

const fence = pages()
  .flatMap(({ fences }) => fences)
  .find(({ info }) => info === 'sh needs models');
const lines = fence?.text.trim().split('\n') ?? [];

test('a page has one command line for each network, dense and pruned', () => {
  expect(lines).toHaveLength(4);
});

describe.skipIf(!there)('published networks from file to co-simulation', () => {
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'hcgs-real-'));
    mkdirSync(join(place, 'rtl-out'));
    for (const name of [
      'dtln_model_1.onnx',
      'silero_vad_openvino_16k.onnx',
      'silero_vad_16k.safetensors',
    ]) {
      symlinkSync(join(folder, name), join(place, name));
    }
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test.each(lines)('%s', async (line) => {
    const { stdout, exitCode, stderr } = await execa('bash', ['-euo', 'pipefail', '-c', line], {
      cwd: place,
      env: { PATH: `${resolve('scripts')}:${process.env.PATH}` },
      reject: false,
    });
    expect(`${stderr}exit code ${exitCode}`).toMatch(/exit code 0$/);
    const sums = stdout.split('\n').filter((printed) => /values, \d+ mismatches$/.test(printed));
    expect(sums.length).toBeGreaterThanOrEqual(4);
    expect(sums.filter((printed) => !printed.endsWith(' 0 mismatches'))).toEqual([]);
    expect(stdout).toMatch(/^hardware and golden model agree$/m);
  });
});
