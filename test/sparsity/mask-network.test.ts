import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { compressCommand } from '../../generator/cli/compress/compress.js';
import { inspectCommand } from '../../generator/cli/inspect/inspect.js';
import { compress as compressSchema } from '../../generator/cli/schemas/compress.js';
import { inspect as inspectSchema } from '../../generator/cli/schemas/inspect.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { programOf } from '../../generator/network/program.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-mask-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [INPUTS, CELLS] = [24, 32];

const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'F32',
  shape: [...shape],
  bytes: encodeElements('float32', values),
});

/** A state_dict of an LSTM of which `l1_unstructured` has left one weight in ten of each tensor. */
function pruned(seed: number) {
  const random = new Random(seed);
  const values = (columns: number) => {
    const all = Array.from({ length: 4 * CELLS * columns }, () => 2 * random.unit() - 1);
    const sizes = all.map(Math.abs).sort((a, b) => b - a);
    const least = sizes[Math.round(all.length / 10) - 1] as number;
    return all.map((value) => (Math.abs(value) < least ? 0 : value));
  };
  const [x, h] = [values(INPUTS), values(CELLS)];
  const bias = Array.from({ length: 4 * CELLS }, () => 0);
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor([4 * CELLS, INPUTS], x)],
    ['lstm.weight_hh_l0', tensor([4 * CELLS, CELLS], h)],
    ['lstm.bias_ih_l0', tensor([4 * CELLS], bias)],
    ['lstm.bias_hh_l0', tensor([4 * CELLS], bias)],
  ]);
  const path = join(folder, `pruned-${seed}.safetensors`);
  writeFileSync(path, writeSafetensors({ metadata: {}, tensors }));
  return { path, x, h };
}

const NOTE =
  'no pattern explains all zeros, so they are taken as a mask, a bit for each position: 10.0 index bits for each kept weight';

test('a state_dict of unstructured zeros is compressed as it is, with a note of the cost', async () => {
  const { path, x, h } = pruned(3);
  const out = join(folder, 'model.safetensors');
  const argv = ['compress', path, '--calibrate-noise', '1', '-o', out];
  const { exitCode, json } = await runCli([...argv, '--json', '--quiet'], [compressCommand]);
  expect(exitCode).toBe(0);
  const report = compressSchema.parse(json());
  expect(report.notes).toContain(NOTE);
  expect(report.notes.filter((note) => note.includes('near a pattern'))).toEqual([]);
  const kept = [x, h].map((values) => values.filter((value) => value !== 0).length);
  expect(report.patterns).toMatchObject([
    { pattern: 'mask', sharing: 'per-gate', kept: kept[0], indexBits: 4 * CELLS * INPUTS },
    { pattern: 'mask', sharing: 'per-gate', kept: kept[1], indexBits: 4 * CELLS * CELLS },
  ]);
  const [pass] = programOf(await readModel(out)).passes;
  [x, h].forEach((values, side) => {
    const masks = pass?.operands[side]?.matrix.patterns.map((own) => [...keptMask(own).kept]);
    expect(masks?.flat()).toEqual(values.map((value) => (value === 0 ? 0 : 1)));
  });
  const text = await runCli(argv, [compressCommand]);
  expect(text.stdout).toContain(`note: ${NOTE}`);
  expect(text.stdout).toMatch(/^lstm\.weight_ih_l0 +mask +\d+ +3072 +per-gate +-$/m);
});

test('inspect says that nothing explains them, and what compress does', async () => {
  const { path } = pruned(4);
  const text = await runCli(['inspect', path], [inspectCommand]);
  expect(text.stdout).toContain(NOTE);
  expect(text.stdout).toMatch(/^lstm\.weight_hh_l0 +a pattern +per-gate +\d+ +0 +4096 +\d+ +\d+$/m);
  expect(text.stdout).toContain('takes the zeros as they are (mask) and quantises');
  const { json } = await runCli(['inspect', path, '--json', '--quiet'], [inspectCommand]);
  const report = inspectSchema.parse(json());
  expect(report).toMatchObject({
    matrices: [{ kind: 'exact', patterns: [{ pattern: 'mask' }] }, { kind: 'exact' }],
    search: { found: [{ pattern: 'mask', sharing: 'per-gate' }, {}] },
  });
});
