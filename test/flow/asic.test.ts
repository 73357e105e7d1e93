import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { synth } from '../../generator/cli/schemas/synth.js';
import { DEFAULT_LIBERTY } from '../../generator/flow/asic/cell-library.js';
import { timeNetlist } from '../../generator/flow/asic/opensta.js';
import { OPENSTA } from '../../generator/flow/tools/tool-specs.js';
import { findTool } from '../../generator/flow/tools/tools.js';
import { runCli } from '../support/cli.js';
import { smallDesign } from './support/small-design.js';

const sta = await findTool(OPENSTA);
const ready = sta !== null && existsSync(DEFAULT_LIBERTY);
if (!ready) console.warn('skipped: needs opensta and qflow-tech-osu018 (scripts/setup --flow)');

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-asic-'));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Seconds of work that take minutes on a busy machine. */

const built = (file: string): string => join(design, 'flow/build/asic', file);

describe.skipIf(!ready)('a design in standard cells', () => {
  let report: ReturnType<typeof synth.parse>;
  let text: string;
  beforeAll(async () => {
    const { exitCode, stdout, stderr } = await runCli([
      'synth',
      design,
      '--target',
      'asic',
      '--json',
    ]);
    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
    text = stdout;
    report = synth.parse(JSON.parse(stdout));
  });

  test('is reported with the tools and the library', () => {
    expect(report.target).toBe('asic');
    expect(report.device).toBe('osu018_stdcells');
    expect(Object.keys(report.tools)).toEqual(['yosys', 'opensta']);
    expect(report.fits).toBe(true);
    for (const file of report.files) expect(existsSync(join(design, file)), file).toBe(true);
    expect(text).not.toContain(folder.replaceAll('/', '\\/'));
  });

  test('has an area, block by block, that Yosys adds up to as well', () => {
    const areas = [...readFileSync(built('area.txt'), 'utf8').matchAll(/top module .*: ([\d.]+)/g)];
    expect(report.cellArea).toBeCloseTo(Number(areas.at(-1)?.[1]), 3);
    const sum = report.blocks.reduce((total, { cellArea }) => total + (cellArea ?? 0), 0);
    expect(sum).toBeCloseTo(report.cellArea ?? 0, 3);
    const blocks = report.blocks.map(({ block }) => block);
    for (const block of ['u_array', 'u_cells', 'u_decoder', 'u_sequencer', 'u_core']) {
      expect(blocks).toContain(block);
    }
    expect(report.registers).toBe(report.cells.DFFPOSX1);
  });

  test('has every memory as a macro, and no bit of one in registers', () => {
    const netlist = readFileSync(built('tiny.v'), 'utf8');
    for (const { macro, instances } of report.macros) {
      const placed = netlist.match(new RegExp(`^ {2}${macro} `, 'gm')) ?? [];
      expect(placed.length, macro).toBe(instances.length);
    }
    const weights = report.macros.find(({ macro }) => macro.endsWith('_weights_0'));
    expect(weights?.instances).toEqual(['u_core.u_weights.u_bank_0']);
    const tables = report.macros.find(({ macro }) => macro.endsWith('_sigmoid'));
    expect(tables?.instances.length).toBe(3);
    // nothing is left of the modules that macros stand for
    expect(netlist).not.toMatch(/^ {2}tiny_r[oa]m /m);
    expect(netlist).not.toMatch(/^ {2}\\?\$/m);
  });

  test('has a clock, and a critical path of named registers and macros', () => {
    const { fmaxMHz, criticalPath } = report;
    expect(criticalPath).not.toBeNull();
    const delay = criticalPath?.segments.reduce((sum, { delayNs }) => sum + delayNs, 0) ?? 0;
    expect(criticalPath?.delayNs).toBeCloseTo(delay, 3);
    expect(fmaxMHz).toBeCloseTo(1000 / delay, 0);
    for (const end of [criticalPath?.from, criticalPath?.to]) {
      expect(end).toMatch(/^u_core\.\w+|^[sm]_axis/);
      expect(end).not.toMatch(/_\d+_$|_reg$/);
    }
    // without buffers one gate drives hundreds of others, and takes many nanoseconds for it
    const slowest = Math.max(...(criticalPath?.segments ?? []).map(({ delayNs }) => delayNs));
    expect(slowest).toBeLessThan(2.5);
    expect(Object.keys(report.cells)).toContain('BUFX2');
  });

  test('comes from the same commands as those of its Makefile', async () => {
    const { stdout } = await execa('make', ['-n', '-C', join(design, 'flow'), 'asic']);
    const constraints = readFileSync(built('abc.constr'), 'utf8');
    expect(stdout).toContain(
      `printf '${constraints.replaceAll('\n', '\\n')}' > build/asic/abc.constr`,
    );
    const [mapping] =
      /^abc .*(?=;)/m.exec(stdout.replace('$((1000000 / 100))', '10000').replace(/^ +/gm, '')) ??
      [];
    expect(readFileSync(built('yosys.log'), 'utf8')).toContain(mapping ?? 'no abc');
  });

  test('is not timed with macros that no Liberty file has', async () => {
    if (sta === null) return;
    const lib = readFileSync(join(design, 'flow/asic_memories.lib'), 'utf8');
    writeFileSync(
      built('memories.lib'),
      lib.replace(/cell \((tiny_rom_\w+_weights_0)\)/, 'cell (other)'),
    );
    const facts = {
      directory: design,
      name: 'tiny',
      memoryBits: 0,
      chip: () => ({ blocks: [], macros: [], registers: [] }),
    };
    await expect(timeNetlist(facts, sta, 100, silentProgress)).rejects.toMatchObject({
      report: {
        code: 'TIMING_FAILED',
        details: expect.arrayContaining([
          expect.stringMatching(/module tiny_rom_\w+_weights_0 not found/),
        ]),
      },
    });
  });
});

describe('hcgs synth --target asic', () => {
  test.each([
    ['--device', 'XC7A35T', 'belongs to ecp5, ice40, xilinx'],
    ['--package', 'sg48', 'belongs to ecp5, ice40'],
  ])('has nothing to do with %s', async (option, value, says) => {
    const { exitCode, stderr } = await runCli(['synth', design, '--target', 'asic', option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(option);
    expect(stderr).toContain(says);
  });

  test('names a Liberty file that cannot be used', async () => {
    const file = join(folder, 'odd.lib');
    writeFileSync(file, 'library (odd) { cell (AND) { area : 1; } }');
    const { exitCode, stderr } = await runCli([
      ...['synth', design, '--target', 'asic', '--synthesis-only', '--liberty', file],
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${file} has no flip-flop`);
  });
});
