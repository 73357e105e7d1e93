import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

async function refused(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.exitCode).toBe(2);
  return outcome.json().error as Record<string, unknown>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-loaded-'));
  const drawn = ['random', '--inputs', '6', '--hidden', '16,8', '--outputs', '2', '--blocks', '4'];
  await done(...drawn, '--keep', '2/4', '--seed', '1', '-o', at('one.safetensors'));
  await done(...drawn, '--keep', '1/4', '--seed', '2', '-o', at('two.safetensors'));
  const generate = ['generate', at('one.safetensors'), '--macs', '16'];
  await done(...generate, '-o', at('rom'));
  await done(...generate, '--weights', 'loaded', '--load-bits', '8', '-o', at('narrow'));
  const both = ['--weights', 'loaded', '--residents', '2', '--fit', at('two.safetensors')];
  await done(...generate, ...both, '-o', at('both'));
  await done(...generate, '--weights', 'loaded', '--engines', '2', '-o', at('pair'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a design whose model is loaded', () => {
  test.each(['narrow', 'both', 'pair'])(
    'is what co-simulation finds it to be: %s',
    async (name) => {
      expect(await done('cosim', at(name), '--random', '20')).toMatchObject({ ok: true });
    },
  );

  test('has the cycles of one with ROMs, and says what a load takes', async () => {
    const [rom, narrow] = [await done('estimate', at('rom')), await done('estimate', at('narrow'))];
    const bytes = readFileSync(at('narrow/mem/narrow.bin')).length;
    expect(narrow.cyclesPerFrame).toBe(rom.cyclesPerFrame);
    expect(narrow.latencyCycles).toBe(rom.latencyCycles);
    expect(narrow.load).toMatchObject({ beatBits: 8, residents: 1, bytes });
    expect(rom).not.toHaveProperty('load');
  });

  test('simulates by itself', async () => {
    const { stdout } = await execa('make', ['-C', at('both/sim')]);
    expect(stdout).toContain('PASSED');
  });

  test('gives the bytes that load another model, and stays as it is', async () => {
    const before = readFileSync(at('both/design.json'));
    const two = ['images', at('two.safetensors'), at('both'), '--bin'];
    const first = await done(...two, '-o', at('first.bin'));
    const second = await done(...two, '--place', '1', '-o', at('second.bin'));
    expect([first.place, second.place]).toEqual([0, 1]);
    const [a, b] = [readFileSync(at('first.bin')), readFileSync(at('second.bin'))];
    expect([a.length, b.length]).toEqual([first.bytes, second.bytes]);
    expect(a.readUInt32LE(4 * 5)).toBe(0);
    expect(b.readUInt32LE(4 * 5)).toBe(1);
    expect(a.subarray(0, 4).toString()).toBe('HCGS');
    expect(readFileSync(at('both/design.json'))).toEqual(before);
  });

  test('takes another model in place, its bytes too', async () => {
    await done('images', at('two.safetensors'), at('both'));
    expect(readFileSync(at('both/mem/both.bin'))).toEqual(readFileSync(at('first.bin')));
    expect(await done('cosim', at('both'), '--random', '20')).toMatchObject({ ok: true });
  });

  test('says how it is made again, unless others have room in it', () => {
    const again = (name: string) => {
      const { manifest, files } = readDesign(at(name));
      return generateAgain('d', manifest, files.get('model.safetensors') ?? new Uint8Array());
    };
    expect(again('narrow')).toContain('--weights loaded --load-bits 8');
    expect(again('pair')).toContain('--weights loaded');
    expect(again('rom')).not.toContain('--weights');
  });

  test.each<[string, Record<string, unknown>]>([
    ['weights elsewhere', { weights: 'flash' }],
    ['a port of 12 bits', { loadBits: 12 }],
    ['too many places', { residents: 1000 }],
    ['a port of no load', { weights: undefined, loadBits: 8 }],
  ])('is not taken from elsewhere with %s', (_what, change) => {
    const design: Design = readDesign(at('narrow'));
    const parameters = JSON.parse(JSON.stringify({ ...design.manifest.parameters, ...change }));
    expect(foreignHardware(design)).not.toBeNull();
    expect(foreignHardware({ ...design, manifest: { ...design.manifest, parameters } })).toBeNull();
  });
});

describe('refused by name', () => {
  test.each<[string, readonly string[], Record<string, unknown>]>([
    ['places without loading', ['--residents', '2'], { field: '--residents' }],
    ['a port without loading', ['--load-bits', '8'], { field: '--load-bits' }],
    ['a port of 12 bits', ['--weights', 'loaded', '--load-bits', '12'], { field: '--load-bits' }],
    [
      'places beside streams',
      ['--weights', 'loaded', '--residents', '2', '--streams', '2'],
      { field: '--residents' },
    ],
  ])('%s', async (_what, options, report) => {
    const error = await refused('estimate', at('one.safetensors'), '--macs', '16', ...options);
    expect(error).toMatchObject({ code: 'DESIGN_OPTION', ...report });
  });

  test('another model beside one that is cut', async () => {
    const fit = ['--fit', at('two.safetensors'), '--engines', '2'];
    const error = await refused('estimate', at('one.safetensors'), '--macs', '16', ...fit);
    expect(error).toMatchObject({ code: 'DESIGN_ENGINES', field: '--engines', got: 2 });
  });

  test('bytes for ROMs, for a place that is not there, and what is said of them without', async () => {
    const two = ['images', at('two.safetensors')];
    expect(await refused(...two, at('rom'), '--bin')).toMatchObject({ code: 'NOT_LOADED' });
    const far = await refused(...two, at('both'), '--bin', '--place', '2');
    expect(far).toMatchObject({ field: '--place' });
    const alone = await refused(...two, at('both'), '--place', '1');
    expect(alone).toMatchObject({ code: 'BAD_USAGE', field: '--place' });
  });
});
