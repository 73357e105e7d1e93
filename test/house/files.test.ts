import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Paths of the files that git tracks, or every path below a folder that is no checkout. */
function trackedFiles(): readonly string[] {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { encoding: 'utf8' });
  if (status !== 0) throw new Error('this test runs in a checkout');
  return stdout.split('\0').filter((path) => path !== '' && existsSync(path));
}

const files = trackedFiles();
const text = files.filter((path) => !/\.(npy|npz|safetensors|png)$/.test(path));

describe('the files of the project', () => {
  test('none of the program has more than 400 lines', () => {
    const long = text
      .filter((path) => path.startsWith('generator/') || path.startsWith('tb/'))
      .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  test('name no address a package was resolved from', () => {
    const found = text.flatMap((path) => {
      const urls = readFileSync(path, 'utf8').matchAll(/"resolved":\s*"(https?:\/\/[^/"]+)/g);
      return [...urls].map((match) => match[1] as string).map((host) => `${path}: ${host}`);
    });
    expect([...new Set(found)]).toEqual([]);
    expect(files).not.toContain('.npmrc');
  });

  test('name no folder of the machine they were written on', () => {
    const homes = new RegExp(`/home/[a-z]|/Users/[A-Za-z]|${process.cwd()}/`);
    const self = 'test/house/files.test.ts';
    const found = text.filter((path) => path !== self && homes.test(readFileSync(path, 'utf8')));
    expect(found).toEqual([]);
  });
});
