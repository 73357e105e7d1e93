import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateAgain } from '../../generator/design/read/again.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { readDesign } from '../../generator/design/read/read.js';
import { modelBytes } from '../../generator/network/compressed/write.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

const drawn = ['random', '--inputs', '6', '--hidden', '8', '--outputs', '2'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-pipeline-'));
  await done(...drawn, '--seed', '1', '-o', at('one.safetensors'));
  await done(...drawn, '--seed', '2', '-o', at('two.safetensors'));
  const generate = ['generate', at('one.safetensors'), '--macs', '16'];
  await done(...generate, '--pipeline', 'short', '-o', at('short'));
  await done(...generate, '--pipeline', 'deep', '-o', at('deep'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a design says its pipeline, and how it is made again; deep is the usual one', () => {
  const short = readDesign(at('short'));
  const deep = readDesign(at('deep'));
  expect(short.manifest.parameters).toMatchObject({ pipeline: 'short' });
  expect(short.manifest.shape).toMatchObject({ pipeline: 'short' });
  expect(deep.manifest.parameters).not.toHaveProperty('pipeline');
  expect(deep.manifest.estimate).not.toHaveProperty('pipeline');
  const model = modelBytes(
    parseModel(new Uint8Array(short.files.get('model.safetensors') ?? []), 'm'),
  );
  expect(generateAgain('d', short.manifest, model)).toContain('--pipeline short');
  expect(generateAgain('d', deep.manifest, model)).not.toContain('--pipeline');
});

test('a manifest with another pipeline is not taken from elsewhere', () => {
  const design = readDesign(at('short'));
  const of = (pipeline: string | number | null) =>
    foreignHardware({
      ...design,
      manifest: { ...design.manifest, parameters: { ...design.manifest.parameters, pipeline } },
    });
  expect(of('short')).not.toBeNull();
  expect(of('balanced')).not.toBeNull();
  for (const other of ['deep', 'none', 3, null]) expect(of(other)).toBeNull();
});

test('the command line and a configuration file say it; anything else is refused', async () => {
  const config = at('config.ts');
  writeFileSync(config, "export default { macs: 16, pipeline: 'balanced' } as const;\n");
  const estimate = ['estimate', at('one.safetensors')];
  const [file, line, usual] = [
    await done(...estimate, '--config', config),
    await done(...estimate, '--config', config, '--pipeline', 'short'),
    await done(...estimate, '--macs', '16'),
  ];
  expect([file.pipeline, line.pipeline, usual.pipeline]).toEqual(['balanced', 'short', undefined]);
  expect(Number(line.cyclesPerFrame)).toBeLessThan(Number(file.cyclesPerFrame));
  expect(Number(file.cyclesPerFrame)).toBeLessThan(Number(usual.cyclesPerFrame));
  const wrong = await runCli([...estimate, '--pipeline', 'shallow']);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('--pipeline');
});

test('another model runs on the Verilog of a short design', async () => {
  await done('images', at('two.safetensors'), at('short'));
  expect(await done('cosim', at('short'), '--random', '5')).toMatchObject({ ok: true });
});
