import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synth } from '../../generator/cli/schemas/synth.js';
import { DEFAULT_LIBERTY } from '../../generator/flow/asic/cell-library.js';
import { OPENSTA } from '../../generator/flow/tools/tool-specs.js';
import { findTool } from '../../generator/flow/tools/tools.js';
import { TWO_PORTS } from '../accelerator/support/macro-lists.js';
import { runCli } from '../support/cli.js';
import { smallDesign } from './support/small-design.js';

const ready = (await findTool(OPENSTA)) !== null && existsSync(DEFAULT_LIBERTY);
if (!ready) console.warn('skipped: needs opensta and qflow-tech-osu018 (scripts/setup --flow)');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-asic-macros-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!ready)('a design of macros in standard cells', () => {
  test('has every macro under its own name, timed, and memories without one in registers', async () => {
    const list = join(folder, 'macros.json');
    const tied = { ...TWO_PORTS, area: 900, ties: { dly: 1, bist: { bits: 3, value: 0 } } };
    // 4 words of 4 bits are a macro, all others would be several, and are smaller as registers
    writeFileSync(list, JSON.stringify({ registerBitArea: 60, macros: [tied] }));
    const design = await smallDesign(folder, 'tiny', ['--headroom', '0', '--macros', list]);
    const outcome = await runCli(['synth', design, '--target', 'asic', '--json']);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const report = synth.parse(outcome.json());
    const placed = report.macros.find(({ macro }) => macro === 'two_ports');
    expect(placed?.instances.length).toBeGreaterThan(0);
    const netlist = readFileSync(join(design, 'flow/build/asic/tiny.v'), 'utf8');
    expect(netlist.match(/^ {2}two_ports /gm)?.length).toBe(placed?.instances.length);
    expect(netlist).not.toMatch(/^ {2}tiny_ram/m);
    expect(report.macros.filter(({ kind }) => kind === 'ram').map(({ macro }) => macro)).toEqual([
      'two_ports',
    ]);
    expect(report.criticalPath).not.toBeNull();
    const library = readFileSync(join(design, 'flow/asic_memories.lib'), 'utf8');
    expect(library).toMatch(/cell \(two_ports\) \{\s+area : 900;/);
    expect(library.match(/related_pin : "b_clk"/g)?.length).toBeGreaterThan(0);
  });
});
