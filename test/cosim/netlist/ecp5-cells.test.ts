import { describe, expect, it } from 'vitest';
import { COLLIDING, MEMORY_CASES, MEMORY_IMAGES } from './support/memories.js';
import { MULTIPLIER_CASES } from './support/multipliers.js';
import { compareWithNetlist } from './support/netlist-bench.js';

const names = (differences: Readonly<Record<string, number>>, wanted: (n: number) => boolean) =>
  Object.keys(differences).filter((name) => wanted(differences[name] as number));

describe('models of the ECP5 cells that Yosys has only black boxes of', () => {
  it('the block RAM does what every memory does that Yosys makes of it', async () => {
    const cases = [...MEMORY_CASES, COLLIDING];
    const { netlist, differences } = await compareWithNetlist(cases, MEMORY_IMAGES);
    // an undefined read shows as a difference; nothing else does
    expect(names(differences, (n) => n > 0)).toEqual([COLLIDING.name]);
    expect(Object.keys(differences)).toHaveLength(cases.length);
    // one block each, and among them every mode that the model knows
    expect(netlist.match(/ DP16KD #\(/g)).toHaveLength(cases.length);
    for (const [parameter, values] of [
      ['DATA_WIDTH_A', ["32'd1", "32'd2", "32'd4", "32'd9", "32'd18", "32'd36"]],
      ['DATA_WIDTH_B', ["32'd1", "32'd2", "32'd4", "32'd9", "32'd18", "32'd36"]],
      ['WRITEMODE_A', ['"NORMAL"', '"READBEFOREWRITE"', '"WRITETHROUGH"']],
      ['RESETMODE', ['"ASYNC"', '"SYNC"']],
      ['CLKAMUX', ['"CLKA"', '"INV"']],
      ['CLKBMUX', ['"CLKB"', '"INV"']],
    ] as const) {
      const found = [...netlist.matchAll(new RegExp(`\\.${parameter}\\((.*?)\\)`, 'g'))];
      expect(new Set(found.map(([, value]) => value)), parameter).toEqual(new Set(values));
    }
  }, 300_000);

  it('the multiplier multiplies operands of either sign', async () => {
    const { netlist, differences } = await compareWithNetlist(MULTIPLIER_CASES);
    expect(names(differences, (n) => n > 0)).toEqual([]);
    expect(Object.keys(differences)).toHaveLength(MULTIPLIER_CASES.length);
    for (const [a, b] of ['00', '01', '10', '11']) {
      expect(netlist).toMatch(new RegExp(`\\.SIGNEDA\\(1'h${a}\\),\\s*\\.SIGNEDB\\(1'h${b}\\)`));
    }
  }, 300_000);

  it('one wrong bit of contents is seen', async () => {
    const rom = MEMORY_CASES.filter(({ name }) => name === 'rom_36');
    const { differences } = await compareWithNetlist(rom, MEMORY_IMAGES, (netlist) =>
      // bit 0 of words 0, 8, 16, ...
      netlist.replace(/(INITVAL_\w+\(320'h[0-9a-f]*)([0-9a-f])\)/g, (_, head, digit) => {
        return `${head}${(Number.parseInt(digit, 16) ^ 1).toString(16)})`;
      }),
    );
    expect(differences.rom_36).toBeGreaterThan(0);
  }, 300_000);
});
