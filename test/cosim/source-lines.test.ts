import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { readDesign } from '../../generator/design/read/read.js';
import { writeDesign } from '../../generator/design/write/write.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-source-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome.json();
}

/** A copy of the design in which one module is wrong. */
async function mutated(name: string, file: string, from: string, to: string): Promise<string> {
  const { manifest, files } = readDesign(at('net'));
  const text = Buffer.from(files.get(file) as Uint8Array).toString();
  expect(text.split(from)).toHaveLength(2);
  const changed = new Map<string, string | Uint8Array>([...files, [file, text.replace(from, to)]]);
  await writeDesign(at(name), manifest, changed);
  return at(name);
}

beforeAll(async () => {
  await done(
    ...['random', '--inputs', '6', '--hidden', '7', '--blocks', '4', '--keep', '1/2'],
    ...['--outputs', '3', '--seed', '4', '-o', at('model.safetensors')],
  );
  await done('generate', at('model.safetensors'), '--macs', '16', '-o', at('net'));
});

describe('a mismatch names the source line of its register', () => {
  it.each([
    ['h', 'rtl/net_lstm_lane.v', 'hidden <= hidden_clamped', 'hidden <= ~hidden_clamped', 'hidden'],
    ['outputs', 'rtl/net_frame_output.v', '{asked_last, data}', '{asked_last, ~data}', 'queue'],
  ])('%s', async (tensor, file, from, to, held) => {
    const design = await mutated(tensor, file, from, to);
    const outcome = await runCli([
      ...['cosim', design, '--random', '3', '--trust', '--junit', at('report.xml'), '--json'],
    ]);
    expect(outcome.exitCode, outcome.stderr).toBe(1);
    const { firstMismatch } = schemas.cosim.parse(outcome.json());
    expect(firstMismatch?.tensor).toBe(tensor);
    const [register, ...others] = firstMismatch?.registers ?? [];
    expect(others).toEqual([]);
    const [place] = register?.drivenAt ?? [];
    const [path, line] = (place as string).split(':') as [string, string];
    const source = readFileSync(path, 'utf8').split('\n')[Number(line) - 1] as string;
    // the statement whose Verilog was changed
    const name = register?.signal.replace(/.*\./, '');
    expect(name).toBe(held);
    expect(source).toMatch(new RegExp(`set\\(.*${name}`));

    const told = `held by ${register?.signal}, set at ${place}`;
    expect(readFileSync(at('report.xml'), 'utf8')).toContain(told);
    const text = await runCli(['cosim', design, '--random', '3', '--trust']);
    expect(text.stdout).toMatch(/first mismatch: .*\n {2}held by /);
    expect(text.stdout).toContain(told);
  });

  it('and only the register where the design was made without source lines', async () => {
    const generate = ['generate', at('model.safetensors'), '--macs', '16', '--no-source'];
    await done(...generate, '-o', at('bare'), '--name', 'net');
    const { files, manifest } = readDesign(at('bare'));
    for (const [path, bytes] of files) {
      if (path.startsWith('rtl/')) expect(Buffer.from(bytes).toString()).not.toContain('@[');
    }
    expect(JSON.stringify(manifest.signals)).not.toContain('generator/');
    const located = readDesign(at('net'));
    expect(Buffer.from(located.files.get('rtl/net_core.v') as Uint8Array).toString()).toContain(
      '@[generator/accelerator/core/core.ts:',
    );
    expect(manifest.configurationHash).toBe(located.manifest.configurationHash);
    expect(manifest.registers).not.toEqual(located.manifest.registers);
  });

  it('images keeps the lines', async () => {
    await done(...['generate', at('model.safetensors'), '--macs', '16', '-o', at('again')]);
    const before = readDesign(at('again'));
    await done('images', at('model.safetensors'), at('again'));
    const after = readDesign(at('again'));
    expect(after.manifest).toEqual(before.manifest);
  });
});
