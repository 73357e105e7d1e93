import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { synthText } from '../../generator/cli/synth-text.js';
import { smallDesign } from '../flow/support/small-design.js';
import { runCli } from '../support/cli.js';

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-synth-'));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `synth` on the design. */
const run = (...argv: readonly string[]) => runCli(['synth', design, ...argv]);

describe('hcgs synth', () => {
  test('of a design that does not fit says what is missing and what would fit, and exits with 1', async () => {
    const { exitCode, stdout } = await run(
      ...['--target', 'ice40', '--device', 'hx1k', '--synthesis-only', '--json'],
    );
    expect(exitCode).toBe(1);
    const report = synth.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ ok: false, fits: false, device: 'HX1K' });
    const luts = report.shortages.find(({ resource }) => resource === 'LUTs');
    expect(luts).toEqual({ resource: 'LUTs', needed: report.luts, available: 1280 });
    // there is no multiplier, so the choices of the design put all multiplications into logic
    expect(report.multipliers).toBe(0);
    expect(report.advice).toEqual({
      smallestDevice: expect.stringMatching(/K$/),
      largestMacs: null,
    });
    const text = synthText('tiny', report, report.advice);
    expect(text).toContain(`LUTs: ${report.luts} needed, 1280 there`);
    expect(text).toContain(`--device ${report.advice?.smallestDevice}`);
    expect(text).toContain('no smaller MAC count');
  });

  test('without a tool names the package that has it', async () => {
    const before = { PATH: process.env.PATH, HCGS_CACHE: process.env.HCGS_CACHE };
    Object.assign(process.env, { PATH: folder, HCGS_CACHE: folder });
    try {
      const { exitCode, stderr } = await run('--target', 'ecp5');
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/(yosys|nextpnr-ecp5) is not installed: .*package/);
    } finally {
      Object.assign(process.env, before);
      if (before.HCGS_CACHE === undefined) delete process.env.HCGS_CACHE;
    }
  });

  test.each([
    [['--target', 'ecp6'], '--target'],
    [['--target', 'ecp5', '--device', 'LFE5U-1F'], '--device'],
    [['--target', 'ecp5', '--clock-mhz', '0'], '--clock-mhz'],
    [['--target', 'ecp5', '--effort', 'most'], '--effort'],
    [['--target', 'ecp5', '--multipliers', 'some'], '--multipliers'],
    [['--target', 'ecp5', '--multipliers', 'macs=dsp,lanes=logic'], '--multipliers'],
    [['--target', 'asic', '--multipliers', 'logic'], '--multipliers'],
  ])('%j is refused, naming %s', async (argv, field) => {
    const { exitCode, stderr } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(field);
  });
});
