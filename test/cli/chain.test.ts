import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorReport } from '../../generator/base/errors.js';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { type Design, readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome.json();
}

async function refused(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode).toBe(2);
  return outcome.json().error as ErrorReport;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-chain-'));
  for (const [name, hidden, seed] of [
    ['m', '7,5,6', '4'],
    ['other', '4,6', '5'],
    ['large', '7,5,60', '4'],
  ] as const) {
    await done(
      ...['random', '--inputs', '6', '--hidden', hidden, '--outputs', '3', '--seed', seed],
      ...['-o', at(`${name}.safetensors`)],
    );
  }
  await done('generate', at('m.safetensors'), '--macs', '16', '--engines', '2', '-o', at('pair'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a design of two engines', () => {
  test('is estimated as it is generated', async () => {
    const before = await done('estimate', at('m.safetensors'), '--macs', '16', '--engines', '2');
    const after = await done('estimate', at('pair'));
    expect(after).toEqual(before);
    const { engines = [], macs, cyclesPerFrame } = schemas.estimate.parse(before);
    expect(engines).toHaveLength(2);
    expect(macs).toBe(32);
    expect(cyclesPerFrame).toBe(Math.max(...engines.map((one) => Number(one.cyclesPerFrame))));
    const one = schemas.estimate.parse(await done('estimate', at('m.safetensors'), '--macs', '16'));
    expect(one.engines).toBeUndefined();
    expect(one.cyclesPerFrame).toBeGreaterThan(cyclesPerFrame);
  });

  test('has one manifest with the layers, limits and figures of each', async () => {
    const { manifest } = readDesign(at('pair'));
    expect(manifest.layers.map(({ engine }) => engine)).toEqual([0, 0, 1, 1]);
    expect(Object.keys(manifest.parameters)).toEqual(['name', 'engines']);
    expect(manifest.shape.engines).toHaveLength(2);
    const memories = new Set(manifest.memories.map(({ name }) => String(name).slice(0, 3)));
    expect(memories).toEqual(new Set(['e0 ', 'e1 ']));
    expect(readFileSync(join(at('pair'), 'README.md'), 'utf8')).toContain('2 engines in a chain');
    schemas.info.parse(await done('info', at('pair')));
  });

  test('is co-simulated as one, every layer compared', async () => {
    const json = await done('cosim', at('pair'), '--random', '14', '--seed', '9');
    schemas.cosim.parse(json);
    expect(json).toMatchObject({
      compared: { sums: 14 * 72, c: 14 * 18, h: 14 * 18, outputs: 14 * 3 },
      mismatches: 0,
      cyclesPerFrame: json.predictedCyclesPerFrame,
      latencyCycles: json.predictedLatencyCycles,
      protocol: { complaints: [] },
    });
  });

  test('simulates by itself', () => {
    const { status, stdout } = spawnSync('make', ['-C', join(at('pair'), 'sim')], {
      encoding: 'utf8',
    });
    expect(stdout).toContain('PASSED');
    expect(status).toBe(0);
    rmSync(join(at('pair'), 'sim/build'), { recursive: true });
  });

  test('takes another model, cut where its parts fit, and none that is too large', async () => {
    const rtl = (design: Design) =>
      [...design.files].filter(([path]) => path.startsWith('rtl/')).map(([, bytes]) => bytes);
    const before = readDesign(at('pair'));
    const error = await refused('images', at('large.safetensors'), at('pair'));
    expect(error).toMatchObject({ code: 'SHAPE_CONTRACT' });
    expect(error.message).toMatch(/^engine e\d: /);
    await done('images', at('other.safetensors'), at('pair'));
    const after = readDesign(at('pair'));
    expect(rtl(after)).toEqual(rtl(before));
    expect(after.manifest.configurationHash).toBe(before.manifest.configurationHash);
    expect(after.manifest.layers.map(({ engine }) => engine)).toEqual([0, 1, 1]);
    const json = await done('cosim', at('pair'), '--random', '4', '--no-protocol');
    expect(json).toMatchObject({ mismatches: 0, cyclesPerFrame: json.predictedCyclesPerFrame });
    await done('images', at('m.safetensors'), at('pair'));
    expect(readDesign(at('pair')).manifestText).toBe(before.manifestText);
  });

  test('says how it is made anew, where it does', () => {
    const { manifest, files } = readDesign(at('pair'));
    const bytes = files.get('model.safetensors') as Uint8Array;
    expect(generateAgain('pair', { ...manifest }, bytes)).toBe(
      'hcgs generate pair/model.safetensors --engines 2 --macs 16 --name pair -o pair',
    );
    const { engines } = manifest.parameters as unknown as { engines: readonly object[] };
    const other = engines.map((engine) => ({ ...engine, sumSlots: 2 }));
    const parameters = { ...manifest.parameters, engines: other };
    expect(generateAgain('pair', { ...manifest, parameters }, bytes)).toBeNull();
  });

  test('of a manifest that hcgs does not write is not run', () => {
    const own = readDesign(at('pair'));
    const engines = own.manifest.parameters.engines as readonly Record<string, unknown>[];
    const [first, last] = engines as [Record<string, unknown>, Record<string, unknown>];
    const { relays: _, ...plain } = first;
    const read = (parameters: object) =>
      foreignHardware({ ...own, manifest: { ...own.manifest, parameters } } as never);
    expect(read({ name: 'pair', engines })).not.toBeNull();
    for (const broken of [
      { name: 'pair', engines: [first] },
      { name: 'pair', engines, more: 1 },
      { name: 'other', engines },
      { name: 'pair', engines: [plain, last] },
      { name: 'pair', engines: [first, { ...last, relays: true }] },
      { name: 'pair', engines: [{ ...first, emit: 'last' }, last] },
      { name: 'pair', engines: [first, { ...last, name: '`include' }] },
      { name: 'pair', engines: [first, { ...last, cellLanes: 1000 }] },
      { name: 'pair', engines: [first, null] },
      { ...first, name: 'pair' },
    ]) {
      expect(read(broken), JSON.stringify(broken).slice(0, 80)).toBeNull();
    }
  });
});

test('engines that the network cannot be cut for are refused by name', async () => {
  const error = await refused('estimate', at('other.safetensors'), '--engines', '4');
  expect(error).toMatchObject({
    ...{ code: 'DESIGN_ENGINES', field: '--engines', expected: '1 to 2', got: 4 },
  });
});

test('what a device has room for is not predicted of a chain', async () => {
  const error = await refused('estimate', at('pair'), '--target', 'ecp5');
  expect(error).toMatchObject({ code: 'BAD_USAGE', field: '--target', got: 2 });
});
