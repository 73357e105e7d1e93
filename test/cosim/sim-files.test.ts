import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { CosimDesign } from '../../generator/cosim/design.js';
import { randomFrames } from '../../generator/cosim/random-frames.js';
import { simFiles } from '../../generator/cosim/sim-files.js';
import { hasCcache } from '../../generator/cosim/verilator.js';
import { type MockFault, MockReference, mockDesign } from './support/mock.js';

async function designDirectory(fault?: MockFault): Promise<CosimDesign> {
  const design = await mockDesign(fault);
  const files = simFiles({
    name: design.core,
    ports: design.ports,
    latencyCycles: 7,
    frames: randomFrames({ frames: 6, inputs: design.inputs, bits: 13, seed: 2 }),
    reference: new MockReference(),
  });
  const rtl = [...design.verilog].map(([name, text]) => [`rtl/${name}`, text] as const);
  for (const [name, text] of [...files, ...rtl]) {
    const file = path.join(design.directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return design;
}

async function make(design: CosimDesign) {
  const result = await execa('make', ['-s', '-C', 'sim'], {
    cwd: design.directory,
    reject: false,
    env: (await hasCcache()) ? { OBJCACHE: 'ccache' } : {},
  });
  await rm(design.directory, { recursive: true });
  return { passed: result.exitCode === 0, last: result.stdout.split('\n').at(-1) };
}

it('a design directory simulates by itself', async () => {
  const { passed, last } = await make(await designDirectory());
  expect(last).toMatch(/^PASSED: 6 frames in \d+ cycles, 0 mismatches$/);
  expect(passed).toBe(true);
});

it('and its simulation fails when an output is wrong', async () => {
  const { passed, last } = await make(
    await designDirectory({ kind: 'wrongOutput', frame: 2, row: 1 }),
  );
  expect(last).toMatch(/^FAILED: 6 frames in \d+ cycles, 1 mismatches$/);
  expect(passed).toBe(false);
});
