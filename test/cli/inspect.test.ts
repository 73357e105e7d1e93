import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectCommand } from '../../generator/cli/inspect/inspect.js';
import { inspect as schema } from '../../generator/cli/schemas/inspect.js';
import { leftOutLines } from '../../generator/cli/text/left-out-text.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { randomModel } from '../../generator/network/random.js';
import { runCli } from '../support/cli.js';
import { STANDARD_WORDS } from '../support/kws.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A layer of 32 cells on 32 inputs; `zero` says which weights of a gate are zero, by row and column. */
function network(
  name: string,
  zero: (row: number, column: number) => boolean = () => false,
  size = 32,
): string {
  const values = Array.from({ length: 4 * size * size }, (_, i) =>
    zero(Math.floor(i / size) % size, i % size) ? 0 : (i % 7) - 8,
  );
  const tensor: Tensor = {
    dtype: 'F32',
    shape: [4 * size, size],
    bytes: encodeElements('float32', values),
  };
  const path = join(folder, name);
  const tensors = new Map(['ih', 'hh'].map((side) => [`lstm.weight_${side}_l0`, tensor] as const));
  writeFileSync(path, writeSafetensors({ metadata: {}, tensors }));
  return path;
}

async function inspect(path: string) {
  const text = await runCli(['inspect', path], [inspectCommand]);
  const json = await runCli(['inspect', path, '--json', '--quiet'], [inspectCommand]);
  expect([text.exitCode, json.exitCode, json.stderr]).toEqual([0, 0, '']);
  return { text: text.stdout, json: schema.parse(json.json()) };
}

const block = (row: number, column: number) => [row >> 3, column >> 3] as const;
/** Blocks of 8: in block row r, blocks r and r + 1 of four are kept. */
const pattern = (row: number, column: number) => {
  const [r, c] = block(row, column);
  return c !== r && c !== (r + 1) % 4;
};

describe('hcgs inspect', () => {
  it('shows layers, ranges and a pattern, and the command that uses it', async () => {
    const path = network('sparse.safetensors', pattern);
    const { text, json } = await inspect(path);
    expect(text).toContain(
      'safetensors, 1 recurrent layer, 4096 of 8192 recurrent weights are not zero',
    );
    expect(text).toContain('no output layer');
    expect(text).toMatch(/^lstm\.weight_ih_l0 +128 x 32 +-8\.00 +0 +\S+ +2048 +4096$/m);
    expect(text).toMatch(/^lstm\.weight_ih_l0 +a pattern +8 +2 +shared +2048 +0 +16 +0$/m);
    expect(json).toMatchObject({
      kind: 'network',
      next: [{ command: `hcgs compress ${path} --calibrate FRAMES.npy -o model.safetensors` }],
    });
    expect(text).toContain('finds the pattern (8) and quantises');
  });

  it('says of a dense network that it is dense, and how a pattern is chosen', async () => {
    const { text, json } = await inspect(network('dense.safetensors'));
    expect(text).toMatch(/^lstm\.weight_hh_l0 +dense$/m);
    expect(text).not.toContain('odd block rows');
    const commands = json.next.map(({ command }) => command.replace(/^.*FRAMES\.npy /, ''));
    expect(commands).toEqual([
      '-o model.safetensors',
      '--select magnitude --blocks 4 --keep 1/2 -o model.safetensors',
    ]);
  });

  it('suggests no blocks where a matrix is too small for them', async () => {
    const { json } = await inspect(network('tiny.safetensors', () => false, 4));
    expect(json.next).toHaveLength(1);
  });

  it('says how far a damaged pattern is off and where, and offers to fill it', async () => {
    const path = network(
      'damaged.safetensors',
      (row, column) => pattern(row, column) || (row >> 3 === 2 && column >> 3 === 2),
    );
    const { text, json } = await inspect(path);
    expect(text).toMatch(/^lstm\.weight_ih_l0 +no pattern; near +8 +2 +shared +2048 +256 +16 +1$/m);
    expect(text).toContain(
      'lstm.weight_ih_l0 in blocks 8: block row 2 of the 8-blocks has 1, most have 2',
    );
    expect(json).toMatchObject({
      search: { found: [{ pattern: 'mask' }, { pattern: 'mask' }], refused: null },
      filled: { refused: null },
    });
    expect(text).toMatch(
      /^ {2}lstm\.weight_ih_l0 is near a pattern, blocks 8: .*; --fill completes/m,
    );
    expect(json.next.map(({ command }) => / (--[a-z]+) (?!FRAMES)/.exec(command)?.[1])).toEqual([
      undefined,
      '--fill',
      '--dense',
      '--select',
    ]);
  });

  it('quotes a path that a shell would take apart', async () => {
    const { json } = await inspect(network("it's mine, isn't it.safetensors"));
    expect(json.next[0]?.command).toContain(`'${folder}/it'\\''s mine, isn'\\''t it.safetensors' `);
  });

  it('reads names with --map, and hands it on', async () => {
    const path = network('mapped.safetensors');
    const argv = ['inspect', path, '--map', 'fc=none', '--json'];
    const { exitCode, json } = await runCli(argv, [inspectCommand]);
    expect(exitCode).toBe(0);
    expect((json().next as { command: string }[])[0]?.command).toContain(`${path} --map fc=none -`);
    const wrong = await runCli(['inspect', path, '--map', 'gru=x', '--json'], [inspectCommand]);
    expect(wrong.json()).toMatchObject({ error: { code: 'BAD_MAP' } });
  });

  it('says of a compressed model that hcgs info shows it', async () => {
    const path = join(folder, 'model.safetensors');
    const model = randomModel({
      inputs: 4,
      hidden: [4],
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
      sharing: 'shared',
      outputs: 0,
      words: STANDARD_WORDS,
      seed: 1,
    });
    writeFileSync(path, modelBytes(model));
    const { text, json } = await inspect(path);
    expect(text).toContain(`hcgs info ${path}`);
    expect(json).toMatchObject({ kind: 'compressed', next: [{ command: `hcgs info ${path}` }] });
  });

  it.each([
    ['none.safetensors', 'FILE_MISSING'],
    ['', 'FILE_IS_DIRECTORY'],
  ])('refuses "%s": %s', async (name, code) => {
    const path = join(folder, name);
    const { exitCode, json } = await runCli(['inspect', path, '--json'], [inspectCommand]);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ ok: false, error: { code } });
  });
});

describe('what becomes no hardware', () => {
  it('is listed where it holds weights, else counted', () => {
    const node = (name: string, what: string) => ({ kind: 'node', name, what }) as const;
    const tensor = (name: string, what: string) => ({ kind: 'tensor', name, what }) as const;
    expect(
      leftOutLines([
        node('r', 'Relu'),
        tensor('conv1.weight', 'F32 [64, 128, 3]'),
        node('k', 'Constant float32 [64, 3]'),
        node('s', 'Constant float32 []'),
        node('a', 'Constant int64 [1]'),
        tensor('shape', 'int64 [4]'),
      ]),
    ).toEqual([
      'tensor conv1.weight: F32 [64, 128, 3]',
      'node k: Constant float32 [64, 3]',
      'nodes: 2 Constant, 1 Relu',
      'tensors: 1 int64 [4]',
    ]);
    expect(leftOutLines([])).toEqual([]);
  });
});
