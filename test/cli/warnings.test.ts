import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { busyCounter as original } from '../../generator/accelerator/stream/busy-counter.js';
import { bit, high, type Waiver } from '../../generator/hdl/index.js';
import { runCli } from '../support/cli.js';

type BusyCounter = ReturnType<typeof original>;

/** What the block of these tests waives. */
let waivers: readonly Waiver[] = [];

vi.mock('../../generator/accelerator/stream/busy-counter.js', async (importOriginal) => {
  const { busyCounter } = await importOriginal<{ busyCounter(prefix: string): BusyCounter }>();
  const spare: BusyCounter['items'][number] = {
    ...{ kind: 'signal', name: 'spare', type: bit, storage: 'wire', value: high, doc: '' },
    site: `${import.meta.filename}:1:1`,
  };
  return {
    busyCounter: (prefix: string): BusyCounter => {
      const module = busyCounter(prefix);
      return { ...module, items: [...module.items, spare], waivers };
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), 'hcgs-warnings-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const sizes = ['--inputs', '4', '--hidden', '4', '--blocks', '4', '--keep', '1/1'];
  await runCli(['random', ...sizes, '--outputs', '2', '-o', at('model.safetensors')]);
});
const generate = (name: string, ...options: string[]) =>
  runCli(['generate', at('model.safetensors'), '-o', at(name), '--name', 'net', ...options]);

test('a warning of a block reaches the terminal', async () => {
  waivers = [];
  const { exitCode, stderr } = await generate('warned');
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    'hcgs: warning UNREAD in net_busy_counter/spare: nothing reads this wire\n',
  );
  expect(stderr).toContain('  fix: remove it, or pass it to unused()');
  const { stderr: beside, json } = await generate('as-json', '--json');
  expect(beside).toContain('hcgs: warning UNREAD in net_busy_counter/spare');
  expect(json()).not.toHaveProperty('notes');
});

test('and does not where the block waives it', async () => {
  waivers = [{ code: 'UNREAD', path: 'spare', why: 'a test' }];
  const { exitCode, stdout, stderr } = await generate('waived');
  expect(exitCode).toBe(0);
  expect(stdout + stderr).not.toContain('UNREAD');
});
