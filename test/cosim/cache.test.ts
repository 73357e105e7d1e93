import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cached } from '../../generator/cosim/build/cache.js';

let root: string;
let folder: string;
let fills = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-cache-'));
  root = join(folder, 'cache');
  fills = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const build = (key = 'key') =>
  cached(
    key,
    async (work) => {
      fills += 1;
      writeFileSync(join(work, 'simulation'), `program of ${key}`);
    },
    root,
  );
const mode = (file: string): number => lstatSync(file).mode & 0o777;

describe('the cache of programs', () => {
  test('is for its user alone, and runs what was built', async () => {
    const { program, hit } = await build();
    expect([hit, readFileSync(program, 'utf8')]).toEqual([false, 'program of key']);
    for (const folder of [root, join(root, 'builds'), dirname(program), program]) {
      expect(mode(folder)).toBe(0o700);
    }
    expect((await build()).hit).toBe(true);
    expect(fills).toBe(1);
  });

  test('is closed when it was open, and then used', async () => {
    const { program } = await build();
    chmodSync(root, 0o777);
    chmodSync(join(root, 'builds'), 0o775);
    expect((await build()).hit).toBe(true);
    expect([mode(root), mode(dirname(dirname(program)))]).toEqual([0o700, 0o700]);
  });

  test.each<[string, (program: string) => void]>([
    ['is another program', (program) => writeFileSync(program, 'planted')],
    ['is writable by others', (program) => chmodSync(program, 0o722)],
    ['is in a folder writable by others', (program) => chmodSync(dirname(program), 0o777)],
    ['has no record', (program) => rmSync(join(dirname(program), 'record'))],
    [
      'is a link',
      (program) => {
        renameSync(program, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), program);
      },
    ],
    [
      'is in a folder that is a link',
      (program) => {
        renameSync(dirname(program), join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), dirname(program));
      },
    ],
    ['is half of one', (program) => rmSync(program)],
    [
      'is a file',
      (program) => {
        rmSync(dirname(program), { recursive: true });
        writeFileSync(dirname(program), '');
      },
    ],
  ])('makes an entry anew that %s', async (_, harm) => {
    const { program } = await build();
    harm(program);
    const again = await build();
    expect([again.hit, fills]).toEqual([false, 2]);
    expect(readFileSync(program, 'utf8')).toBe('program of key');
    expect(lstatSync(program).isFile()).toBe(true);
    expect((await build()).hit).toBe(true);
  });

  test('takes no entry of another key', async () => {
    const { program } = await build('other');
    const mine = (await build('key')).program;
    rmSync(dirname(mine), { recursive: true });
    renameSync(dirname(program), dirname(mine));
    expect((await build('key')).hit).toBe(false);
    expect(readFileSync(mine, 'utf8')).toBe('program of key');
  });

  test('is filled once by runs that want the same, and at the same time for others', async () => {
    const begun: string[] = [];
    const slow = (key: string) =>
      cached(
        key,
        async (work) => {
          begun.push(key);
          await sleep(300);
          writeFileSync(join(work, 'simulation'), key);
        },
        root,
      );
    const keys = ['key', 'key', 'other', 'key'];
    const made = await Promise.all(keys.map(slow));
    expect(begun.sort()).toEqual(['key', 'other']);
    expect(made.filter(({ hit }) => hit)).toHaveLength(2);
    expect(readdirSync(root)).toEqual(['builds']);
  });

  test('is filled by the next run when a build fails', async () => {
    const failing = cached('key', () => Promise.reject(new Error('no compiler')), root);
    const next = build();
    await expect(failing).rejects.toThrow('no compiler');
    expect((await next).hit).toBe(false);
    expect(readdirSync(root)).toEqual(['builds']);
  });

  test('does not wait for a run that was killed', async () => {
    mkdirSync(join(root, 'lock-key'), { recursive: true });
    utimesSync(join(root, 'lock-key'), 0, 0);
    expect((await build()).hit).toBe(false);
    expect(readdirSync(root)).toEqual(['builds']);
  });

  test.each(['root', 'builds'])('is refused when its %s is a link', async (which) => {
    mkdirSync(join(folder, 'elsewhere'));
    if (which === 'builds') mkdirSync(root);
    symlinkSync(join(folder, 'elsewhere'), which === 'root' ? root : join(root, 'builds'));
    await expect(build()).rejects.toMatchObject({ report: { code: 'CACHE_UNSAFE' } });
    expect(fills).toBe(0);
  });

  test("is refused when it is another user's, and so is an entry", async () => {
    const { program } = await build();
    const real = process.getuid?.() as number;
    vi.spyOn(process as { getuid: () => number }, 'getuid').mockReturnValue(real + 1);
    await expect(build()).rejects.toMatchObject({
      report: { code: 'CACHE_UNSAFE', message: expect.stringContaining('HCGS_CACHE') },
    });
    expect(existsSync(program)).toBe(true);
  });
});
