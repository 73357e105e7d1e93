import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';

/** A small design with two levels, two layers and an output layer: its Verilog is kept for people to read. */
const options: RandomOptions = {
  inputs: 16,
  hidden: [16, 16],
  patterns: [
    {
      kind: 'hcgs',
      blocks: [8, 4],
      keep: [
        { k: 1, n: 2 },
        { k: 1, n: 2 },
      ],
    },
  ],
  sharing: 'shared',
  outputs: 5,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
};
const model = randomModel(options);
const verilog = emitVerilog(planDesign(model, { name: 'mini', macs: 64 }).configuration);

describe('golden Verilog of a small design', () => {
  test.each([...verilog.keys()])('%s', async (path) => {
    await expect(verilog.get(path)).toMatchFileSnapshot(`golden/${path.replace(/^rtl\//, '')}`);
  });

  test('is the same text a second time', () => {
    const again = emitVerilog(planDesign(model, { name: 'mini', macs: 64 }).configuration);
    expect([...again]).toEqual([...verilog]);
  });

  test('is the same text in another process and another working directory', async () => {
    const script = `
      import { emitVerilog, planDesign } from '${resolve('generator/accelerator/index.ts')}';
      import { type RandomOptions, randomModel } from '${resolve('generator/network/random.ts')}';
      const model = randomModel(${JSON.stringify(options)});
      const { configuration } = planDesign(model, { name: 'mini', macs: 64 });
      console.log(JSON.stringify([...emitVerilog(configuration)]));
    `;
    const directory = mkdtempSync(join(tmpdir(), 'hcgs-golden-'));
    try {
      const file = join(directory, 'emit.mts');
      writeFileSync(file, script);
      const { stdout } = await execa(resolve('node_modules/.bin/tsx'), [file], { cwd: directory });
      expect(JSON.parse(stdout)).toEqual([...verilog]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('names no machine: neither a date nor an absolute path', () => {
    for (const text of verilog.values()) {
      expect(text).not.toMatch(/\/(home|root|tmp|work|usr)\//);
      expect(text).not.toMatch(/20\d\d-\d\d-\d\d/);
    }
  });
});

test('Icarus reads the golden files as they are in the repository', async () => {
  const files = [...verilog.keys()]
    .filter((path) => path.endsWith('.v'))
    .map((path) => `test/accelerator/golden/${path.slice('rtl/'.length)}`);
  const { stderr } = await execa('iverilog', [
    '-g2005',
    '-Wall',
    '-o',
    '/dev/null',
    '-s',
    'mini',
    ...files,
  ]);
  expect(stderr).toBe('');
});
