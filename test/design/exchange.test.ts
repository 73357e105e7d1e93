import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readDesign } from '../../generator/design/read/read.js';
import { exchangeIn, insideName, recoverInside } from '../../generator/design/write/exchange.js';
import { writeDesign } from '../../generator/design/write/write.js';
import { body } from './support/toy.js';

let place: string;
let folder: string;
const files = (text: string, more: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries({ 'rtl/toy.v': text, 'model.safetensors': 'm', ...more }));
const write = (text: string, more = {}) => writeDesign(folder, body, files(text, more));
const verilog = () => readFileSync(join(folder, 'rtl/toy.v'), 'utf8');
/** The number of no process. */
const NOBODY = 2 ** 22 + 1;

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'hcgs-exchange-')));
  folder = join(place, 'toy');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(place, { recursive: true, force: true });
});

/** As if the user stood there: a worker of the tests cannot change its folder. */
const standIn = (where: string) => vi.spyOn(process, 'cwd').mockReturnValue(where);

describe('a folder in which the user stands', () => {
  test('stays the folder it is, empty or with an earlier design', async () => {
    mkdirSync(folder);
    const { ino } = statSync(folder);
    standIn(folder);
    await write('one', { 'old/a': '' });
    expect(verilog()).toBe('one');
    mkdirSync(join(folder, 'waves'));
    await write('two');
    expect([verilog(), statSync(folder).ino]).toEqual(['two', ino]);
    expect(readdirSync(folder).sort()).toEqual(['design.json', 'model.safetensors', 'rtl']);
    expect(readdirSync(place)).toEqual(['toy']);
    expect(readDesign(folder, { otherVersion: true }).files.size).toBe(2);
  });

  test('stays when it is further inside', async () => {
    await write('one');
    const { ino } = statSync(folder);
    standIn(join(folder, 'rtl'));
    await write('two');
    expect([verilog(), statSync(folder).ino]).toEqual(['two', ino]);
  });

  test('a folder with other files is refused and as it was', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine'), 'x');
    standIn(folder);
    await expect(write('one')).rejects.toThrow(/in the way/);
    expect(readdirSync(folder)).toEqual(['mine']);
  });

  test('one beside it is replaced as usual', async () => {
    await write('one');
    const { ino } = statSync(folder);
    mkdirSync(`${folder}s`);
    standIn(`${folder}s`);
    await write('two');
    expect(statSync(folder).ino).not.toBe(ino);
  });
});

describe('an exchange that was killed', () => {
  beforeEach(async () => {
    await write('one', { 'driver/a.c': 'a' });
    await writeDesign(join(place, 'other'), body, files('two', { 'flow/x': '' }));
    renameSync(join(place, 'other'), insideName(folder, 'next', NOBODY));
  });
  const next = () => insideName(folder, 'next', NOBODY);
  const out = () => insideName(folder, 'out', NOBODY);
  const old = () => insideName(folder, 'old', NOBODY);
  const isBack = () => {
    expect(readdirSync(folder).sort()).toEqual([
      ...['design.json', 'driver', 'model.safetensors', 'rtl'],
    ]);
    expect(verilog()).toBe('one');
  };
  const takeOut = (...names: readonly string[]) => {
    mkdirSync(out());
    for (const name of names) renameSync(join(folder, name), join(out(), name));
  };
  const ALL = ['design.json', 'driver', 'model.safetensors', 'rtl'];

  test('before anything moved', () => {
    recoverInside(folder);
    isBack();
  });
  test('while the old design went out', () => {
    takeOut('design.json', 'rtl');
    recoverInside(folder);
    isBack();
  });
  test('while the new one came in', () => {
    takeOut(...ALL);
    renameSync(out(), old());
    for (const name of ['flow', 'rtl']) renameSync(join(next(), name), join(folder, name));
    recoverInside(folder);
    isBack();
  });
  test('when the new one was in', () => {
    takeOut(...ALL);
    renameSync(out(), old());
    for (const name of readdirSync(next())) renameSync(join(next(), name), join(folder, name));
    recoverInside(folder);
    expect(verilog()).toBe('two');
    expect(readdirSync(folder)).not.toContain('driver');
    expect([next(), old()].some((path) => existsSync(path))).toBe(false);
  });
  test('is left alone while its process runs', () => {
    renameSync(next(), insideName(folder, 'next', process.ppid));
    recoverInside(folder);
    expect(existsSync(insideName(folder, 'next', process.ppid))).toBe(true);
  });
});

test('what was there is back after an error', async () => {
  await write('one');
  // there is nothing to come in
  expect(() => exchangeIn(folder)).toThrow(/ENOENT/);
  expect(verilog()).toBe('one');
  expect(readdirSync(folder).sort()).toEqual(['design.json', 'model.safetensors', 'rtl']);
});
