import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { buildImages } from '../../generator/accelerator/index.js';
import { estimateDevice } from '../../generator/accelerator/resources/estimate-device.js';
import { estimateCommand } from '../../generator/cli/estimate/estimate.js';
import { cosim } from '../../generator/cli/schemas/designs.js';
import { resources } from '../../generator/cli/schemas/resources.js';
import { synthCommand } from '../../generator/cli/synth/synth.js';
import { cellModels } from '../../generator/cosim/netlist/cell-models.js';
import { NETLIST_TARGETS } from '../../generator/cosim/netlist/netlist.js';
import { flowFiles } from '../../generator/design/files/flow-files.js';
import { choicesFiles } from '../../generator/design/manifest/choices.js';
import { findDevice } from '../../generator/devices/find.js';
import { TARGET_NAMES, targetNamed } from '../../generator/flow/targets.js';
import { NAMES, testDesign } from '../accelerator/resources/support/designs.js';
import { ACME } from './support/test-family.js';

// the one line that a new family takes, besides its own file
vi.mock('../../generator/devices/registry.js', async (load) => {
  const { FAMILIES } = await load<typeof import('../../generator/devices/registry.js')>();
  const { ACME } = await import('./support/test-family.js');
  return { FAMILIES: [...FAMILIES, ACME] };
});

const { configuration, model } = testDesign(NAMES[0] as (typeof NAMES)[0]);

test('resources of a further family follow from its record', () => {
  const estimate = estimateDevice(configuration, model, ACME);
  expect(estimate).toMatchObject({ target: 'acme', device: 'SAND9', fits: true });
  const cells = estimate.blockRamCells.SAND_RAM as number;
  expect(cells).toBeGreaterThan(0);
  expect(estimate.blockRams).toBe(cells / 2);
  expect(findDevice(null, 'sand9').family).toBe(ACME);
});

test('choices for a device of its own', () => {
  const small = findDevice(ACME, 'SAND9');
  expect(small.multipliers).toBe(4);
  const files = choicesFiles(configuration, buildImages(configuration, model));
  expect(files.get('flow/choices/SAND9.ys')).toContain('alumacc');
});

test('files of the flow', () => {
  const files = flowFiles({
    ...{
      name: 'n',
      core: 'n_core',
      contents: '0',
      images: [],
      macroModels: [],
      rtlFiles: ['rtl/n.v'],
    },
    ...{
      products: [],
      heldProducts: true,
      specialised: true,
      chip: { macros: [], blocks: [], registers: [] },
    },
    header: 'module n (\n  input wire clk,\n  input wire rst,\n  output wire q\n);',
  });
  expect(files.get('flow/acme.ys')).toContain('synth_acme -top n\n');
  expect(files.get('flow/acme.ys')).toContain('flow/acme_products.v');
  expect(files.has('flow/acme_products.v')).toBe(true);
  expect(files.get('flow/Makefile')).toContain('acme: DEVICE ?= SAND9\nacme: PACKAGE ?= grain7\n');
  expect(files.get('flow/Makefile')).toContain('PNR_SAND9 := --acme-SAND9\n');
  expect(files.get('flow/README.md')).toContain('77 (Sand)');
  expect(files.get('flow/README.md')).toContain('`n.grit`, `n.grain`');
  expect(files.get('n.core')).toContain('    flow: acmeflow\n');
});

test('options, targets and schemas', () => {
  expect(TARGET_NAMES).toEqual(['ecp5', 'ice40', 'xilinx', 'acme', 'asic']);
  expect(targetNamed('acme')).toBeTypeOf('function');
  expect(synthCommand.options.target?.valueName).toContain('acme');
  expect(synthCommand.options.device?.describe).toContain('SAND9');
  expect(synthCommand.options.package?.describe).toContain('grain7');
  expect(estimateCommand.options.target?.valueName).toContain('acme');
  expect(resources.shape.target.options).toContain('acme');
  expect(cosim.shape.netlist.unwrap().options).toContain('acme');
  expect(NETLIST_TARGETS).toEqual(['ecp5', 'ice40', 'acme', 'generic']);
  expect(cellModels('acme').flags).toContain('-DACME');
});

/** Files that name a family outside of generator/devices, and why. */
const NAMED: Readonly<Record<string, string>> = {
  'generator/hdl/verilog/print-comment.ts': 'a pragma of a tool, which no comment may look like',
  'generator/cli/cosim/cosim.ts': 'an example of the help text',
  'generator/cli/estimate/estimate.ts': 'examples of the help text',
  'generator/cli/report/report.ts': 'an example of the help text',
  'generator/cli/synth/synth.ts': 'examples of the help text',
  'generator/cli/explain/texts/tools.ts': 'command lines that mend an error',
};

test('no other file of the program names a family', () => {
  const files = readdirSync('generator', { recursive: true, encoding: 'utf8' })
    .map((path) => `generator/${path}`)
    .filter((path) => /\.[jt]s$/.test(path) && !path.startsWith('generator/devices/'));
  const naming = files.filter((f) => /ecp5|ice40|xilinx|xc7/i.test(readFileSync(f, 'utf8')));
  expect(naming.sort()).toEqual(Object.keys(NAMED).sort());
  const lines = naming
    .filter((f) => f.startsWith('generator/cli/'))
    .flatMap((f) => readFileSync(f, 'utf8').split('\n'))
    .filter((line) => /ecp5|ice40|xilinx|xc7/i.test(line));
  for (const line of lines)
    expect(line).toMatch(/^ {4}\['(cosim|estimate|report|synth) |^ {6}commands: \['hcgs synth /);
});
