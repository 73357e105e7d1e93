import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-blocks-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const draw = (blocks: string) =>
  runCli([
    ...['random', '--inputs', '60', '--hidden', '120', '--blocks', blocks, '--keep', '1/2'],
    ...['-o', at(`b${blocks}.safetensors`)],
  ]);
const said = async (...argv: readonly string[]) => {
  const { exitCode, stderr } = await runCli(argv);
  expect(exitCode, stderr).toBe(0);
  return /^hcgs: warning: (blocks of .*)$/m.exec(stderr)?.[1] ?? null;
};

describe('blocks whose size is no power of two', () => {
  test('are warned of when the pattern is made, without a word on others', async () => {
    expect((await draw('4')).stderr).not.toContain('warning');
    expect((await draw('5')).stderr).toContain(
      `warning: blocks of 5 have tiles of at most 1 x 1, where MACs may stand still; hcgs estimate ${at('b5.safetensors')} --macs N says how many`,
    );
  });

  test('are warned of with what they cost, where they cost something', async () => {
    await draw('4');
    await draw('5');
    const five = at('b5.safetensors');
    expect(await said('estimate', five, '--macs', '64')).toMatch(/ 6\.3 % of the MAC cycles/);
    expect(await said('estimate', five, '--macs', '16')).toBeNull();
    expect(await said('estimate', at('b4.safetensors'), '--macs', '64')).toBeNull();
    expect(await said('generate', five, '--macs', '64', '-o', at('net'))).toMatch(/ 6\.3 % /);
  });
});
