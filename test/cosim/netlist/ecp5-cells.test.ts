import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { productFiles } from '../../../generator/design/files/family-files.js';
import { ECP5 } from '../../../generator/devices/ecp5.js';
import { COLLIDING, MEMORY_CASES, MEMORY_IMAGES } from './support/memories.js';
import { MULTIPLIER_CASES, REGISTERED_CASES, REGISTERED_SHAPES } from './support/multipliers.js';
import { compareWithNetlist } from './support/netlist-bench.js';

/** What Verilator says of an instance of one of the cells. */
function lint(instance: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-cells-'));
  try {
    writeFileSync(join(folder, 'top.v'), `module top;\n  ${instance}\nendmodule\n`);
    const models = ['DP16KD', 'dp16kd_port', 'MULT18X18D'].map(
      (name) => `${packageRoot}tb/cells/ecp5/${name}.v`,
    );
    const args = ['--lint-only', '-Wno-lint', '--top-module', 'top', 'top.v', ...models];
    return String(spawnSync('verilator', args, { cwd: folder }).stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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
  });

  it('the multiplier multiplies operands of either sign', async () => {
    const { netlist, differences } = await compareWithNetlist(MULTIPLIER_CASES);
    expect(names(differences, (n) => n > 0)).toEqual([]);
    expect(Object.keys(differences)).toHaveLength(MULTIPLIER_CASES.length);
    for (const [a, b] of ['00', '01', '10', '11']) {
      expect(netlist).toMatch(new RegExp(`\\.SIGNEDA\\(1'h${a}\\),\\s*\\.SIGNEDB\\(1'h${b}\\)`));
    }
  });

  it('a product and its register are one multiplier', async () => {
    const products = REGISTERED_SHAPES.map(([a, b]) => ({ a, b, width: a + b, signed: true }));
    const files = productFiles(ECP5, 'cells', products);
    const images = new Map([...files].map(([path, text]) => [basename(path), text]));
    const prepare = [
      'hierarchy -top all',
      'proc',
      'extract -map ecp5_products.v',
      'techmap -map ecp5_multipliers.v',
    ];
    const same = (text: string) => text;
    const compare = (mutate = same, files = images) =>
      compareWithNetlist(REGISTERED_CASES, files, mutate, prepare);
    const { netlist, differences } = await compare();
    expect(names(differences, (n) => n > 0)).toEqual([]);
    expect(Object.keys(differences)).toHaveLength(REGISTERED_CASES.length);
    expect(netlist.match(/\.REG_OUTPUT_CLK\("CLK0"\)/g)).toHaveLength(REGISTERED_CASES.length);
    const registers = REGISTERED_CASES.reduce((sum, { width }) => sum + width, 0);
    expect(netlist.match(/ TRELLIS_FF #\(/g)).toHaveLength(registers);
    // without the register; with operands in the lower bits
    const combinational = await compare((text) => text.replaceAll('"CLK0"', '"NONE"'));
    expect(names(combinational.differences, (n) => n === 0)).toEqual([]);
    const map = images.get('ecp5_multipliers.v') as string;
    const low = map.replace("{a, {(18 - A_BITS){1'b0}}}", '{{(18 - A_BITS){a[A_BITS-1]}}, a}');
    const misplaced = await compare(same, new Map([...images, ['ecp5_multipliers.v', low]]));
    expect(names(misplaced.differences, (n) => n === 0)).toEqual(['registered_18x18']);
  });

  it('one wrong bit of contents is seen', async () => {
    const rom = MEMORY_CASES.filter(({ name }) => name === 'rom_36');
    const { differences } = await compareWithNetlist(rom, MEMORY_IMAGES, (netlist) =>
      // bit 0 of words 0, 8, 16, ...
      netlist.replace(/(INITVAL_\w+\(320'h[0-9a-f]*)([0-9a-f])\)/g, (_, head, digit) => {
        return `${head}${(Number.parseInt(digit, 16) ^ 1).toString(16)})`;
      }),
    );
    expect(differences.rom_36).toBeGreaterThan(0);
  });
});

describe('a mode of an ECP5 cell that no model knows', () => {
  it.each([
    ['DP16KD #(.REGMODE_A("OUTREG")) u();', 'REGMODE_must_be_NOREG'],
    ['DP16KD #(.RESETMODE("SOMETIMES")) u();', 'RESETMODE_must_be_SYNC_or_ASYNC'],
    ['DP16KD #(.CSDECODE_A("0b001")) u();', 'CSDECODE_must_be_0b000'],
    ['DP16KD #(.DATA_WIDTH_A(8)) u();', 'DATA_WIDTH_must_be_36_18_9_4_2_or_1'],
    ['DP16KD #(.DATA_WIDTH_B(36)) u();', 'DATA_WIDTH_A_must_be_36_where_DATA_WIDTH_B_is'],
    ['DP16KD #(.WRITEMODE_B("LATER")) u();', 'WRITEMODE_must_be_NORMAL_WRITETHROUGH'],
    ['DP16KD #(.INIT_DATA("DYNAMIC")) u();', "Parameter pin not found: 'INIT_DATA'"],
    ['MULT18X18D #(.REG_OUTPUT_CLK("CLK1")) u();', 'REG_OUTPUT_CLK_must_be_NONE_or_CLK0'],
    ['MULT18X18D #(.REG_OUTPUT_CE("CE1")) u();', 'REG_OUTPUT_CE_must_be_CE0'],
    ['MULT18X18D #(.REG_OUTPUT_RST("RST1")) u();', 'REG_OUTPUT_RST_must_be_RST0'],
    ['MULT18X18D #(.RESETMODE("ASYNC")) u();', 'RESETMODE_must_be_SYNC'],
    ['MULT18X18D #(.REG_INPUTA_CLK("CLK0")) u();', "Parameter pin not found: 'REG_INPUTA_CLK'"],
    ["MULT18X18D u(.SRIA0(1'b0));", "Pin not found: 'SRIA0'"],
  ])('is refused: %s', (instance, said) => {
    expect(lint(instance)).toContain(said);
  });

  it('and those it knows are not', () => {
    expect(lint('DP16KD #(.DATA_WIDTH_A(36), .DATA_WIDTH_B(36)) u(); MULT18X18D v();')).toBe('');
  });
});
