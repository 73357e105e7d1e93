import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { contentHash } from '../../generator/design/manifest/manifest.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr + outcome.stdout).toBe(0);
  return outcome.json();
}

const network = (seed: number, name: string) =>
  done(
    ...['random', '--inputs', '7', '--hidden', '12,8', '--blocks', '4', '--keep', '1/2'],
    ...['--outputs', '3', '--seed', `${seed}`, '-o', at(name)],
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-protect-'));
  await network(2, 'm.safetensors');
  const generate = ['generate', at('m.safetensors'), '--macs', '8'];
  await done(...generate, '--protect', 'secded', '-o', at('roms'));
  await done(...generate, '--protect', 'parity', '--weights', 'loaded', '-o', at('filled'));
  await done(...generate, '--protect', 'parity', '--engines', '2', '-o', at('pair'));
  await done(...generate, '-o', at('plain'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a design with check bits', () => {
  test('is estimated with them, in the cycles of one without', async () => {
    const figures = async (...options: readonly string[]) =>
      schemas.estimate.parse(
        await done('estimate', at('m.safetensors'), '--macs', '8', ...options),
      );
    const [plain, secded] = [await figures(), await figures('--protect', 'secded')];
    expect(secded.protection?.kind).toBe('secded');
    expect(secded.protection?.checkBits).toBeGreaterThan(0);
    expect(secded.cyclesPerFrame).toBe(plain.cyclesPerFrame);
    expect(secded.weightBits).toBe(plain.weightBits);
    expect(plain.protection).toBeUndefined();
    const text = await runCli([
      'estimate',
      at('m.safetensors'),
      '--macs',
      '8',
      '--protect',
      'secded',
    ]);
    expect(text.stdout).toContain(
      `check bits: ${secded.protection?.checkBits} beside them, secded`,
    );
  });

  test.each(['roms', 'filled', 'pair'])('can be made anew from itself: %s', async (name) => {
    const { manifest, files } = readDesign(at(name));
    const model = files.get('model.safetensors') as Uint8Array;
    const command = generateAgain(at(name), { ...manifest }, model) ?? '';
    expect(command).toContain(name === 'roms' ? '--protect secded' : '--protect parity');
    const before = readFileSync(at(`${name}/design.json`), 'utf8');
    await done(...command.split(' ').slice(1));
    expect(readFileSync(at(`${name}/design.json`), 'utf8')).toBe(before);
  });

  test('takes another model, with the check bits of its words', async () => {
    await network(5, 'other.safetensors');
    await done(
      'generate',
      at('other.safetensors'),
      '--macs',
      '8',
      '--protect',
      'secded',
      '--name',
      'roms',
      '-o',
      at('fresh'),
    );
    await done('images', at('other.safetensors'), at('roms'));
    const image = (name: string) => readFileSync(at(`${name}/mem/roms_weights_0.mem`), 'utf8');
    expect(image('roms')).toBe(image('fresh'));
    expect(schemas.cosim.parse(await done('cosim', at('roms'), '--random', '4')).ok).toBe(true);
  });

  test('simulates by itself', async () => {
    const { stdout } = await execa('make', ['-s', '-C', at('filled/sim')]);
    expect(stdout).toContain('PASSED');
    rmSync(at('filled/sim/build'), { recursive: true });
  });

  test('is set in a configuration file as well', async () => {
    writeFileSync(
      at('config.ts'),
      "import type { DesignConfig } from 'hcgs';\nexport default { protect: 'parity' } satisfies DesignConfig;\n",
    );
    const figures = await done('estimate', at('m.safetensors'), '--config', at('config.ts'));
    expect(schemas.estimate.parse(figures).protection?.kind).toBe('parity');
  });

  test('is refused where a manifest names a protection that there is not', async () => {
    const file = at('plain/design.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    manifest.parameters.protect = 'secded_encoder (); initial $system("id"); x';
    manifest.designHash = contentHash(manifest);
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    const outcome = await runCli(['cosim', at('plain'), '--random', '1', '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json().error).toMatchObject({ code: 'DESIGN_NOT_OURS' });
  });
});
