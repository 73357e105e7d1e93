import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { type Activity, activitySchema } from '../../generator/design/manifest/activity.js';
import { DEFAULT_LIBERTY } from '../../generator/flow/asic/cell-library.js';
import { OPENSTA } from '../../generator/flow/tools/tool-specs.js';
import { findTool } from '../../generator/flow/tools/tools.js';
import { TWO_PORTS } from '../accelerator/support/macro-lists.js';
import { runCli } from '../support/cli.js';
import { smallDesign } from './support/small-design.js';

const ready = (await findTool(OPENSTA)) !== null && existsSync(DEFAULT_LIBERTY);
if (!ready) console.warn('skipped: needs opensta and qflow-tech-osu018 (scripts/setup --flow)');

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-asic-macros-'));
  const list = join(folder, 'macros.json');
  const tied = { ...TWO_PORTS, area: 900, ties: { dly: 1, bist: { bits: 3, value: 0 } } };
  // 4 words of 4 bits are a macro, all others would be several, and are smaller as registers
  writeFileSync(list, JSON.stringify({ registerBitArea: 60, macros: [tied] }));
  design = await smallDesign(folder, 'tiny', ['--headroom', '0', '--macros', list]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Liberty file with the macro alone, of an area, with so many ns from the clock to the data. */
function library(name: string, area: number, accessNs: number): string {
  const text = readFileSync(join(design, 'flow/asic_memories.lib'), 'utf8');
  const head = text.slice(0, text.indexOf('  cell (tiny_rom'));
  const cell = /^ {2}cell \(two_ports\) \{[\s\S]*?^ {2}\}$/m.exec(text)?.[0] ?? '';
  const file = join(folder, `${name}.lib`);
  const own = `${head.replace('tiny_memories', name)}${cell}\n}\n`;
  const comments = own.replace(/\/\*[\s\S]*?\*\//g, '');
  writeFileSync(
    file,
    comments
      .replace('area : 900', `area : ${area}`)
      .replaceAll('values ("2")', `values ("${accessNs}")`),
  );
  return file;
}

async function synthesised(...options: readonly string[]) {
  const outcome = await runCli(['synth', design, '--target', 'asic', '--json', ...options]);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return synth.parse(outcome.json());
}

const ramsOf = ({ macros }: ReturnType<typeof synth.parse>) =>
  macros.filter(({ kind }) => kind === 'ram');

describe.skipIf(!ready)('a design of macros in standard cells', () => {
  test('has every macro under its own name, timed, and memories without one in registers', async () => {
    const report = await synthesised();
    const [placed, ...others] = ramsOf(report);
    expect(others).toEqual([]);
    expect(placed).toMatchObject({ macro: 'two_ports', area: 900, assumed: true });
    const number = placed?.instances.length ?? 0;
    expect(number).toBeGreaterThan(0);
    expect(report.macroArea).toBe(900 * number);
    const netlist = readFileSync(join(design, 'flow/build/asic/tiny.v'), 'utf8');
    expect(netlist.match(/^ {2}two_ports /gm)?.length).toBe(number);
    expect(netlist).not.toMatch(/^ {2}tiny_ram/m);
    expect(report.criticalPath).not.toBeNull();
    expect(report.corners).toEqual([]);
    const assumed = readFileSync(join(design, 'flow/asic_memories.lib'), 'utf8');
    expect(assumed).toMatch(/cell \(two_ports\) \{\s+area : 900;/);
    expect(assumed.match(/related_pin : "b_clk"/g)?.length).toBeGreaterThan(0);
  });

  test('has the area and the times of the Liberty file of a macro, in every corner', async () => {
    const [slow, fast] = [library('slow', 1234, 30), library('fast', 1, 1)];
    const report = await synthesised(
      ...['--liberty', DEFAULT_LIBERTY, '--liberty', slow],
      ...['--corner', `quick=${DEFAULT_LIBERTY},${fast}`],
    );
    const [placed] = ramsOf(report);
    expect(placed).toMatchObject({ macro: 'two_ports', area: 1234, assumed: false });
    expect(report.macros.filter(({ kind }) => kind === 'rom').every((m) => m.assumed)).toBe(true);
    // 30 ns from the clock to the data let no clock of more than some 33 MHz
    expect(report.fmaxMHz).toBeLessThan(34);
    expect(report.criticalPath?.segments[0]?.kind).toBe('clk-to-q two_ports');
    const [quick, ...others] = report.corners;
    expect(others).toEqual([]);
    expect(quick).toMatchObject({ corner: 'quick', library: 'osu018_stdcells' });
    expect(quick?.fmaxMHz).toBeGreaterThan(40);
    expect(report.files).toContain('flow/build/asic/timing_quick.txt');
    for (const file of report.files) expect(existsSync(join(design, file)), file).toBe(true);
  });
});

describe('hcgs synth --activity', () => {
  /** The file of cosim --activity, changed. */
  async function measured(change: (activity: Activity) => Activity = (same) => same) {
    const file = join(folder, 'activity.json');
    const words = ['--random', '2', '--no-protocol', '--activity', file];
    const outcome = await runCli(['cosim', design, ...words]);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const activity = activitySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    writeFileSync(file, JSON.stringify(change(activity)));
    return { file, activity };
  }

  test.skipIf(!ready)('gives the energy of a frame by block', async () => {
    const { file, activity } = await measured();
    const powered = library('powered', 1, 1);
    const text = readFileSync(powered, 'utf8');
    const edge = (when: string, rise: number) =>
      `internal_power () { when : "${when}"; rise_power (scalar) { values (${rise}); } }`;
    const power = (port: string, own: string) => [
      `${edge(`${own} & ${port}_we`, 30)}`,
      edge(`${own} & ${port}_re`, 20),
      edge(`!${own}`, 0.5),
    ];
    const withPower = ['a', 'b'].reduce((all, port) => {
      const clock = port === 'a' ? 'clk' : 'b_clk';
      const entries = power(port, `${port}_en`).join('\n');
      return all.replace(new RegExp(`pin \\(${clock}\\) \\{`), (pin) => `${pin}\n${entries}`);
    }, text);
    writeFileSync(powered, withPower);
    const options = ['--liberty', DEFAULT_LIBERTY, '--liberty', powered, '--activity', file];
    const { energy, files, macros } = await synthesised(...options, '--clock-mhz', '5');
    const reads = activity.macros.flatMap(({ ports }) => ports.map((port) => port.reads));
    const all = reads.reduce((sum, n) => sum + n, 0);
    expect(all).toBeGreaterThan(0);
    const uses = energy?.ports ?? [];
    expect(uses.reduce((sum, use) => sum + use.reads, 0)).toBe(all);
    expect(uses[0]).toMatchObject({ readPJ: 20, writePJ: 30, idlePJ: 0.5 });
    const counted = uses.reduce((sum, use) => {
      expect(use.reads + use.writes + use.idle).toBe(
        activity.macros.length * activity.cyclesPerFrame,
      );
      return sum + 20 * use.reads + 30 * use.writes + 0.5 * use.idle;
    }, 0);
    const blocks = energy?.blocks ?? [];
    expect(blocks.reduce((sum, block) => sum + block.macros, 0)).toBeCloseTo(counted / 1000, 9);
    expect(energy).toMatchObject({ clockMHz: 5, cyclesPerFrame: activity.cyclesPerFrame });
    // the array has no macro, and its cells take something
    const array = blocks.find(({ block }) => block === 'u_array');
    expect(array?.macros).toBe(0);
    expect(array?.cells).toBeGreaterThan(0);
    const roms = macros.filter(({ kind }) => kind === 'rom').map(({ macro }) => macro);
    expect(energy?.uncounted.filter((name) => roms.includes(name)).sort()).toEqual(
      [...roms].sort(),
    );
    expect(files).toContain('flow/build/asic/power.txt');
  });

  test('is refused of another design, without timing, and for what is no such file', async () => {
    const refused = async (...options: readonly string[]) => {
      const { exitCode, stderr } = await runCli(['synth', design, '--target', 'asic', ...options]);
      expect(exitCode).toBe(2);
      return stderr;
    };
    const { file } = await measured((activity) => ({ ...activity, designHash: 'other' }));
    expect(await refused('--activity', file)).toContain('was measured on another design');
    expect(await refused('--activity', file, '--synthesis-only')).toContain('needs the timing');
    writeFileSync(file, 'energy');
    expect(await refused('--activity', file)).toContain('is no JSON');
    writeFileSync(file, '{"frames": 0}');
    expect(await refused('--activity', file)).toContain('design: expected string');
  });
});

describe('hcgs synth --corner', () => {
  const refused = async (...options: readonly string[]) => {
    const { exitCode, stderr } = await runCli(['synth', design, '--target', 'asic', ...options]);
    expect(exitCode).toBe(2);
    return stderr;
  };

  test.each(['slow', '=a.lib', 'slow=', 'slow=a.lib,', 'a/b=c.lib'])(
    'is refused as %s',
    async (text) => {
      expect(await refused('--corner', text)).toContain(`got '${text}'`);
    },
  );

  test('is refused twice under one name, without timing, and for an FPGA', async () => {
    const corner = ['--corner', `a=${DEFAULT_LIBERTY}`];
    expect(await refused(...corner, ...corner)).toContain('no other corner has');
    expect(await refused(...corner, '--synthesis-only')).toContain('--synthesis-only times none');
    const { exitCode, stderr } = await runCli(['synth', design, '--target', 'ecp5', ...corner]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('it belongs to asic');
  });

  test('reads no library out of the folder that it replaces', async () => {
    const inside = join(design, 'flow/build/asic/own.lib');
    const said = await refused('--corner', `a=${DEFAULT_LIBERTY},${inside}`);
    expect(said).toContain(`would replace --corner ${inside}`);
  });

  test('names a library that is not there', async () => {
    expect(await refused('--liberty', DEFAULT_LIBERTY, '--corner', 'a=/nowhere/x.lib')).toContain(
      '/nowhere/x.lib',
    );
  });
});
