import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { commands } from '../../generator/cli/commands.js';
import { runProgram } from '../../generator/cli/frame/program.js';
import { synth } from '../../generator/cli/schemas/synth.js';
import { synthLines } from '../../generator/cli/synth/synth-text.js';
import { smallDesign } from '../flow/support/small-design.js';
import { runCli } from '../support/cli.js';
import { FITTING, recordedTools, script } from './support/recorded-tools.js';

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-synth-'));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs `synth` on the design. */
const run = (...argv: readonly string[]) => runCli(['synth', design, ...argv]);

describe('hcgs synth', () => {
  test('of a design that does not fit says what is missing and what would fit, and exits with 1', async () => {
    const cells = { SB_LUT4: 3900, SB_DFF: 1100, SB_RAM40_4K: 10 };
    recordedTools(folder, 'ice40', cells);
    const earlier = join(design, 'flow/build/ice40/tiny.bin');
    mkdirSync(join(design, 'flow/build/ice40'), { recursive: true });
    writeFileSync(earlier, '');
    const { exitCode, stdout } = await run('--target', 'ice40', '--device', 'hx1k', '--json');
    expect(existsSync(earlier)).toBe(false);
    expect(exitCode).toBe(1);
    const report = synth.parse(JSON.parse(stdout));
    expect(report).toMatchObject({
      ...{ ok: false, fits: false, device: 'HX1K', fmaxMHz: null, cells },
      shortages: [{ resource: 'LUTs', needed: 3900, available: 1280 }],
      advice: { smallestDevice: 'UP5K', largestMacs: null },
      // nothing was placed
      tools: { yosys: '0.0' },
    });
    const text = synthLines('tiny', report, report.advice).join('\n');
    expect(text).toContain('LUTs: 3900 needed, 1280 there, 2620 too few');
    expect(text).toContain('--device UP5K');
    expect(text).toContain('no smaller MAC count');
  });

  test('of a design that would fit with a time-multiplexed lane says so', async () => {
    recordedTools(folder, 'ice40', { SB_LUT4: 5900, SB_DFF: 2100, SB_RAM40_4K: 10, SB_MAC16: 7 });
    const { exitCode, stdout } = await run('--target', 'ice40', '--device', 'up5k', '--json');
    expect(exitCode).toBe(1);
    const report = synth.parse(JSON.parse(stdout));
    expect(report.advice).toMatchObject({ largestMacs: null, largestMacsInTurn: 4 });
    const text = synthLines('tiny', report, report.advice).join('\n');
    expect(text).toContain('with a time-multiplexed lane: generate --macs 4 --cell-cycles 18');
  });

  test('at a clock that is not reached exits with 1, at one that is with 0', async () => {
    recordedTools(folder, 'ice40', { SB_LUT4: 1900, SB_DFF: 2100, SB_RAM40_4K: 10, SB_MAC16: 3 });
    const slow = await run('--target', 'ice40', '--clock-mhz', '38', '--json');
    expect(slow.exitCode).toBe(0);
    expect(synth.parse(slow.json())).toMatchObject({
      ...{ fits: true, fmaxMHz: 38.01, clockMHz: 38, seed: 1, advice: null, device: 'UP5K' },
      ...{ multipliers: 3, blockRams: 10, registers: 2100, package: 'sg48' },
      tools: { yosys: '0.0', 'nextpnr-ice40': '0.0' },
    });
    const fast = await run('--target', 'ice40', '--clock-mhz', '39', '--seed', '7');
    expect(fast.exitCode).toBe(1);
    expect(fast.stdout).toContain('Fmax 38.01 MHz (seed 7): the 39 MHz asked for are not reached');
    expect(fast.stdout).toMatch(/critical path, .* to u_core.*product/);
    const asked = readFileSync(join(design, 'flow/build/ice40/nextpnr.log'), 'utf8');
    expect(asked).toContain('--up5k');
    expect(asked).toContain('--freq 39');
    expect(asked).toContain('--seed 7');
  });

  test('names its files from where the user stands, and says what its bitstream is for', async () => {
    recordedTools(folder, 'ice40', FITTING);
    script(
      join(folder, 'bin/icepack'),
      '[ "$1" = -h ] && echo "Usage: icepack" && exit 1; : > "$2"',
    );
    const { stdout } = await run('--target', 'ice40');
    const files = stdout.split('\n').filter((line) => line.startsWith('  '));
    expect(files.map((line) => line.trim())).toContain(`${design}/flow/build/ice40/tiny.bin`);
    for (const end of ['_pads.json', '.v']) {
      expect(files).toContain(`  ${design}/flow/build/ice40/tiny${end}`);
    }
    const said = stdout.split('\n').filter((line) => line.includes('for measurement'));
    expect(said).toEqual([expect.stringMatching(/^tiny\.bin .*not for a board.*docs\/flow\.md/)]);
    // without a packer there is none to say it of
    recordedTools(folder, 'ice40', FITTING);
    expect((await run('--target', 'ice40')).stdout).not.toContain('measurement');
  });

  test('says how long it will take before the first tool starts, and not into its JSON', async () => {
    recordedTools(folder, 'ice40', FITTING);
    const started = join(folder, 'started');
    rmSync(started, { force: true });
    script(
      join(folder, 'bin/yosys'),
      `[ "$1" = -V ] && echo "Yosys 0.0" && exit\n: > ${started}; exit 1`,
    );
    let before = '';
    await runProgram(commands, ['synth', design, '--target', 'ice40', '--json'], {
      stdout: (text) => expect(text).not.toContain('about'),
      stderr: (text) => {
        if (!existsSync(started)) before += text;
      },
      ...{ terminal: false, debug: false },
    });
    expect(before).toMatch(/^hcgs: about [\d to]+ (s|minutes): Yosys .*, nextpnr .*$/m);
    const quiet = await run('--target', 'ice40', '--quiet', '--json');
    expect(quiet.stderr).not.toContain('about');
  });

  test('without a tool names the package that has it', async () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('HCGS_CACHE', folder);
    const { exitCode, stderr } = await run('--target', 'ecp5');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/(yosys|nextpnr-ecp5) is not installed: .*package/);
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
