import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import type { Design } from '../../generator/design/read/read.js';
import { render } from '../../generator/design/write/render.js';
import {
  filesHash,
  recordedScript,
  recordOf,
} from '../../generator/design/write/sources-record.js';
import { cellLibrary } from '../../generator/flow/netlist/cell-library.js';
import { designNetlist } from '../../generator/flow/netlist/design-netlist.js';
import { YOSYS } from '../../generator/flow/tools/tool-specs.js';
import { findTool } from '../../generator/flow/tools/tools.js';

const rom = (value: string) =>
  new Map([
    [
      'rtl/rom.v',
      'module rom(input clk, output reg q); reg m [0:0]; initial $readmemb("mem/m.mem", m); always @(posedge clk) q <= m[0]; endmodule\n',
    ],
    ['mem/m.mem', `${value}\n`],
  ]);

let folder: string;
const notes: string[] = [];

/** Writes a design with one module and one image to the disk. */
function design(files: ReadonlyMap<string, string>): Design {
  const script = recordedScript(filesHash(files), (sources) =>
    render('design/flow_generic.ys.hbs', { name: 'rom', rtlFiles: ['rtl/rom.v'], sources }),
  );
  const all = new Map([...files, ['flow/generic.ys', script]]);
  for (const [path, text] of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const encoder = new TextEncoder();
  return {
    directory: folder,
    manifest: { name: 'rom' },
    files: new Map([...all].map(([path, text]) => [path, encoder.encode(text)])),
  } as unknown as Design;
}

const netlist = (of: Design, trust = false) =>
  designNetlist(of, 'generic', {
    progress: silentProgress,
    note: (text) => notes.push(text),
    trust,
  });
const built = (name: string) => join(folder, 'flow/build/generic', name);

describe('the netlist of a design', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-netlist-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made where there is none, and taken as it stands afterwards, edited only with trust', async () => {
    const one = design(rom('1'));
    const made = await netlist(one);
    expect(made).toMatchObject({ target: 'generic', file: built('rom.v'), cellLibrary: null });
    expect(made.synthesizer).toMatch(/^yosys \d/);
    expect(made.verilog).toMatch(/^module rom\(/m);
    expect((await netlist(one)).verilog).toBe(made.verilog);
    expect(notes).toEqual([]);
    writeFileSync(built('rom.v'), `${made.verilog}// edited\n`);
    expect((await netlist(one, true)).verilog).toContain('// edited');
    expect(notes).toEqual([]);
    expect((await netlist(one)).verilog).toBe(made.verilog);
    expect(notes.splice(0)).toEqual([expect.stringContaining('was made by someone else')]);
  });

  it('is made anew when an image changes, and when nothing says what it was made from', async () => {
    const other = design(rom('0'));
    expect((await netlist(other)).verilog).not.toContain('// edited');
    expect(notes).toEqual([expect.stringContaining('was made from other files')]);
    writeFileSync(built('rom.v'), '// of somebody else\n');
    rmSync(built('rom.sources'));
    expect((await netlist(other)).verilog).toMatch(/^module rom\(/m);
    expect(readFileSync(built('rom.sources'), 'utf8').trim()).toBe(
      recordOf(new TextDecoder().decode(other.files.get('flow/generic.ys'))),
    );
  });

  it('is refused where the design has no script that records what it made it from', async () => {
    const old = design(rom('0'));
    const without = { ...old, files: new Map() };
    await expect(netlist(without)).rejects.toMatchObject({ report: { code: 'NO_SUCH_SCRIPT' } });
  });
});

describe('the models of the cells that Yosys has', () => {
  it.each([
    ['yosys', { program: 'yosys' }],
    ['@yowasp/yosys', { npm: '@yowasp/yosys', function: 'runYosys' }],
  ])('come with %s', async (_, source) => {
    const tool = await findTool({ ...YOSYS, sources: [source] });
    if (tool === null) return console.warn(`no ${_}: its cell models are not tested`);
    expect(await cellLibrary(tool, 'ecp5')).toMatch(/^module TRELLIS_FF\(/m);
    expect(await cellLibrary(tool, 'ice40')).toMatch(/^module SB_RAM40_4K \(/m);
    await expect(cellLibrary(tool, 'nowhere')).rejects.toThrow('+/nowhere/cells_sim.v');
  });
});
