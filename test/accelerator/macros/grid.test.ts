import { describe, expect, test } from 'vitest';
import { gridFor } from '../../../generator/accelerator/macros/grid.js';
import type { Macro, MacroList } from '../../../generator/devices/macros/macro.js';
import { fullPort, ONE_PORT, TWO_PORTS, WRITE_AND_READ } from '../support/macro-lists.js';

const sized = (name: string, words: number, bits: number, area?: number): Macro => ({
  ...{ name, words, bits, latency: 1 },
  ...(area !== undefined && { area }),
  ports: [fullPort('a'), fullPort('b')],
});

/** Name, rows and columns of what is chosen, or the reason for registers. */
function chosen(width: number, words: number, list: MacroList, atOnce = true): string {
  const grid = gridFor({ width, words }, atOnce, list);
  return typeof grid === 'string' ? grid : `${grid.macro.name} ${grid.rows}x${grid.columns}`;
}

describe('the macros of a memory', () => {
  test('are those of least area, where the list has areas', () => {
    const macros = [sized('large', 64, 64, 100), sized('small', 16, 16, 24)];
    expect(chosen(64, 16, { macros })).toBe('small 1x4');
    expect(chosen(64, 32, { macros })).toBe('large 1x1');
  });

  test('are the fewest where it has none, or of equal area, then those with the fewest bits to spare', () => {
    const macros = [sized('large', 64, 64), sized('middle', 32, 32), sized('small', 16, 16)];
    expect(chosen(30, 30, { macros })).toBe('middle 1x1');
    expect(chosen(33, 33, { macros })).toBe('large 1x1');
    const equal = [sized('four', 16, 16, 10), sized('one', 32, 32, 40)];
    expect(chosen(32, 32, { macros: equal })).toBe('one 1x1');
  });

  test('are the first of the list where nothing else decides', () => {
    expect(chosen(4, 4, { macros: [sized('a', 8, 8), sized('b', 8, 8)] })).toBe('a 1x1');
  });

  test('have rows of a power of two of words, unless one row holds all', () => {
    expect(chosen(4, 6, { macros: [WRITE_AND_READ] })).toBe('write_and_read 1x1');
    // four words of six
    expect(chosen(4, 7, { macros: [WRITE_AND_READ] })).toBe('write_and_read 2x1');
    expect(chosen(5, 9, { macros: [WRITE_AND_READ] })).toBe('write_and_read 3x2');
  });

  test('have two ports for a memory that is read and written at once, and one is enough for any other', () => {
    expect(chosen(6, 8, { macros: [ONE_PORT] })).toBe(
      'read and written at once, and no macro has a port for each',
    );
    expect(chosen(6, 8, { macros: [TWO_PORTS, ONE_PORT] })).toBe('two_ports 1x1');
    expect(chosen(6, 8, { macros: [ONE_PORT] }, false)).toBe('one_port 1x1');
    expect(chosen(4, 6, { macros: [WRITE_AND_READ] }, false)).toBe('write_and_read 1x1');
    const reader = {
      ...ONE_PORT,
      ports: [{ clock: 'clk', enable: 'e', address: 'a', dataOut: 'd' }],
    };
    expect(chosen(6, 8, { macros: [reader] }, false)).toBe('no macro is read and written');
  });

  test('are registers where these take less area', () => {
    const list = { macros: [sized('only', 64, 64, 5000)], registerBitArea: 10 };
    expect(chosen(64, 7, list)).toBe('4480 µm² as registers, 5000 µm² as 1 × only');
    expect(chosen(64, 8, list)).toBe('only 1x1');
  });

  test('are never more than 4096', () => {
    expect(chosen(64, 2 ** 16, { macros: [sized('tiny', 2, 1)] })).toBe('more than 4096 macros');
  });
});
