import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressCommand } from '../../generator/cli/compress/compress.js';
import type { CompressionReport } from '../../generator/cli/compress/compress-report.js';
import { compress as schema } from '../../generator/cli/schemas/compress.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import type { FloatMatrix } from '../../generator/network/float/model.js';
import type { Reals } from '../../generator/network/float/reals.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { runCli } from '../support/cli.js';
import { randomFloat, realFrames } from '../support/float-models.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-auto-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const hcgs = (line: string) =>
  runCli(
    line.split(' ').map((word) => word.replace('@', `${folder}/`)),
    [compressCommand],
  );
const NET = 'compress @n.safetensors --calibrate @f.npy --dense';

beforeAll(() => {
  const { layers, output } = randomFloat({ inputs: 3, cells: [5], outputs: 2 }, 31);
  const [layer] = layers;
  if (layer === undefined || output === null) throw new Error('a layer and an output');
  const tensor = (values: Reals, shape: number[]) =>
    ({ dtype: 'F32', shape, bytes: encodeElements('float32', values) }) as const;
  const tensors = new Map([
    ['lstm.weight_ih_l0', tensor(layer.x.values, [20, 3])],
    ['lstm.weight_hh_l0', tensor((layer.h as FloatMatrix).values, [20, 5])],
    ['fc.weight', tensor(output.weights.values, [2, 5])],
    ['fc.bias', tensor(output.bias.values, [2])],
  ]);
  writeFileSync(at('n.safetensors'), writeSafetensors({ metadata: {}, tensors }));
  const { values } = realFrames({ utterances: 4, frames: 10, inputs: 3 }, 32);
  writeFileSync(at('f.npy'), writeNpy({ type: 'float32', shape: [4, 10, 3], data: values }));
  writeFileSync(at('l.npy'), writeNpy({ type: 'int32', shape: [4], data: [0, 1, 1, 0] }));
});

describe('hcgs compress --words auto', () => {
  it('writes the smallest words that meet the target, and says what one bit less gives', async () => {
    const { exitCode, json } = await hcgs(
      `${NET} --words auto --error 2% -o @a.safetensors --json`,
    );
    expect(exitCode).toBe(0);
    schema.parse(json());
    const { words, wordSearch, outputError, tables } = json() as unknown as CompressionReport;
    expect(wordSearch).toMatchObject({
      target: { kind: 'error', limit: 0.02 },
      reached: true,
      heldOut: { frames: 20 },
      lengths: { ...words, table: tables.outputFraction },
    });
    expect(outputError.relativeRms).toBe(wordSearch?.error.heldOut);
    expect(wordSearch?.error.all).toBeLessThanOrEqual(0.02);
    expect(parseModel(readFileSync(at('a.safetensors')), 'a').words).toEqual(words);
    const text = await hcgs(`${NET} --words auto --error 2 -o @b.safetensors`);
    expect(text.stdout).toMatch(/words chosen for an error of at most 2 %, \d+ golden runs: \d+\//);
    expect(readFileSync(at('b.safetensors'))).toEqual(readFileSync(at('a.safetensors')));
  });

  it('ends with 1, the best that was found and no file where the target is out of reach', async () => {
    const line = `${NET} --words auto --error 0.0001% --weight-bits 5 -o @none.safetensors`;
    const { exitCode, json } = await hcgs(`${line} --json`);
    expect(exitCode).toBe(1);
    schema.parse(json());
    expect(json()).toMatchObject({
      ok: false,
      file: null,
      words: { weight: 5 },
      wordSearch: { reached: false, less: [] },
    });
    const { stderr } = await hcgs(line);
    expect(stderr).toMatch(
      /no word lengths reach .* nothing is written: hcgs compress .*--weight-bits 5 /,
    );
    expect(existsSync(at('none.safetensors'))).toBe(false);
  });

  it('takes labels as the measure', async () => {
    const { exitCode, json } = await hcgs(
      `${NET} --words auto --labels @l.npy -o @c.safetensors --json`,
    );
    expect(exitCode).toBe(0);
    const { wordSearch, correct } = json() as unknown as CompressionReport;
    expect(wordSearch?.target).toEqual({ kind: 'accuracy-loss', limit: 0.005 });
    expect(correct?.quantised).toBeGreaterThanOrEqual(correct?.float as number);
  });

  it.each([
    ['--error 1%', 'BAD_USAGE', '--error'],
    ['--accuracy-loss 1', 'BAD_USAGE', '--accuracy-loss'],
    ['--words auto --accuracy-loss 1', 'BAD_USAGE', '--accuracy-loss'],
    ['--words auto --labels @l.npy --error 1% --accuracy-loss 1', 'BAD_USAGE', '--accuracy-loss'],
    ['--words auto --error 0', 'BAD_OPTION_VALUE', '--error'],
    ['--words auto --error x', 'BAD_OPTION_VALUE', '--error'],
    ['--words 8', 'BAD_OPTION_VALUE', '--words'],
  ])('refuses %s: %s', async (options, code, field) => {
    const { exitCode, json } = await hcgs(`${NET} ${options} -o @no.safetensors --json`);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code, field } });
  });
});
