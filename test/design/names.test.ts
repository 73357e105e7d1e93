import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDesignName } from '../../generator/design/manifest/name.js';
import { runCli } from '../support/cli.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-names-'));
  await runCli(['random', '--inputs', '2', '--hidden', '2', '-o', join(folder, 'm.safetensors')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the name of a design', () => {
  test.each(['_out', 'TOP', '_', '__PVT__x', 'wire', 'logic', 'entity', 'clk', '1st', 'a-b', 'é'])(
    '%s is refused before anything is written',
    async (name) => {
      const place = join(folder, 'design');
      const argv = ['generate', join(folder, 'm.safetensors'), '--name', name, '-o', place];
      const { exitCode, stderr } = await runCli(argv);
      expect([exitCode, existsSync(place)]).toEqual([2, false]);
      expect(stderr).toContain(`'${name}' cannot name a design: `);
    },
  );

  // Verilator builds designs of these names, and lint says nothing
  test.each(['top', 'x_', 'a__b', 'V', 'con', 'nul', 'main', 'std', 'mem', 'Tiny', 'int8_t'])(
    '%s is taken',
    (name) => {
      expect(() => checkDesignName(name, '--name')).not.toThrow();
    },
  );
});
