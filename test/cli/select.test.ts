import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { compress as schema } from '../../generator/cli/schemas/compress.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { indexBits } from '../../generator/sparsity/hcgs/count.js';
import { runCli } from '../support/cli.js';
import { hcgsOf } from '../support/hcgs-of.js';
import { stackOf } from '../support/stack.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-select-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** A dense network of 12 inputs, 16 cells and 3 classes, frames and labels. */
beforeAll(() => {
  const random = new Random(11);
  const tensor = (...shape: number[]): Tensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float64Array.from({ length }, () => 2 * random.unit() - 1);
    return { dtype: 'F32', shape, bytes: encodeElements('float32', values) };
  };
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor(64, 12)],
    ['lstm.weight_hh_l0', tensor(64, 16)],
    ['fc.weight', tensor(3, 16)],
    ['fc.bias', { dtype: 'F32', shape: [3], bytes: new Uint8Array(12) } as Tensor],
  ]);
  writeFileSync(at('net.safetensors'), writeSafetensors({ metadata: {}, tensors }));
  const data = Float64Array.from({ length: 6 * 5 * 12 }, () => random.unit());
  writeFileSync(at('f.npy'), writeNpy({ type: 'float32', shape: [6, 5, 12], data }));
  writeFileSync(at('l.npy'), writeNpy({ type: 'int32', shape: [6], data: [0, 1, 2, 0, 1, 2] }));
});

async function compress(name: string, options: string) {
  const argv = ['compress', at('net.safetensors'), '--calibrate', at('f.npy'), '-o', at(name)];
  const extra = options.split(' ').filter((word) => word !== '');
  const json = await runCli([...argv, ...extra, '--json', '--quiet']);
  expect([json.exitCode, json.stderr]).toEqual([0, '']);
  return { ...schema.parse(json.json()), argv: [...argv, ...extra] };
}

describe('hcgs compress --select', () => {
  it.each(['random', 'magnitude'] as const)('%s writes a model of that pattern', async (by) => {
    const report = await compress('m.safetensors', `--select ${by} --blocks 4,2 --keep 1/2,1/2`);
    // 12 columns: 2 of 3 blocks of 4, in them 1 of 2 of 2: 4 columns of 12; 16 columns: 4 of 16
    expect(report).toMatchObject({ weights: 64 * 28, keptWeights: 64 * 4 + 64 * 4 });
    expect(report.patterns).toMatchObject([
      { blocks: [4, 2], keep: [2, 1], kept: 256, sharing: 'shared' },
      { blocks: [4, 2], keep: [2, 1], kept: 256, sharing: 'shared' },
    ]);
    const model = await readModel(at('m.safetensors'));
    const matrices = stackOf(model).layers.flatMap(({ x, h }) => [x, h]);
    expect(matrices.map(({ patterns }) => hcgsOf(patterns[0]).keep)).toEqual([
      [2, 1],
      [2, 1],
    ]);
    expect(report.patterns.map((pattern) => pattern.indexBits)).toEqual(
      matrices.map(({ patterns }) =>
        patterns.reduce((sum, one) => sum + indexBits(hcgsOf(one)), 0),
      ),
    );
    expect(model.provenance.selection).toMatch(by === 'random' ? /^random, seed 1/ : /^mean/);
    expect(hcgsOf(stackOf(model).output?.weights.patterns[0]).blocks).toEqual([]);
  });

  it('reports the loss against the dense float network', async () => {
    const labels = `--labels ${at('l.npy')}`;
    const options = `--select random --seed 5 --mask per-gate --blocks 4 --keep 1/2 ${labels}`;
    const { selection, patterns, outputError } = await compress('m.safetensors', options);
    expect(selection).toMatchObject({ by: 'random', seed: 5, sharing: 'per-gate' });
    expect(patterns[0]?.sharing).toBe('per-gate');
    expect(selection?.loss.utterances).toBe(6);
    expect(selection?.loss.correct?.whole).toBeLessThanOrEqual(6);
    // quantisation is measured against the pruned network, and is much less than the loss of pruning
    expect(selection?.loss.error.rms).toBeGreaterThan(4 * outputError.rms);
  });

  it('loses nothing where every block is kept', async () => {
    const { selection } = await compress(
      'm.safetensors',
      '--select magnitude --blocks 4 --keep 1/1',
    );
    expect(selection).toMatchObject({ seed: null, loss: { sameDecisions: 6, correct: null } });
    expect(selection?.loss.error.rms).toBe(0);
  });

  it('gives the same file for the same seed, and another for another', async () => {
    const bytes = async (seed: number) => {
      await compress('s.safetensors', `--select random --blocks 4 --keep 1/2 --seed ${seed}`);
      return readFileSync(at('s.safetensors'));
    };
    const first = await bytes(7);
    expect(await bytes(7)).toEqual(first);
    expect(await bytes(8)).not.toEqual(first);
  });

  it('says plainly that a network pruned without retraining loses accuracy', async () => {
    const { argv } = await compress('m.safetensors', '--select magnitude --blocks 4 --keep 1/2');
    const { stdout } = await runCli([...argv, '--labels', at('l.npy')]);
    // 12 columns: 2 of 3 blocks; 16 columns: 2 of 4: 4 x 16 x (8 + 8)
    expect(stdout).toMatch(
      /^pattern chosen by magnitude: 1024 of 1792 recurrent weights kept, 32 index bits$/m,
    );
    expect(stdout).toMatch(
      /float outputs with the pattern against those without: r\.m\.s\. error \S+ \(\S+ %\)/,
    );
    expect(stdout).toMatch(/\d of 6 decisions the same, correct \d instead of \d of 6$/m);
    expect(stdout).toContain('pruned without retraining, a network loses accuracy');
  });

  it('has no such report where the zeros say the pattern', async () => {
    expect((await compress('m.safetensors', '')).selection).toBeNull();
  });

  it('refuses what does not fit together or to the network', async () => {
    const failing = async (options: string) => {
      const argv = ['compress', at('net.safetensors'), '--calibrate', at('f.npy')];
      const extra = ['-o', at('no.safetensors'), ...options.split(' '), '--json'];
      const { exitCode, json } = await runCli([...argv, ...extra]);
      expect(exitCode).toBe(2);
      return (json().error as { code: string }).code;
    };
    expect(await failing('--select magnitude --dense')).toBe('BAD_USAGE');
    expect(await failing('--keep 1/2 --blocks 4')).toBe('BAD_USAGE');
    const two = '--blocks 4 --blocks 8 --keep 1/2';
    expect(await failing(`--select random ${two}`)).toBe('BLOCKS_COUNT');
  });
});
