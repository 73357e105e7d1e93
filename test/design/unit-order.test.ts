import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TensorComparison } from '../../generator/cosim/scoreboard/tensor-comparison.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { placedModel } from '../../generator/design/read/placed-model.js';
import { type Design, readDesign } from '../../generator/design/read/read.js';
import { runCli } from '../support/cli.js';
import { refusal } from '../support/refusal.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: string[]): Promise<string> {
  const outcome = await runCli([...argv, '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.stdout;
}

const random = (name: string, seed: string) =>
  done(
    ...['random', '--cell', 'dense-relu', '--inputs', '128', '--seed', seed],
    ...['--hidden', '128,128,128', '--blocks', '16,4', '--keep', '1/4,1/4', '-o', at(name)],
  );
const ordersOf = (name: string) => placedModel(readDesign(at(name))).orders;
const words = /hidden units of layers 0, 1: in another order, which saves cycles/;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-order-'));
  await random('one.safetensors', '3');
  await random('two.safetensors', '4');
  expect(await done('generate', at('one.safetensors'), '--macs', '16', '-o', at('one'))).toMatch(
    words,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a design whose hidden units stand in another order', () => {
  test('has the model as it was given, and says where its units are', async () => {
    expect(readFileSync(join(at('one'), 'model.safetensors'))).toEqual(
      readFileSync(at('one.safetensors')),
    );
    const orders = ordersOf('one');
    expect(orders?.map((order) => order?.length ?? null)).toEqual([128, 128, null]);
    expect(await done('info', at('one'))).toMatch(words);
  });

  test('is estimated as it is, and in the order of the model with --keep-order', async () => {
    const cycles = async (...argv: string[]) =>
      JSON.parse(await done('estimate', ...argv, '--json')).cyclesPerFrame as number;
    const own = await cycles(at('one'));
    expect(await cycles(at('one.safetensors'), '--macs', '16')).toBe(own);
    const kept = await cycles(at('one.safetensors'), '--macs', '16', '--keep-order');
    expect(kept).toBeGreaterThan(own);
  });

  test('gets another one with another model, or none', async () => {
    const before = ordersOf('one');
    await done('images', at('two.safetensors'), at('one'));
    expect(ordersOf('one')).not.toEqual(before);
    await done('images', at('two.safetensors'), at('one'), '--keep-order');
    expect(ordersOf('one')).toBeNull();
    await done('images', at('one.safetensors'), at('one'));
    expect(ordersOf('one')).toEqual(before);
  });

  test('in the order of its model is made anew so', async () => {
    const { tileRows, tileColumns, cellLanes } = readDesign(at('one')).manifest.parameters;
    await done(
      ...['generate', at('one.safetensors'), '--macs', '16', '--keep-order', '-o', at('kept')],
      ...['--tile-rows', `${tileRows}`, '--tile-columns', `${tileColumns}`],
      ...['--cell-lanes', `${cellLanes}`],
    );
    const command = (name: string) => {
      const { manifest, files } = readDesign(at(name));
      return generateAgain(at(name), manifest, files.get(manifest.model.file) as Uint8Array);
    };
    expect(command('kept')).toMatch(/--macs 16 .*--keep-order --name kept/);
    expect(command('one')).not.toContain('--keep-order');
  });

  test.each([
    ['a unit twice', (order: number[]) => order.with(0, order[16] as number)],
    ['a block that is broken', (order: number[]) => [...order.slice(1), order[0] as number]],
    ['a unit that is none', (order: number[]) => order.with(3, 128)],
    ['too few', (order: number[]) => order.slice(16)],
  ])('is refused with %s', (_, broken) => {
    const design = readDesign(at('one'));
    const trace = structuredClone(design.manifest.trace) as { layers: { order: number[] }[] };
    const [first] = trace.layers as [{ order: number[] }];
    first.order = broken(first.order);
    const other = { ...design, manifest: { ...design.manifest, trace } } as unknown as Design;
    expect(refusal(() => placedModel(other))).toMatchObject({
      code: 'DESIGN_RECORDS',
      field: 'trace.layers.0.order',
    });
  });

  test('names a wrong value by its row in the model', () => {
    const order = [2, 0, 1];
    const comparison = new TensorComparison(1, 'y', 3, null, 'value', order);
    comparison.compare(0, Int32Array.of(7, 8, 9), Int32Array.of(7, 8, 5), Float64Array.of(4, 4, 4));
    expect(comparison.first).toMatchObject({ layer: 1, row: 1, expected: 9, actual: 5 });
  });
});
