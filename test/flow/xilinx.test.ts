import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { XILINX } from '../../generator/devices/xilinx.js';
import { runCli } from '../support/cli.js';
import { smallDesign } from './support/small-design.js';

/** Seconds of work that take minutes on a busy machine. */

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-xilinx-'));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('primitives of the 7 series', () => {
  test('are counted as what they take of a device', () => {
    const cells = {
      ...{ LUT1: 1, LUT6: 10, INV: 2, RAM32M: 3, RAM64X1D: 1, SRL16E: 4, MUXF7: 9, CARRY4: 9 },
      ...{ FDRE: 7, FDSE: 1, LDCE: 1, RAMB36E1: 2, RAMB18E1: 3, DSP48E1: 5, BUFG: 1 },
    };
    expect(XILINX.use(cells)).toEqual({
      ...{ luts: 13 + 3 * 4 + 2 + 4, registers: 9, blockRams: 3.5, multipliers: 5 },
      singlePortRams: 0,
    });
  });
});

describe('hcgs synth --target xilinx', () => {
  test('reports what a design takes of a device, without a clock', async () => {
    const { exitCode, stdout } = await runCli([
      ...['synth', design, '--target', 'xilinx', '--device', 'xc7a35t', '--json'],
    ]);
    expect(exitCode).toBe(0);
    const report = synth.parse(JSON.parse(stdout));
    expect(report).toMatchObject({
      ...{ target: 'xilinx', device: 'XC7A35T', fits: true, fmaxMHz: null, criticalPath: null },
      available: { luts: 20800, registers: 41600, multipliers: 90, blockRams: 50 },
    });
    expect(report).toMatchObject(XILINX.use(report.cells));
    expect(report.luts).toBeGreaterThan(100);
    expect(report.registers).toBeGreaterThan(100);
    const sum = (of: 'luts' | 'registers'): number =>
      report.blocks.reduce((total, block) => total + (block[of] ?? 0), 0);
    expect([sum('luts'), sum('registers')]).toEqual([report.luts, report.registers]);
    expect(report.blocks.map(({ block }) => block)).toContain('u_cells');
    for (const file of report.files) expect(existsSync(join(design, file)), file).toBe(true);
  });

  test.each([
    ['--device', 'xc7a1t', 'XC7A35T'],
    ['--clock-mhz', '100', 'belongs to ecp5, ice40, asic'],
    ['--liberty', 'cells.lib', 'belongs to asic'],
  ])('refuses %s %s', async (option, value, says) => {
    const { exitCode, stderr } = await runCli([
      'synth',
      design,
      '--target',
      'xilinx',
      option,
      value,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
