import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { runCli } from '../support/cli.js';

let folder: string;
let model: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-target-'));
  model = join(folder, 'model.safetensors');
  const { exitCode } = await runCli([
    ...['random', '--inputs', '16', '--hidden', '32', '--blocks', '8,4', '--keep', '1/2,1/2'],
    ...['--outputs', '5', '-o', model, '--json', '--quiet'],
  ]);
  expect(exitCode).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function estimated(...more: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli(['estimate', model, '--macs', '16', ...more, '--json', '--quiet']);
  expect(outcome.exitCode).toBe(0);
  const { resources } = schemas.estimate.parse(outcome.json());
  return resources as unknown as Record<string, unknown>;
}

describe('hcgs estimate --target', () => {
  test('predicts for the smallest device that fits', async () => {
    const resources = await estimated('--target', 'ecp5');
    expect(resources).toMatchObject({
      ...{ target: 'ecp5', device: 'LFE5U-12F', smallestDevice: 'LFE5U-12F' },
      ...{ fits: true, shortages: [] },
      products: expect.arrayContaining([
        expect.objectContaining({ block: 'u_array', count: 16, inMultipliers: 16 }),
      ]),
    });
  });

  test('takes the family from the device, in any case', async () => {
    const resources = await estimated('--device', 'xc7a100t');
    expect(resources).toMatchObject({ target: 'xilinx', device: 'XC7A100T', fits: true });
  });

  test('says what a device is too small for', async () => {
    const outcome = await runCli([
      'estimate',
      model,
      '--macs',
      '16',
      '--device',
      'hx1k',
      '--quiet',
      '--verbose',
    ]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toMatch(/^HX1K: does not fit: \d+ LUTs too few \(\d+ of 1280\)/m);
    expect(outcome.stdout).toMatch(/^multipliers +0 +0 +\d+ wanted, \d+ become logic$/m);
    expect(outcome.stdout).toMatch(/^weight banks: \d+ bits in \d+ SB_RAM40_4K of \d+ bits, /m);
    expect(outcome.stdout).toMatch(/^largest MAC count on HX1K: none fits$/m);
  });

  test('is null without a target', async () => {
    expect(await estimated()).toBeNull();
  });

  test('refuses a device that is not known, or of another family', async () => {
    for (const [given, known] of [
      [['--device', 'XYZ'], 'LFE5U-12F'],
      [['--target', 'ice40', '--device', 'LFE5U-25F'], 'HX1K'],
    ] as const) {
      const outcome = await runCli(['estimate', model, ...given, '--json']);
      expect(outcome.exitCode).toBe(2);
      expect(outcome.json().error).toMatchObject({
        ...{ code: 'DEVICE', field: '--device', got: given.at(-1) },
        expected: expect.stringContaining(known),
      });
    }
  });

  test('is about a design directory too', async () => {
    const design = join(folder, 'toy');
    expect(
      (await runCli(['generate', model, '--macs', '8', '-o', design, '--json'])).exitCode,
    ).toBe(0);
    const outcome = await runCli(['estimate', design, '--target', 'ice40', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(schemas.estimate.parse(outcome.json()).resources).toMatchObject({ target: 'ice40' });
  });
});
