import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REGISTERS, type Register } from '../../generator/accelerator/bus/register-map.js';
import { registerTable } from '../../generator/design/files/driver-files.js';

test('the table of registers on the page is that of the description', () => {
  expect(readFileSync('docs/bus.md', 'utf8')).toContain(`\n\n${registerTable()}\n`);
});

test('registers lie in order, a word each, and their fields do not meet', () => {
  const registers: readonly Register[] = REGISTERS;
  expect(registers.map(({ offset }) => offset)).toEqual(registers.map((_, n) => 4 * n));
  for (const { fields = [], name } of registers) {
    let next = 0;
    for (const { low, bits } of fields) {
      expect(low, name).toBeGreaterThanOrEqual(next);
      next = low + bits;
    }
    expect(next, name).toBeLessThanOrEqual(32);
  }
});
