import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adviceOn } from '../../generator/cli/synth/synth-advice.js';
import { placedModel } from '../../generator/design/read/placed-model.js';
import { readDesign } from '../../generator/design/read/read.js';
import type { FlowReport } from '../../generator/flow/report/report.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-same-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const model = at('a model.safetensors');
const tiny = at('tiny.safetensors');
const LOADED = ['--weights', 'loaded', '--load-bits', '16', '--protect', 'secded'];

beforeAll(async () => {
  const drawn = ['--inputs', '48', '--hidden', '24', '--outputs', '11', '--cell', 'dense-relu'];
  const pattern = ['--pattern', 'kernels', '--blocks', '8x8', '--rate', '4'];
  await runCli(['random', ...drawn, ...pattern, '--seed', '3', '-o', model]);
  await runCli(['generate', model, '--macs', '32', '-o', at('net')]);
  const small = ['--inputs', '8', '--hidden', '8', '--outputs', '2', '-o', tiny];
  await runCli(['random', ...small]);
  await runCli(['generate', tiny, '--macs', '4', ...LOADED, '-o', at('own')]);
});

const resources = async (...argv: readonly string[]) => {
  const { exitCode, json, stderr } = await runCli(['estimate', ...argv, '--json']);
  expect(exitCode, stderr).toBe(0);
  return json().resources as Record<string, unknown>;
};

describe('another MAC count', () => {
  test('of a design is looked for with its other options, as of its model', async () => {
    const on = ['--device', 'UP5K'];
    const { largestMacs } = await resources(tiny, '--macs', '4', ...LOADED, ...on);
    expect((await resources(at('own'), ...on)).largestMacs).toBe(largestMacs);
    expect((await resources(tiny, '--macs', '4', ...on)).largestMacs).not.toBe(largestMacs);
  });

  test('is advised for a network whose hidden units stand in another order', () => {
    const design = readDesign(at('net'));
    expect(placedModel(design).orders).not.toBeNull();
    const report = { fits: false, device: 'HX8K', luts: 13_000, registers: 9000 };
    expect(adviceOn(design, report as FlowReport)).toMatchObject({ largestMacs: 8 });
  });
});

test('the next command of an estimate has its options, as a shell takes them', async () => {
  const { stdout } = await runCli(['estimate', model, '--macs', '8', '--keep-order']);
  expect(stdout).toContain(`next: hcgs generate '${model}' --macs 8 --keep-order --name NAME`);
});
