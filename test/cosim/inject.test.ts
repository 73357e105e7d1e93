import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { injection } from '../../generator/cli/schemas/designs.js';
import { failureSchema, schemas } from '../../generator/cli/schemas/schemas.js';
import { faultLines } from '../../generator/cosim/inject/inject.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-inject-'));
  const shape = ['--inputs', '6', '--hidden', '8', '--outputs', '3'];
  await runCli(['random', ...shape, '-o', at('m.safetensors')]);
  await runCli(['generate', at('m.safetensors'), '--macs', '8', '-o', at('tiny')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a fault that is injected', () => {
  test.each([1, 2, 3])('is found, seed %i', async (seed) => {
    const outcome = await runCli([
      ...['cosim', at('tiny'), '--inject', String(seed), '--junit', at('report.xml'), '--json'],
    ]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const { injected } = injection.parse(outcome.json());
    expect(injected.seed).toBe(seed);
    expect(injected.found).not.toBeNull();
    // what is said of it is what the design has there
    const lines = readFileSync(at(join('tiny', injected.file)), 'utf8').split('\n');
    const text = lines
      .slice(injected.line - 1)
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(text).toContain(injected.from);
    expect(readFileSync(at('report.xml'), 'utf8')).toContain('name="injected fault"/>');
  });

  test('leaves the design as it is, which has no fault', async () => {
    const sound = await runCli(['cosim', at('tiny'), '--random', '2', '--json']);
    expect(sound.exitCode).toBe(0);
    expect(schemas.cosim.parse(sound.json()).mismatches).toBe(0);
  });

  test('that is not found says what to do', () => {
    const fault = { seed: 4, file: 'rtl/a.v', line: 7, kind: 'constant', from: "4'd3", to: "4'd4" };
    expect(faultLines(fault, false)).toEqual([
      "injected into rtl/a.v, line 7 (constant): 4'd3 -> 4'd4",
      expect.stringContaining('--inject 5'),
    ]);
  });

  test.each(['--netlist=ecp5', '--activity=a.json', '--outputs=y.npy'])(
    'goes without %s',
    async (option) => {
      const outcome = await runCli(['cosim', at('tiny'), '--inject', '1', option, '--json']);
      expect(failureSchema.parse(outcome.json()).error).toMatchObject({
        code: 'BAD_USAGE',
        field: '--inject',
      });
    },
  );
});
