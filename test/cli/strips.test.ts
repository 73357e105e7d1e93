import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compress as compressSchema } from '../../generator/cli/schemas/compress.js';
import { inspect as inspectSchema } from '../../generator/cli/schemas/inspect.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { runCli } from '../support/cli.js';
import { asNetwork } from '../support/one-layer.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-strips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

async function run(line: string) {
  const argv = line.split(' ').filter((word) => word !== '');
  const outcome = await runCli([...argv, '--json', '--quiet']);
  return { exitCode: outcome.exitCode, json: outcome.json() };
}

test('random draws strips, and prints the rate that is reached', async () => {
  const line = `random --inputs 40 --hidden 64 --pattern strips --blocks 16x32 --rate 4,2 -o ${at('m.safetensors')}`;
  const { exitCode, json } = await run(`${line} --balance equal`);
  expect(exitCode).toBe(0);
  // x: 8 of 32 and 2 of 8 columns; h: 8 of 32 twice; half of 64 rows, four gates
  expect(json).toMatchObject({
    ...{ weights: 4 * 64 * 104, keptWeights: 4 * 32 * 26 },
    layers: [
      {
        x: {
          height: 16,
          width: 32,
          droppedRows: 32,
          kept: 4 * 32 * 10,
          indexBits: 4 * 10 * 5 + 64,
        },
        h: { height: 16, width: 32, droppedRows: 32, kept: 4 * 32 * 16, sharing: 'shared' },
      },
    ],
  });
  const { stdout } = await runCli(line.split(' '));
  expect(stdout).toMatch(/ of 26624 recurrent weights kept \(\d\.\d\d x\), /);
  expect(stdout).toContain('x 64 x 40: strips 16x32, 32 of 64 rows dropped, shared, ');
  const info = await runCli(['info', at('m.safetensors')]);
  expect(info.stdout).toContain('strips 16x32, 32 of 64 rows dropped');
});

test('a network may have a pattern of each kind, and layers without one', async () => {
  const { exitCode, json } = await run(
    `random --inputs 16 --hidden 16,32,32 --pattern hcgs --pattern strips --pattern strips --blocks 4 --blocks 8x8 --blocks - --keep 1/2 --rate 4 --mask per-gate -o ${at('two.safetensors')}`,
  );
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({
    layers: [
      { x: { blocks: [4], keep: [2] } },
      { x: { height: 8, width: 8, sharing: 'per-gate' }, h: { height: 8, width: 8 } },
      { x: { blocks: [], kept: 4 * 32 * 32 } },
    ],
  });
  const model = await readModel(at('two.safetensors'));
  const kinds = model.passes.map(({ operands }) =>
    operands.map(({ matrix }) => matrix.patterns[0]?.kind),
  );
  expect(kinds).toEqual([
    ['hcgs', 'hcgs'],
    ['strips', 'strips'],
    ['hcgs', 'hcgs'],
  ]);
});

test.each([
  ['--pattern strips', '--blocks: expected what pattern strips needs, e.g. --blocks 32x256'],
  ['--pattern strips --blocks 4x4', '--rate: expected what pattern strips needs, e.g. --rate 8'],
  ['--pattern strips --blocks 4 --rate 2', '--blocks: expected the size of a strip block'],
  ['--pattern strips --blocks 4x4 --rate 2 --keep 1/2', '--keep is of pattern hcgs; strips takes'],
  ['--blocks 4 --keep 1/2 --balance equal', '--balance is of pattern'],
  ['--pattern hcgs --pattern strips', '--pattern: expected one list, or one for each of 1 layers'],
])('random refuses "%s"', async (options, message) => {
  const { exitCode, json } = await run(
    `random --inputs 16 --hidden 16 ${options} -o ${at('no.safetensors')}`,
  );
  expect(exitCode).toBe(2);
  expect((json.error as { message: string }).message).toContain(message);
});

test('strips come back from the zeros of a network, and compress keeps them', async () => {
  const [model, net, back] = ['a', 'a-net', 'a-back'].map((name) => at(`${name}.safetensors`));
  const drawn = `random --inputs 64 --hidden 64 --pattern strips --blocks 16x64 --rate 4,2 -o ${model}`;
  expect((await run(drawn)).exitCode).toBe(0);
  await asNetwork(model as string, net as string);
  const seen = inspectSchema.parse((await run(`inspect ${net}`)).json);
  expect(seen).toMatchObject({
    matrices: [
      { kind: 'exact', patterns: [{ height: 16, sharing: 'shared', droppedRows: 32 }] },
      { kind: 'exact', patterns: [{ height: 16 }] },
    ],
    search: { found: [{ height: 16 }, { height: 16 }] },
  });
  const text = await runCli(['inspect', net as string]);
  expect(text.stdout).toContain('The zeros as strips of HxW');
  expect(text.stdout).toMatch(/finds the pattern \(strips 16x\d+/);
  const compress = `compress ${net} --calibrate-noise 1 -o ${back}`;
  for (const options of ['', '--pattern strips', '--pattern strips --blocks 16x64']) {
    const report = compressSchema.parse((await run(`${compress} ${options}`)).json);
    expect(report.patterns).toMatchObject([
      { height: 16, droppedRows: 32, sharing: 'shared' },
      { height: 16, droppedRows: 32, sharing: 'shared' },
    ]);
    const patterns = async (file: string | undefined) =>
      (await readModel(file as string)).passes.flatMap(({ operands }) =>
        operands.flatMap(({ matrix }) =>
          matrix.patterns.map((own) => (own.kind === 'strips' ? [own.kept, own.droppedRows] : [])),
        ),
      );
    expect(await patterns(back)).toEqual(await patterns(model));
  }
  const refused = await run(`${compress} --pattern strips --blocks 64x64`);
  expect(refused).toMatchObject({ exitCode: 2, json: { error: { code: 'PATTERN_NOT_FOUND' } } });
  const blocks = await run(`${compress} --pattern hcgs`);
  expect(blocks).toMatchObject({ exitCode: 2, json: { error: { code: 'PATTERN_NOT_FOUND' } } });
  const filled = await run(`${compress} --pattern strips --fill`);
  expect(filled).toMatchObject({ exitCode: 2, json: { error: { field: '--fill' } } });
});

test.each(['magnitude', 'random'])('compress chooses strips in a dense network: %s', async (by) => {
  const [model, net, back] = ['d', 'd-net', 'd-back'].map((name) => at(`${name}.safetensors`));
  expect((await run(`random --inputs 32 --hidden 32 -o ${model}`)).exitCode).toBe(0);
  await asNetwork(model as string, net as string);
  const line = `compress ${net} --calibrate-noise 1 --select ${by} --pattern strips --blocks 8x16 --rate 4,2 --balance equal -o ${back}`;
  const report = compressSchema.parse((await run(line)).json);
  // 4 of 16 columns twice, 16 of 32 rows, four gates
  expect(report.patterns).toMatchObject([
    { height: 8, width: 16, droppedRows: 16, kept: 4 * 16 * 8 },
    { height: 8, width: 16, droppedRows: 16, kept: 4 * 16 * 8 },
  ]);
  const first = readFileSync(back as string);
  await run(line);
  expect(readFileSync(back as string)).toEqual(first);
});
