import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { readFileBytes, translateWriteError, writeFileAtomic } from '../../generator/base/files.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof UserError ? error.report.code : String(error)),
  );

describe('writing a file as one step', () => {
  it('replaces what was there and leaves nothing beside it', async () => {
    const path = join(folder, 'new', 'a.bin');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(readdirSync(join(folder, 'new'))).toEqual(['a.bin']);
  });

  it('follows a symbolic link', async () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync('real', join(folder, 'link'));
    await writeFileAtomic(join(folder, 'link'), 'new');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  });

  it('writes to a pipe and leaves it a pipe', async () => {
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const [text] = await Promise.all([readFile(pipe, 'utf8'), writeFileAtomic(pipe, 'through')]);
    expect(text).toBe('through');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('says what is in the way, and leaves nothing behind', async () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'file'), '');
    expect(await code(writeFileAtomic(join(folder, 'taken'), ''))).toBe('FILE_IS_DIRECTORY');
    expect(await code(writeFileAtomic(join(folder, 'file', 'x'), ''))).toBe('FILE_UNWRITABLE');
    expect(await code(writeFileAtomic(join(folder, 'n'.repeat(300)), ''))).toBe('FILE_UNWRITABLE');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'FILE_UNWRITABLE'],
    ['EROFS', 'FILE_UNWRITABLE'],
  ])('reports %s as %s', (system, expected) => {
    const error = translateWriteError(Object.assign(new Error('no'), { code: system }), 'out.bin');
    expect((error as UserError).report).toMatchObject({ code: expected, file: 'out.bin' });
  });

  it('leaves errors that are no fault of the user as they are', () => {
    const error = new TypeError('a fault of ours');
    expect(translateWriteError(error, 'out.bin')).toBe(error);
  });
});

describe('reading a file', () => {
  it('says when it is missing or a directory', async () => {
    expect(await code(readFileBytes(join(folder, 'nowhere')))).toBe('FILE_MISSING');
    expect(await code(readFileBytes(folder))).toBe('FILE_IS_DIRECTORY');
  });
});
