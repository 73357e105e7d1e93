import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { randomLayer, randomLinear } from '../network/import/support/lstm-reference.js';
import { layerTensors, linearTensors, stateDict } from '../network/import/support/state-dict.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-time-major-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const hcgs = (line: string) =>
  runCli(line.split(' ').map((word) => word.replace('@', `${folder}/`)));

const [UTTERANCES, FRAMES, INPUTS, CLASSES] = [3, 7, 5, 2];
const random = new Random(9);
beforeAll(async () => {
  const layer = randomLayer(random, INPUTS, 4);
  const file = stateDict(
    ...layerTensors(layer, (kind) => `lstm.${kind}_l0`),
    ...linearTensors(randomLinear(random, 4, CLASSES), 'fc'),
  );
  writeFileSync(at('net.safetensors'), writeSafetensors(file));
  const value = Float64Array.from({ length: UTTERANCES * FRAMES * INPUTS }, () => random.unit());
  const shape = [UTTERANCES, FRAMES, INPUTS];
  writeFileSync(at('f.npy'), writeNpy({ type: 'float32', shape, data: value }));
  // the same frames, [frames, utterances, inputs]
  const data = Array.from({ length: FRAMES }, (_, f) =>
    Array.from({ length: UTTERANCES }, (_, u) => [
      ...value.subarray((u * FRAMES + f) * INPUTS, (u * FRAMES + f + 1) * INPUTS),
    ]),
  ).flat(2);
  const major = { type: 'float32', shape: [FRAMES, UTTERANCES, INPUTS], data } as const;
  writeFileSync(at('t.npy'), writeNpy(major));
  const labels = { type: 'int32', shape: [UTTERANCES], data: [0, 1, 1] } as const;
  writeFileSync(at('l.npy'), writeNpy(labels));
  await hcgs('compress @net.safetensors --dense --calibrate @f.npy -o @m.safetensors');
});

describe('--time-major', () => {
  it('compress gives the same model, with which axis is which', async () => {
    const options = '--dense --labels @l.npy --weight-bits 8';
    const first = await hcgs(`compress @net.safetensors ${options} --calibrate @f.npy -o @a`);
    const second = await hcgs(
      `compress @net.safetensors ${options} --calibrate @t.npy --time-major -o @b`,
    );
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(first.stdout).toContain(': [utterances, frames, inputs] = [3, 7, 5]\n');
    expect(second.stdout).toContain(': [frames, utterances, inputs] = [7, 3, 5]\n');
    const rest = (text: string) =>
      text.split('\n').filter((line) => !/^(calibrated|next: |\/)/.test(line));
    expect(rest(second.stdout)).toEqual(rest(first.stdout));
  });

  it('run gives the same outputs, with the axes of the frames', async () => {
    const first = await hcgs('run @m.safetensors --frames @f.npy --labels @l.npy -o @y.npy --json');
    const second = await hcgs(
      'run @m.safetensors --frames @t.npy --labels @l.npy --time-major -o @z.npy --json',
    );
    expect(second.json()).toEqual({ ...first.json(), outputsFile: at('z.npy') });
    const [y, z] = ['y.npy', 'z.npy'].map((name) => readNpy(readFileSync(at(name)), name));
    expect([y?.shape, z?.shape]).toEqual([
      [UTTERANCES, FRAMES, CLASSES],
      [FRAMES, UTTERANCES, CLASSES],
    ]);
    for (let u = 0; u < UTTERANCES; u++) {
      for (let f = 0; f < FRAMES; f++) {
        const [a, b] = [(u * FRAMES + f) * CLASSES, (f * UTTERANCES + u) * CLASSES];
        expect(z?.data.subarray(b, b + CLASSES)).toEqual(y?.data.subarray(a, a + CLASSES));
      }
    }
    const { stdout } = await hcgs('run @m.safetensors --frames @t.npy --time-major');
    expect(stdout).toContain('frames: [frames, utterances, inputs] = [7, 3, 5]\n');
  });

  it.each([
    'run @m.safetensors --frames @t.npy',
    'compress @net.safetensors --dense -o @c --calibrate @t.npy',
    'sweep-bits @net.safetensors --dense --calibrate @t.npy',
  ])('%s: labels that fit the second axis say so', async (line) => {
    const { exitCode, json } = await hcgs(`${line} --labels @l.npy --json`);
    expect(exitCode).toBe(2);
    expect((json() as { error: { message: string; code: string } }).error).toMatchObject({
      code: 'LABELS_SHAPE',
      message: expect.stringMatching(/\[utterances\] = \[7\], got \[3\]; .* with --time-major\?$/),
    });
    const wrong = await hcgs(`${line.replace('t.npy', 'f.npy --time-major')} --labels @l.npy`);
    expect(wrong.stderr).toMatch(/without --time-major\?/);
  });

  it('has no meaning for noise or random frames', async () => {
    const noise = await hcgs(
      'compress @net.safetensors --calibrate-noise 1 --time-major -o @c --json',
    );
    expect(noise.json()).toMatchObject({ error: { code: 'BAD_USAGE', field: '--time-major' } });
    const cosim = await hcgs('cosim @none --time-major --json');
    expect(cosim.json()).toMatchObject({ error: { code: 'BAD_USAGE', field: '--time-major' } });
  });

  it('errors about shapes say which axis is which', async () => {
    const data = new Float64Array(24);
    writeFileSync(at('wide.npy'), writeNpy({ type: 'float32', shape: [2, 3, 4], data }));
    const { stderr } = await hcgs('run @m.safetensors --frames @wide.npy');
    expect(stderr).toContain(
      'frames of 5 values, got 4 in [utterances, frames, inputs] = [2, 3, 4]',
    );
    writeFileSync(at('one.npy'), writeNpy({ type: 'float32', shape: [24], data }));
    const one = await hcgs('run @m.safetensors --frames @one.npy');
    expect(one.stderr).toContain(
      '[frames, 5], or [utterances, frames, 5], or [frames, utterances, 5]',
    );
  });
});

describe('warnings about numbers', () => {
  const compress = (options: string) =>
    hcgs(`compress @net.safetensors --dense -o @w.safetensors ${options}`);

  it('compress ends with an output error above 5 % and what mends it, which does', async () => {
    const { stderr, exitCode } = await compress('--calibrate @f.npy --weight-bits 2');
    expect(exitCode).toBe(0);
    const [, advice = ''] =
      /^hcgs: warning: outputs differ .* by [\d.]+ % r\.m\.s\..*; (--weight-bits \d+(?: --[a-z-]+ \d+)*) makes it /.exec(
        stderr.trimEnd().split('\n').at(-1) ?? '',
      ) ?? [];
    expect(stderr).toMatch(/hcgs sweep-bits \S+ --calibrate \S+ --dense shows more\n$/);
    const mended = await compress(`--calibrate @f.npy ${advice}`);
    expect([advice, mended.stderr]).toEqual([advice, '']);
    const { json, stderr: quiet } = await compress('--calibrate @f.npy --weight-bits 2 --json');
    expect(json()).toMatchObject({ warnings: [expect.stringContaining(advice)] });
    expect(quiet).toBe('');
    expect((await compress(`--calibrate @f.npy ${advice} --json`)).json()).toMatchObject({
      warnings: [],
    });
  });

  it('compress says when the figure is one on noise', async () => {
    const { stderr } = await compress('--calibrate-noise 1 --weight-bits 2');
    expect(stderr).toContain('r.m.s. on noise, which says little about real frames');
  });

  it('run says when the input format does not hold the frames', async () => {
    const data = new Float64Array(2 * INPUTS).fill(0.5).fill(900, 0, 3);
    writeFileSync(at('large.npy'), writeNpy({ type: 'float32', shape: [2, INPUTS], data }));
    const { stderr, exitCode } = await hcgs('run @m.safetensors --frames @large.npy');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^hcgs: warning: 3 of 10 input values \(30\.0 %\) lie beyond/);
    const { stderr: none } = await hcgs('run @m.safetensors --frames @f.npy');
    expect(none).toBe('');
  });
});
