import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);
async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome.json();
}
const random = (name: string, seed: number) =>
  done(
    ...['random', '--inputs', '6', '--hidden', '7,5', '--blocks', '4', '--keep', '1/2'],
    ...['--outputs', '3', '--seed', String(seed), '-o', at(name)],
  );
const verilog = (design: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(at(`${design}/rtl`))
      .sort()
      .map((file) => [file, readFileSync(at(`${design}/rtl/${file}`), 'utf8')]),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-style-'));
  await random('a.safetensors', 4);
  await random('b.safetensors', 5);
  await done(
    ...['generate', at('a.safetensors'), '--macs', '16', '--headroom', '6'],
    ...['--style', 'specialised', '-o', at('net')],
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('generate --style specialised', () => {
  test('keeps texts and the switch of the trace as its only parameters', () => {
    const parameters = [...verilog('net').values()].flatMap((text) => [
      ...text.matchAll(/^ *(?:parameter|localparam) (\w+)/gm),
    ]);
    expect(parameters.length).toBeGreaterThan(0);
    expect(
      parameters
        .map((match) => match[1])
        .filter((name) => !/_FILE(_\d+)?$|^MEM_DIR$|^TRACE$/.test(name as string)),
    ).toEqual([]);
  });

  test('is in design.json and in the hash of the configuration', async () => {
    const { manifest } = readDesign(at('net'));
    expect(manifest.parameters).toMatchObject({ style: 'specialised' });
    const generate = ['generate', at('a.safetensors'), '--macs', '16', '--headroom', '6'];
    const other = schemas.generate.parse(
      await done(...generate, '-o', at('plain'), '--name', 'net'),
    );
    expect(readDesign(at('plain')).manifest.parameters).toMatchObject({ style: 'parameterized' });
    expect(other.configurationHash).not.toBe(manifest.configurationHash);
    expect(verilog('plain').get('net_mac_array.v')).toContain('parameter TILE_ROWS');
  });

  test('can be asked for in a configuration file; the option overrides it', async () => {
    const config = `import type { DesignConfig } from 'hcgs';
export default { macs: 16, headroom: 6, style: 'specialised' } satisfies DesignConfig;\n`;
    writeFileSync(at('style.ts'), config);
    const generate = ['generate', at('a.safetensors'), '--config', at('style.ts'), '--name', 'net'];
    await done(...generate, '-o', at('configured'));
    expect(verilog('configured')).toEqual(verilog('net'));
    await done(...generate, '--style', 'parameterized', '-o', at('overridden'));
    expect(verilog('overridden').get('net_mac_array.v')).toContain('parameter TILE_ROWS');
  });

  test('refuses another word', async () => {
    const outcome = await runCli(['generate', at('a.safetensors'), '--style', 'vhdl', '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json().error).toMatchObject({ field: '--style', got: 'vhdl' });
  });

  test('co-simulates without a mismatch, with another model on the same Verilog too', async () => {
    const before = verilog('net');
    expect(schemas.cosim.parse(await done('cosim', at('net'), '--random', '8'))).toMatchObject({
      ok: true,
      mismatches: 0,
    });
    await done('images', at('b.safetensors'), at('net'));
    expect(verilog('net')).toEqual(before);
    expect(readDesign(at('net')).manifest.parameters).toMatchObject({ style: 'specialised' });
    expect(schemas.cosim.parse(await done('cosim', at('net'), '--random', '8'))).toMatchObject({
      ok: true,
      mismatches: 0,
    });
  });
});
