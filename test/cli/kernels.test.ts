import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compress as compressSchema } from '../../generator/cli/schemas/compress.js';
import { inspect as inspectSchema } from '../../generator/cli/schemas/inspect.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { runCli } from '../support/cli.js';
import { asNetwork } from '../support/one-layer.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-kernels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, `${name}.safetensors`);

async function run(line: string) {
  const outcome = await runCli([...line.split(' '), '--json', '--quiet']);
  return { exitCode: outcome.exitCode, json: outcome.json() };
}

const patternsOf = async (name: string) =>
  (await readModel(at(name))).passes.flatMap(({ operands }) =>
    operands.flatMap(({ matrix }) => matrix.patterns),
  );

test('kernels are drawn, found again in the zeros of a network, and kept', async () => {
  const drawn = await run(
    `random --inputs 48 --hidden 64 --pattern kernels --blocks 16 --rate 4 --mask per-gate -o ${at('m')}`,
  );
  expect(drawn).toMatchObject({ exitCode: 0 });
  const sides = { pattern: 'kernels', height: 16, width: 16, sharing: 'per-gate' };
  expect(drawn.json).toMatchObject({ layers: [{ x: sides, h: sides }] });
  const { stdout: info } = await runCli(['info', at('m')]);
  expect(info).toMatch(/x 64 x 48: kernels 16x16, (\d+ of 12 blocks empty, )?per-gate, /);
  await asNetwork(at('m'), at('net'));
  const seen = inspectSchema.parse((await run(`inspect ${at('net')}`)).json);
  expect(seen).toMatchObject({
    matrices: [
      { kind: 'exact', patterns: [sides] },
      { kind: 'exact', patterns: [sides] },
    ],
    search: { found: [sides, sides] },
  });
  const { stdout } = await runCli(['inspect', at('net')]);
  expect(stdout).toContain('The zeros as kernels in blocks of HxW');
  expect(stdout).toContain('finds the pattern (kernels 16x16');
  for (const options of ['', ' --pattern kernels', ' --pattern kernels --blocks 16x16']) {
    const line = `compress ${at('net')} --calibrate-noise 1${options} -o ${at('back')}`;
    const report = compressSchema.parse((await run(line)).json);
    expect(report.patterns).toMatchObject([sides, sides]);
    expect(report.notes.filter((note) => note.includes('mask'))).toEqual([]);
    expect(await patternsOf('back')).toEqual(await patternsOf('m'));
  }
  const other = await run(
    `compress ${at('net')} --calibrate-noise 1 --pattern kernels --blocks 48x16 -o ${at('no')}`,
  );
  expect(other).toMatchObject({ exitCode: 2, json: { error: { code: 'PATTERN_NOT_FOUND' } } });
});

test.each(['magnitude', 'random'])(
  'compress chooses kernels in a dense network: %s',
  async (by) => {
    expect((await run(`random --inputs 32 --hidden 32 -o ${at('d')}`)).exitCode).toBe(0);
    await asNetwork(at('d'), at('d-net'));
    const line = `compress ${at('d-net')} --calibrate-noise 1 --select ${by} --pattern kernels --blocks 8x16 --rate 4 --balance equal -o ${at('d-back')}`;
    const report = compressSchema.parse((await run(line)).json);
    // 4 of 8 rows and 8 of 16 columns in 4 x 2 blocks, four gates
    const own = { pattern: 'kernels', height: 8, width: 16, emptyBlocks: 0, kept: 4 * 8 * 32 };
    expect(report.patterns).toMatchObject([own, own]);
  },
);

test('a layer read as the sum of two directions has kernels of both halves, or is refused', async () => {
  const line = `random --inputs 16 --hidden 16,16 --bidirectional sum --outputs 2 --pattern kernels --rate 3 -o ${at('two')}`;
  expect(await run(`${line} --blocks 8x8`)).toMatchObject({ exitCode: 0 });
  const refused = await run(`${line} --blocks 8x12`);
  expect(refused).toMatchObject({
    ...{
      exitCode: 2,
      json: { error: { code: 'RANDOM_SHAPE', field: '--bidirectional sum', got: 16 } },
    },
  });
});

test.each([
  ['', '--blocks: expected what pattern kernels needs, e.g. --blocks 32x32'],
  [' --blocks 4', '--rate: expected what pattern kernels needs, e.g. --rate 8'],
  [' --blocks 8,4 --rate 2', '--blocks: expected the size of a block, rows x columns'],
])('random refuses kernels with "%s"', async (options, message) => {
  const { exitCode, json } = await run(
    `random --inputs 16 --hidden 16 --pattern kernels${options} -o ${at('no')}`,
  );
  expect(exitCode).toBe(2);
  expect((json.error as { message: string }).message).toContain(message);
});
