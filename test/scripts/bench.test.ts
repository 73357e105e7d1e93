import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Row, skipped, tableText } from '../../scripts/benchmarks/row.js';

const row = (what: string, ok: boolean): Row => ({
  what,
  measured: '0.5',
  target: 'at least 0.4',
  ok,
  values: {},
});

test('the table says of every figure whether its target is met', () => {
  const table = tableText([row('speed', true), row('use', false), skipped('words', '3', 'none')]);
  expect(table.split('\n')).toEqual([
    'what   measured       target',
    'speed  0.5            at least 0.4  ok',
    'use    0.5            at least 0.4  SHORT',
    'words  skipped: none  3             -',
  ]);
});

test('scripts/bench knows its options and refuses others', () => {
  const bench = (option: string) => spawnSync('scripts/bench', [option], { encoding: 'utf8' });
  expect(bench('--help').stdout).toContain('--flow');
  expect(bench('--help').stdout).toContain('--time');
  expect(bench('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--quick') });
  expect(bench('--fast')).toMatchObject({ status: 2, stdout: '' });
});
