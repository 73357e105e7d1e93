import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import { runCli } from '../support/cli.js';

/** A family that only this test knows: like ECP5, of another name, with a device of its own. */
vi.mock('../../generator/devices/registry.js', async (original) => {
  const { FAMILIES } = await original<typeof import('../../generator/devices/registry.js')>();
  const { ECP5 } = await import('../../generator/devices/ecp5.js');
  const { deviceSize } = await import('../../generator/devices/family.js');
  const acme = {
    ...ECP5,
    name: 'acme',
    title: 'Acme One',
    shortTitle: 'Acme One',
    devices: [deviceSize('ACME-1', 30_000, 30_000, 60, 40)],
    defaultDevice: 'ACME-1',
    fusesoc: null,
    netlist: null,
  };
  return { FAMILIES: [...FAMILIES, acme] };
});

describe('a new family of FPGAs, which is a record and a line in the registry,', () => {
  it('has its devices', async () => {
    const { findDevice, FAMILY_NAMES } = await import('../../generator/devices/find.js');
    expect(FAMILY_NAMES).toEqual(['ecp5', 'ice40', 'xilinx', 'acme']);
    expect(findDevice(null, 'acme-1')).toMatchObject({ name: 'ACME-1', blockRams: 60 });
  });

  it('is a target of synth and estimate, and in the schema of what they print', async () => {
    const { TARGET_NAMES } = await import('../../generator/flow/targets.js');
    expect(TARGET_NAMES).toContain('acme');
    for (const command of ['synth', 'estimate']) {
      const { stdout } = await runCli([command, '--help']);
      expect(stdout).toContain('acme');
    }
    const { resources } = await import('../../generator/cli/schemas/resources.js');
    expect(resources.shape.target.safeParse('acme').success).toBe(true);
    expect(resources.shape.target.safeParse('other').success).toBe(false);
  });

  it('has its files in a design, and resources are predicted for it', async () => {
    const { planDesign, emitVerilog } = await import('../../generator/accelerator/index.js');
    const { manifestSignals, assembleDesign } = await import(
      '../../generator/design/write/assemble.js'
    );
    const { randomModel } = await import('../../generator/network/random.js');
    const { atOnce } = await import('../../generator/base/steps.js');
    const { estimateDevice } = await import(
      '../../generator/accelerator/resources/estimate-device.js'
    );
    const { findDevice } = await import('../../generator/devices/find.js');
    const model = randomModel({
      ...{ inputs: 8, hidden: [8], outputs: 3, sharing: 'shared', seed: 1 },
      words: { weight: 6, activation: 13, cell: 16, bias: 16 },
      patterns: [{ blocks: [4], keep: [{ k: 1, n: 2 }] }],
    });
    const { configuration, prediction } = planDesign(model, { name: 'dut', macs: 16 });
    const rtl = {
      files: emitVerilog(configuration),
      signals: manifestSignals(configuration, false),
    };
    const { files } = atOnce(
      assembleDesign(configuration, { model, bytes: new Uint8Array() }, rtl, prediction),
    );
    expect([...files.keys()]).toContain('flow/acme.ys');
    expect(`${files.get('flow/Makefile')}`).toMatch(/acme/);
    expect(`${files.get('flow/README.md')}`).toContain('Acme One');
    const device = findDevice(null, 'ACME-1');
    const estimated = estimateDevice(configuration, model, device.family, device);
    expect(estimated).toMatchObject({ target: 'acme', device: 'ACME-1', fits: true });
  });
});

/** Files that may name a family: examples of commands, and what is said about Xilinx in a comment. */
const NAMED = [
  'generator/cli/cosim/cosim.ts',
  'generator/cli/estimate/estimate.ts',
  'generator/cli/synth/synth.ts',
  'generator/hdl/verilog/print-comment.ts',
];

test('no family is named outside of devices/, but in examples', () => {
  const files = readdirSync('generator', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('devices/'))
    .map((path) => join('generator', path));
  const naming = files.filter((path) =>
    /\b(ecp5|ice40|xilinx|xc7\w*)\b/i.test(readFileSync(path, 'utf8')),
  );
  expect(naming.sort()).toEqual(NAMED);
});
