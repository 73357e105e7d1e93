import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simFiles } from '../../generator/cosim/build/sim-files.js';
import { objectCache } from '../../generator/cosim/build/verilator.js';
import type { CosimDesign } from '../../generator/cosim/design.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { faultImage, type MockFault, MockReference, mockDesign } from './support/mock.js';

let design: CosimDesign;
beforeAll(async () => {
  design = await mockDesign();
  const files = simFiles({
    name: design.core,
    ports: design.ports,
    latencyCycles: 7,
    emit: 'every',
    order: 'frames',
    streams: 1,
    loadBytes: null,
    protect: false,
    places: 1,
    frames: randomFrames({ frames: 6, inputs: design.inputs, bits: 13, seed: 2 }),
    reference: new MockReference(),
  });
  const rtl = [...design.verilog].map(([name, text]) => [`rtl/${name}`, text] as const);
  for (const [name, text] of [...files, ...rtl]) {
    const file = path.join(design.directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
});
afterAll(() => rm(design.directory, { recursive: true }));

/** `make -C sim` with a fault of the hardware; it is built once. */
async function make(fault: MockFault) {
  await writeFile(path.join(design.directory, 'mem', 'fault.mem'), faultImage(fault));
  const { exitCode, stdout: output } = await execa('make', ['-s', '-C', 'sim'], {
    cwd: design.directory,
    reject: false,
    env: await objectCache(),
  });
  return { passed: exitCode === 0, output, last: output.split('\n').at(-1) };
}

it('a design directory simulates by itself', async () => {
  const { passed, last } = await make({ kind: 'none' });
  expect(last).toMatch(/^PASSED: 6 frames in \d+ cycles, 0 mismatches$/);
  expect(passed).toBe(true);
});

const faults: readonly (readonly [string, MockFault, string])[] = [
  ['an output is wrong', { kind: 'wrongOutput', frame: 2, row: 1 }, 'output 1: expected'],
  ['a lane that carries no value is not zero', { kind: 'garbageInUnusedLane' }, 'unused lane'],
  ['tlast comes a beat early', { kind: 'tlastEarly' }, 'tlast before the last beat'],
  ['the last frame has a beat too many', { kind: 'lateLast', frame: 5 }, 'a beat too many'],
  ['there is a frame too many', { kind: 'surplusFrame', frame: 5 }, 'comes after the last frame'],
];

it.each(faults)('and its simulation fails when %s', async (_, fault, complaint) => {
  const { passed, output, last } = await make(fault);
  expect(output).toContain(complaint);
  expect(last).toMatch(/^FAILED: /);
  expect(passed).toBe(false);
});
