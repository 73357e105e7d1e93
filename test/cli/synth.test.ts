import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { synthLines } from '../../generator/cli/synth/synth-text.js';
import { smallDesign } from '../flow/support/small-design.js';
import { runCli } from '../support/cli.js';

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

/** Programs in PATH that leave what the real ones left once, in no time; the placer says what it was asked for. */
function recordedTools(target: 'ecp5' | 'ice40', cells: Readonly<Record<string, number>>): void {
  const bin = join(folder, 'bin');
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  const build = `flow/build/${target}`;
  const stat = { modules: { '\\tiny': { num_cells_by_type: cells } } };
  writeFileSync(join(bin, 'stat.json'), JSON.stringify(stat));
  writeFileSync(join(bin, 'netlist.json'), JSON.stringify({ modules: { tiny: { cells: {} } } }));
  const report = resolve(`test/flow/recorded/nextpnr-${target}.json`);
  script(
    join(bin, 'yosys'),
    `[ "$1" = -V ] && echo "Yosys 0.0" && exit
cp ${bin}/stat.json ${build}/stat.json; cp ${bin}/netlist.json ${build}/tiny.json`,
  );
  script(
    join(bin, `nextpnr-${target}`),
    `[ "$1" = --version ] && echo "(Version 0.0)" && exit
echo "$*"; cp ${report} ${build}/report.json.tried; : > ${build}/tiny.asc.tried`,
  );
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
  // something that is no packer
  script(join(bin, 'icepack'), 'exit 1');
}

function script(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** Runs `synth` on the design. */
const run = (...argv: readonly string[]) => runCli(['synth', design, ...argv]);

describe('hcgs synth', () => {
  test('of a design that does not fit says what is missing and what would fit, and exits with 1', async () => {
    const cells = { SB_LUT4: 3900, SB_DFF: 1100, SB_RAM40_4K: 10 };
    recordedTools('ice40', cells);
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
    recordedTools('ice40', { SB_LUT4: 5900, SB_DFF: 2100, SB_RAM40_4K: 10, SB_MAC16: 7 });
    const { exitCode, stdout } = await run('--target', 'ice40', '--device', 'up5k', '--json');
    expect(exitCode).toBe(1);
    const report = synth.parse(JSON.parse(stdout));
    expect(report.advice).toMatchObject({ largestMacs: null, largestMacsInTurn: 4 });
    const text = synthLines('tiny', report, report.advice).join('\n');
    expect(text).toContain('with a time-multiplexed lane: generate --macs 4 --cell-cycles 18');
  });

  test('at a clock that is not reached exits with 1, at one that is with 0', async () => {
    recordedTools('ice40', { SB_LUT4: 1900, SB_DFF: 2100, SB_RAM40_4K: 10, SB_MAC16: 3 });
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
