import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { frontOf, type TriedPoint } from '../../generator/cli/compress/search-report.js';
import { compress as schema } from '../../generator/cli/schemas/compress.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import {
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from '../../generator/network/formats/safetensors.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import type { Pattern } from '../../generator/sparsity/registry.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-search-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const NET = ['net.safetensors', 'f.npy', 'l.npy'].map(at) as [string, string, string];
const [NETWORK, FRAMES, LABELS] = NET;
const DATA = ['--calibrate', FRAMES];

/** Two dense layers of 8 and 16 cells on 12 inputs, 3 classes, ten utterances of 5 frames. */
beforeAll(() => {
  const random = new Random(11);
  const tensor = (...shape: number[]): Tensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float64Array.from({ length }, () => 2 * random.unit() - 1);
    return { dtype: 'F32', shape, bytes: encodeElements('float32', values) };
  };
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor(32, 12)],
    ['lstm.weight_hh_l0', tensor(32, 8)],
    ['lstm.weight_ih_l1', tensor(64, 8)],
    ['lstm.weight_hh_l1', tensor(64, 16)],
    ['fc.weight', tensor(3, 16)],
    ['fc.bias', tensor(3)],
  ]);
  writeFileSync(NETWORK, writeSafetensors({ metadata: {}, tensors }));
  const data = Float64Array.from({ length: 10 * 5 * 12 }, () => random.unit());
  writeFileSync(FRAMES, writeNpy({ type: 'float32', shape: [10, 5, 12], data }));
  const labels = Array.from({ length: 10 }, (_, u) => u % 3);
  writeFileSync(LABELS, writeNpy({ type: 'int32', shape: [10], data: labels }));
});

async function compress(name: string, ...options: string[]) {
  const argv = ['compress', NETWORK, '-o', at(name), ...options, '--json', '--quiet'];
  const { exitCode, stderr, json } = await runCli(argv);
  expect([exitCode, stderr]).toEqual([0, '']);
  return schema.parse(json());
}

async function search(name: string, budget: string, ...options: string[]) {
  const report = await compress(name, '--search', '--budget', budget, '--macs', '4', ...options);
  const { patternSearch } = report;
  if (patternSearch === null) throw new Error('no search');
  return { ...report, patternSearch };
}

/** Every position of all gates, 1 where it is kept. */
function keptOf(patterns: readonly Pattern[], positions: number): number[] {
  const masks = patterns.map((pattern) => [...keptMask(pattern).kept]);
  const own = masks.flat();
  return Array.from({ length: positions / own.length }, () => own).flat();
}

/** Cycles and bits as `estimate` has them. */
async function estimated(name: string, ...options: string[]) {
  const { json } = await runCli(['estimate', at(name), '--macs', '4', ...options, '--json']);
  const { cyclesPerFrame, weightBits, indexBits } = json() as Record<string, number>;
  return { cycles: cyclesPerFrame, bits: (weightBits as number) + (indexBits as number) };
}

describe('hcgs compress --search', () => {
  it('meets a budget of cycles on frames, and says what it costs on frames not seen', async () => {
    const { patternSearch, patterns, keptWeights, selection } = await search(
      'cycles.safetensors',
      'cycles=320',
      ...[...DATA, '--labels', LABELS],
    );
    const { cycles, bits, heldOut, front, tried, frames } = patternSearch;
    expect(cycles).toBeLessThanOrEqual(320);
    expect(await estimated('cycles.safetensors')).toEqual({ cycles, bits });
    expect(patternSearch).toMatchObject({ by: 'outputs', weights: 'fitted' });
    expect(frames).toEqual({ fitted: 40, judged: 10, heldOut: 10 });
    expect(heldOut).toMatchObject({ utterances: 2, correct: { whole: expect.any(Number) } });
    expect([selection, patternSearch.forms.length]).toEqual([null, patterns.length]);
    expect(keptWeights).toBeLessThan(32 * 20 + 64 * 24);
    // the front is made of what was tried, and nothing in it is as good as another one
    for (const point of front) expect(tried).toContainEqual(point);
    expect(frontOf(front)).toEqual(front);
  });

  it('gives the same file and the same report again', async () => {
    const [first, second] = ['a.safetensors', 'b.safetensors'];
    const a = await search(first, 'cycles=280', ...DATA);
    const b = await search(second, 'cycles=280', ...DATA);
    expect(b).toEqual({ ...a, file: b.file });
    expect(readFileSync(at(second))).toEqual(readFileSync(at(first)));
  });

  it('meets a budget of bits, with weights as trained, one pattern for the gates', async () => {
    const { patternSearch, patterns } = await search(
      'bits.safetensors',
      'bits=5000',
      ...[...DATA, '--keep-weights', '--mask', 'shared'],
    );
    expect(patternSearch.bits).toBeLessThanOrEqual(5000);
    const { cycles, bits } = patternSearch;
    expect(await estimated('bits.safetensors')).toEqual({ cycles, bits });
    expect(patternSearch).toMatchObject({ weights: 'trained', frames: { fitted: 0 } });
    expect(patterns.map(({ sharing }) => sharing)).toEqual(patterns.map(() => 'shared'));
  });

  it('judges by the weights alone where frames are noise', async () => {
    const { patternSearch } = await search(
      'noise.safetensors',
      'cycles=300',
      ...['--calibrate-noise', '1'],
    );
    expect(patternSearch).toMatchObject({
      ...{ by: 'weights', weights: 'trained', frames: null, heldOut: null },
    });
    expect(patternSearch.cycles).toBeLessThanOrEqual(300);
  });

  it('plans for the design that is asked for, and says all of it to a person', async () => {
    const argv = ['compress', NETWORK, ...DATA, '-o', at('two.safetensors')];
    const options = ['--search', '--budget', 'cycles=300', '--macs', '4', '--engines', '2'];
    const { exitCode, stdout } = await runCli([...argv, ...options, '--quiet']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/patterns chosen by a search, at most 300 cycles: \d+ cycles per frame/);
    expect(stdout).toMatch(/on 10 frames that the search has not seen: r\.m\.s\. error/);
    expect(stdout).toContain('front:');
    const cycles = Number(/at most 300 cycles: (\d+) cycles/.exec(stdout)?.[1]);
    expect((await estimated('two.safetensors', '--engines', '2')).cycles).toBe(cycles);
    const { provenance } = await readModel(at('two.safetensors'));
    expect(provenance.selection).toBe(
      'least error of the outputs within 300 cycles, kept weights and biases fitted to frames',
    );
  });

  it.each([
    ['--search', 'BAD_USAGE', '--search needs --budget'],
    ['--search --budget cycles=9 --select magnitude', 'BAD_USAGE', '--search and --select exclude'],
    ['--search --budget cycles=9 --pattern rows', 'BAD_USAGE', '--search and --pattern exclude'],
    ['--search --budget cycles=9 --rate 2', 'BAD_USAGE', '--search and --rate exclude'],
    ['--search --budget cycles=9 --dense', 'BAD_USAGE', '--search and --dense exclude'],
    ['--search --budget cycles=many', 'BAD_OPTION_VALUE', '--budget: expected cycles=N or bits=N'],
    ['--search --budget cycles=0', 'BAD_OPTION_VALUE', '--budget: expected cycles=N or bits=N'],
    ['--search --budget bits=9 --words auto', 'BAD_USAGE', '--budget bits=N and --words auto'],
    ['--search --budget cycles=40', 'SEARCH_BUDGET', '--budget cycles: expected at least'],
    ['--search --budget cycles=900 --macs 7', 'SEARCH_BUDGET', '7 MACs do not fit'],
    ['--budget cycles=900', 'BAD_USAGE', '--budget needs --search'],
    ['--keep-weights', 'BAD_USAGE', '--keep-weights needs --search'],
    ['--macs 64', 'BAD_USAGE', '--macs needs --search'],
    ['--export-masks m.safetensors', 'BAD_USAGE', '--export-masks needs --select or --search'],
  ])('refuses %s', async (options, code, message) => {
    const argv = ['compress', NETWORK, ...DATA, '-o', at('x.safetensors'), '--json', '--quiet'];
    const { exitCode, json } = await runCli([...argv, ...options.split(' ')]);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code, message: expect.stringContaining(message) } });
  });

  it('refuses fewer frames than it needs', async () => {
    writeFileSync(
      at('few.npy'),
      writeNpy({ type: 'float32', shape: [1, 7, 12], data: new Float64Array(7 * 12).fill(1) }),
    );
    const argv = ['compress', NETWORK, '--calibrate', at('few.npy'), '-o', at('x.safetensors')];
    const { exitCode, stderr } = await runCli([...argv, '--search', '--budget', 'cycles=300']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/few\.npy: shape: expected at least 8 frames, .* got 7/),
    ]);
  });
});

describe('--export-masks', () => {
  /** The network with its weights times masks. */
  function masked(masks: string, name: string): string {
    const source = readSafetensors(readFileSync(NETWORK), NETWORK);
    const own = readSafetensors(readFileSync(masks), masks);
    const tensors = new Map(source.tensors);
    for (const [weights, { dtype, shape, bytes }] of own.tensors) {
      const tensor = source.tensors.get(weights) as Tensor;
      expect([dtype, shape]).toEqual(['U8', tensor.shape]);
      const data = Uint8Array.from(tensor.bytes);
      const values = new Float32Array(data.buffer);
      bytes.forEach((kept, i) => {
        if (kept === 0) values[i] = 0;
      });
      tensors.set(weights, { ...tensor, bytes: data });
    }
    writeFileSync(at(name), writeSafetensors({ metadata: {}, tensors }));
    return at(name);
  }

  it.each([
    ['--select magnitude --blocks 4 --keep 1/2', '--blocks 4'],
    ['--select magnitude --pattern rows --rate 4 --mask per-gate', '--pattern rows'],
    ['--search --budget cycles=300 --macs 4 --mask per-gate', ''],
  ])('%s: the masked network has the same kept positions', async (chosen, known) => {
    const masks = at('masks.safetensors');
    const words = (text: string) => text.split(' ').filter((word) => word !== '');
    await compress('chosen.safetensors', ...DATA, '--export-masks', masks, ...words(chosen));
    const own = masked(masks, 'masked.safetensors');
    const argv = ['compress', own, ...DATA, '-o', at('again.safetensors'), ...words(known)];
    const done = await runCli([...argv, '--quiet']);
    expect([done.exitCode, done.stderr]).toEqual([0, '']);
    const positions = async (name: string) => {
      const { passes } = await readModel(at(name));
      return passes.flatMap(({ operands }) =>
        operands.map(({ matrix }) => keptOf(matrix.patterns, matrix.codes.length)),
      );
    };
    expect(await positions('again.safetensors')).toEqual(await positions('chosen.safetensors'));
  });

  it('is refused for a file whose matrices lie otherwise', async () => {
    const argv = ['compress', 'examples/networks/voice.onnx', '--calibrate-noise', '1'];
    const options = ['--select', 'magnitude', '--blocks', '2', '--keep', '1/2'];
    const files = ['-o', at('x.safetensors'), '--export-masks', at('m.safetensors')];
    const { exitCode, json } = await runCli([...argv, ...options, ...files, '--json']);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'MASKS_FORMAT', field: 'format', got: 'onnx' } });
  });
});

describe('the front', () => {
  const point = (cycles: number, bits: number, error: number | null): TriedPoint => ({
    ...{ forms: [], kept: 1, cycles, bits, error, refused: null },
  });
  it('leaves out what another one is as good as in everything, and what was not judged', () => {
    const tried = [point(9, 1, 0.5), point(5, 5, 0.5), point(5, 5, 0.5), point(6, 5, 0.5)];
    const front = frontOf([...tried, point(1, 1, null), point(7, 9, 0.1)]);
    expect(front).toEqual([point(5, 5, 0.5), point(7, 9, 0.1), point(9, 1, 0.5)]);
  });
});
