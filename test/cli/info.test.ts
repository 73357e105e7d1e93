import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { info } from '../../generator/cli/schemas/models.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { randomModel } from '../../generator/network/random.js';
import { runCli } from '../support/cli.js';
import { format1Bytes } from '../support/format-1.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-info-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = randomModel({
  inputs: 6,
  hidden: [8],
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  sharing: 'shared',
  outputs: 3,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});

it.each([
  [1, format1Bytes(model)],
  [2, modelBytes(model)],
])(
  'info says that a file has format %i, of the model and of the design with it',
  async (format, bytes) => {
    const path = join(folder, `format${format}.safetensors`);
    const place = join(folder, `design${format}`);
    writeFileSync(path, bytes);
    expect((await runCli(['info', path])).stdout).toContain(
      `${path}: compressed model of format ${format}, ${bytes.length} bytes\n`,
    );
    expect(info.parse((await runCli(['info', path, '--json'])).json())).toMatchObject({ format });
    await runCli(['generate', path, '--macs', '16', '-o', place]);
    expect((await runCli(['info', place])).stdout).toMatch(
      new RegExp(`^format of the model +${format}$`, 'm'),
    );
    const { json } = await runCli(['info', place, '--json']);
    expect(info.parse(json())).toMatchObject({ model: { format } });
  },
);
