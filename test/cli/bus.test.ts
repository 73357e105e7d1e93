import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateAgain } from '../../generator/design/read/again.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { type Design, readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

const again = ({ manifest, files }: Design) =>
  generateAgain('d', manifest, files.get('model.safetensors') ?? new Uint8Array());

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-bus-'));
  const drawn = ['random', '--inputs', '6', '--hidden', '8,8', '--outputs', '2'];
  await done(...drawn, '--seed', '1', '-o', at('one.safetensors'));
  await done(...drawn, '--seed', '2', '-o', at('two.safetensors'));
  const generate = ['generate', at('one.safetensors'), '--macs', '16'];
  await done(...generate, '--bus', 'axi4lite', '-o', at('watched'));
  await done(...generate, '--bus', 'none', '-o', at('plain'));
  await done(...generate, '--bus', 'axi4lite', '--bus-states', '-o', at('sleeper'));
  await done(...generate, '--bus', 'axi4lite', '--engines', '2', '-o', at('pair'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a design with a bus has drivers, and says how it is made again; none is the usual one', () => {
  const [watched, plain, pair] = ['watched', 'plain', 'pair'].map((name) => readDesign(at(name)));
  const drivers = (design?: Design) =>
    [...(design?.files.keys() ?? [])].filter((path) => path.startsWith('driver/')).sort();
  expect(drivers(watched)).toEqual([
    'driver/README.md',
    'driver/hcgs.c',
    'driver/hcgs.h',
    'driver/hcgs_registers.h',
    'driver/watched_design.h',
    'driver/watched_driver.py',
  ]);
  expect(drivers(pair)).toHaveLength(6);
  expect(drivers(plain)).toEqual([]);
  expect(watched?.manifest.parameters).toMatchObject({ bus: 'axi4lite' });
  expect(plain?.manifest.parameters).not.toHaveProperty('bus');
  expect(again(watched as Design)).toContain('--bus axi4lite');
  expect(again(pair as Design)).toContain('--bus axi4lite');
  expect(again(plain as Design)).not.toContain('--bus');
});

test('a manifest with another bus is not taken from elsewhere', () => {
  const design = readDesign(at('watched'));
  const of = (bus: string | number | null) =>
    foreignHardware({
      ...design,
      manifest: { ...design.manifest, parameters: { ...design.manifest.parameters, bus } },
    });
  expect(of('axi4lite')).not.toBeNull();
  for (const other of ['none', 'apb', 3, null]) expect(of(other)).toBeNull();
});

test('states that a bus reaches are said, made again, and taken from elsewhere', async () => {
  const design = readDesign(at('sleeper'));
  expect(design?.manifest.parameters).toMatchObject({ bus: 'axi4lite', busStates: true });
  expect(again(design as Design)).toContain('--bus axi4lite --bus-states');
  const header = Buffer.from(design?.files.get('driver/sleeper_design.h') ?? []).toString();
  expect(header).toContain('#define SLEEPER_STATES 32\n');
  const of = (more: Record<string, string | number | boolean>) =>
    foreignHardware({
      ...(design as Design),
      manifest: {
        ...(design as Design).manifest,
        parameters: { ...(design as Design).manifest.parameters, ...more },
      },
    });
  expect(of({})).not.toBeNull();
  const wrong = [{ busStates: false }, { busStates: 1 }, { relays: true }, { residents: 2 }];
  for (const more of wrong) expect(of(more), JSON.stringify(more)).toBeNull();
  expect((await done('cosim', at('sleeper'), '--random', '6')).ok).toBe(true);
});

test.each([
  ['--bus-states', []],
  ['--bus-states', ['--bus', 'axi4lite', '--weights', 'loaded', '--residents', '2']],
  ['--bus-states', ['--bus', 'axi4lite', '--order', 'sequence', '--max-frames', '4']],
  ['--engines', ['--bus', 'axi4lite', '--engines', '2']],
])('states that nothing can reach are refused at %s: %j', async (field, options) => {
  const estimate = ['estimate', at('one.safetensors'), '--macs', '16', '--bus-states'];
  const outcome = await runCli([...estimate, ...options, '--json']);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.json().error).toMatchObject({ field });
});

test('nor are there any in a network without recurrent layers', async () => {
  const drawn = ['random', '--inputs', '6', '--hidden', '8', '--cell', 'dense-tanh'];
  await done(...drawn, '--outputs', '3', '-o', at('flat.safetensors'));
  const estimate = ['estimate', at('flat.safetensors'), '--bus', 'axi4lite', '--bus-states'];
  const outcome = await runCli([...estimate, '--json']);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.json().error).toMatchObject({
    field: '--bus-states',
    expected: 'a network with recurrent layers',
  });
});

test('a configuration file says it too; anything else is refused', async () => {
  const config = at('config.ts');
  writeFileSync(config, "export default { macs: 16, bus: 'axi4lite' } as const;\n");
  const estimate = ['estimate', at('one.safetensors')];
  const [watched, plain] = [
    await done(...estimate, '--config', config),
    await done(...estimate, '--config', config, '--bus', 'none'),
  ];
  expect(watched.cyclesPerFrame).toBe(plain.cyclesPerFrame);
  const outcome = await runCli([...estimate, '--bus', 'apb', '--json']);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.json().error).toMatchObject({ field: '--bus', got: 'apb' });
});

test('co-simulates, and with another model on the same Verilog its driver is the same', async () => {
  const before = readDesign(at('watched'));
  expect((await done('cosim', at('watched'))).ok).toBe(true);
  await done('images', at('two.safetensors'), at('watched'));
  const after = readDesign(at('watched'));
  for (const [path, bytes] of before.files) {
    if (/^(driver|rtl)\//.test(path)) expect(after.files.get(path), path).toEqual(bytes);
  }
  expect((await done('cosim', at('watched'), '--random', '8')).ok).toBe(true);
});
