import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { compressCommand } from '../../generator/cli/compress/compress.js';
import { randomCommand } from '../../generator/cli/random/random.js';
import { runCommand } from '../../generator/cli/run/run.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const table = [compressCommand, randomCommand, runCommand];
const hcgs = (line: string) =>
  runCli(
    line.split(' ').map((word) => word.replace('@', `${folder}/`)),
    table,
  );

const SHAPE = 'random --inputs 8 --hidden 16,8 --blocks 8,4 --keep 1/2,1/2 --outputs 3';

/** A trained network of one layer with 4 inputs and 4 cells, all weights 0.5, as `name`. */
function floatNetwork(
  name: string,
  change: (weights: Float64Array) => void = () => undefined,
): void {
  const tensor = (shape: number[]): Tensor => {
    const values = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(0.5);
    if (shape.length === 2) change(values);
    return { dtype: 'F32', shape, bytes: encodeElements('float32', values) };
  };
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor([16, 4])],
    ['lstm.weight_hh_l0', tensor([16, 4])],
  ]);
  writeFileSync(at(name), writeSafetensors({ metadata: {}, tensors }));
}

function frames(name: string, shape: number[], value = 0.25): void {
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value);
  writeFileSync(at(name), writeNpy({ type: 'float32', shape, data }));
}

describe('hcgs random', () => {
  it('writes the same file for the same seed, wherever it goes', async () => {
    const first = await hcgs(`${SHAPE} --seed 4 -o @a.safetensors --json`);
    const second = await hcgs(`${SHAPE} --seed 4 -o @b.safetensors`);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(readFileSync(at('a.safetensors'))).toEqual(readFileSync(at('b.safetensors')));
    expect(first.json()).toMatchObject({ ok: true, seed: 4, inputs: 8, outputs: 3 });
    expect(second.stdout).toMatch(/2 layers, \d+ of 2304 recurrent weights kept/);
  });

  it.each([
    ['--keep 0/2,1/2', 'KEEP_INVALID'],
    ['--keep 3/2,1/2', 'KEEP_INVALID'],
    ['--keep 1/2', 'BAD_OPTION_VALUE'],
    ['--keep 1/2,1/2 --blocks 8,3', 'BLOCKS_NOT_NESTED'],
    ['', 'BAD_OPTION_VALUE'],
    ['--keep 1/2,1/2 --keep 1/2,1/2 --keep 1/2,1/2', 'BAD_OPTION_VALUE'],
  ])('refuses "%s" with exit code 2 and writes nothing', async (keep, code) => {
    const blocks = keep.includes('--blocks') ? '' : ' --blocks 8,4';
    const line = `random --inputs 8 --hidden 16,8${blocks} ${keep} -o @none.safetensors --json`;
    const { exitCode, json } = await hcgs(line.replace('  ', ' '));
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ ok: false, error: { code } });
    expect(existsSync(at('none.safetensors'))).toBe(false);
  });

  it('refuses a directory as its output', async () => {
    const { exitCode, json } = await hcgs(`${SHAPE} -o ${folder} --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'FILE_IS_DIRECTORY' } });
    expect(readdirSync(join(folder, '..')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('hcgs run', () => {
  it('writes outputs with the axes of the frames, states, and the accuracy', async () => {
    await hcgs(`${SHAPE} -o @m.safetensors`);
    frames('f.npy', [2, 5, 8]);
    writeFileSync(at('l.npy'), writeNpy({ type: 'int32', shape: [2], data: [0, 0] }));
    const { exitCode, json } = await hcgs(
      'run @m.safetensors --frames @f.npy --labels @l.npy -o @y.npy --states @s.npz --json',
    );
    expect(exitCode).toBe(0);
    const report = json();
    expect(report).toMatchObject({ frames: 10, utterances: 2, inputs: 8, outputs: 3 });
    expect([0, 1]).toContain(report.accuracy); // both utterances are the same
    expect(readNpy(readFileSync(at('y.npy')), 'y')).toMatchObject({
      type: 'int32',
      shape: [2, 5, 3],
    });
    const states = unzipSync(readFileSync(at('s.npz')));
    expect(Object.keys(states)).toEqual(['h0.npy', 'c0.npy', 'h1.npy', 'c1.npy']);
    expect(readNpy(states['c1.npy'] as Uint8Array, 'c1').shape).toEqual([2, 5, 8]);
  });

  it('gives two axes back for one utterance, and no accuracy without labels', async () => {
    frames('one.npy', [5, 8]);
    const { json } = await hcgs('run @m.safetensors --frames @one.npy -o @y.npy --json');
    expect(json()).toMatchObject({ accuracy: null, correct: null, utterances: 1 });
    expect(readNpy(readFileSync(at('y.npy')), 'y').shape).toEqual([5, 3]);
  });

  it.each([
    ['@missing.safetensors --frames @f.npy', 'FILE_MISSING'],
    ['@m.safetensors --frames @missing.npy', 'FILE_MISSING'],
    ['@m.safetensors --frames @m.safetensors', 'NPY_INVALID'],
    ['@f.npy --frames @f.npy', 'FOREIGN_FORMAT'],
    ['@m.safetensors --frames @wide.npy', 'FRAMES_WIDTH'],
    ['@m.safetensors --frames @nan.npy', 'FRAMES_NOT_FINITE'],
    ['@m.safetensors --frames @f.npy --labels @f.npy', 'LABELS_SHAPE'],
  ])('refuses %s: %s', async (line, code) => {
    frames('wide.npy', [5, 9]);
    frames('nan.npy', [5, 8], Number.NaN);
    const { exitCode, json } = await hcgs(`run ${line} -o @never.npy --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code } });
    expect(existsSync(at('never.npy'))).toBe(false);
  });
});

describe('hcgs compress', () => {
  it('quantises, reports every tensor, and its file runs', async () => {
    floatNetwork('net.safetensors');
    frames('c.npy', [6, 4]);
    const { exitCode, json } = await hcgs(
      'compress @net.safetensors --calibrate @c.npy -o @q.safetensors --json',
    );
    expect(exitCode).toBe(0);
    const report = json() as { tensors: { name: string }[] };
    expect(report.tensors.map(({ name }) => name)).toEqual([
      'x',
      'lstm.weight_ih_l0',
      'lstm.weight_hh_l0',
      'lstm.bias_l0',
    ]);
    expect(report).toMatchObject({
      ok: true,
      weights: 128,
      keptWeights: 128,
      words: { weight: 6 },
    });
    expect((await hcgs('run @q.safetensors --frames @c.npy -o @y.npy')).exitCode).toBe(0);
  });

  it('prints the same as text', async () => {
    const line = 'compress @net.safetensors --calibrate @c.npy -o @q.safetensors';
    const { stdout } = await hcgs(`${line} --verbose`);
    expect((await hcgs(line)).stdout).not.toMatch(/^lstm\.weight_ih_l0 .*\[/m);
    expect(stdout).toMatch(/^lstm\.weight_ih_l0 +6 +1 +\[-16, 16\) +64 +0 +0 +0$/m);
    expect(stdout).toMatch(/128 of 128 recurrent weights kept \(1\.00 x\)/);
  });

  it('takes unstructured zeros as a mask and says so, as blocks where they are named, or with --dense', async () => {
    floatNetwork('holes.safetensors', (weights) => {
      for (const i of [0, 5, 11, 16, 21, 27]) weights[i] = 0;
      for (let gate = 0; gate < 4; gate++) weights[16 * gate + 3] = 0;
    });
    const line = 'compress @holes.safetensors --calibrate @c.npy -o @h.safetensors';
    const taken = await hcgs(line);
    expect(taken.exitCode).toBe(0);
    expect(taken.stdout).toContain(
      'note: no pattern explains all zeros, so they are taken as a mask',
    );
    const refused = await hcgs(`${line.replace('@h.', '@r.')} --blocks 2 --json`);
    expect(refused.exitCode).toBe(2);
    expect(refused.json()).toMatchObject({ error: { field: 'lstm.weight_ih_l0' } });
    expect(existsSync(at('r.safetensors'))).toBe(false);
    expect((await hcgs(`${line} --dense`)).exitCode).toBe(0);
  });

  it.each([
    ['@q.safetensors --calibrate @c.npy -o @n.safetensors', 'ALREADY_COMPRESSED'],
    ['@net.safetensors --calibrate @i.npy -o @n.safetensors', 'CALIBRATION_TYPE'],
    ['@net.safetensors --calibrate @f.npy -o @n.safetensors', 'FRAMES_WIDTH'],
    ['@net.safetensors --calibrate @c.npy -o @net.safetensors', 'OUTPUT_IS_INPUT'],
    ['@net.safetensors --calibrate @c.npy --dense --blocks 4 -o @n.safetensors', 'BAD_USAGE'],
    ['@net.safetensors --calibrate @c.npy --weight-bits 17 -o @n.safetensors', 'BAD_OPTION_VALUE'],
  ])('refuses %s: %s', async (line, code) => {
    writeFileSync(at('i.npy'), writeNpy({ type: 'int32', shape: [1, 4], data: [0, 0, 0, 0] }));
    const { exitCode, json } = await hcgs(`compress ${line} --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code } });
    expect(existsSync(at('n.safetensors'))).toBe(false);
  });
});
