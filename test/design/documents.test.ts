import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DesignFacts,
  designDocuments,
  moduleHeader,
} from '../../generator/design/write/documents.js';
import { recordOf } from '../../generator/design/write/sources-record.js';

/** Ports as those of a design. */
const ADDER = `\`default_nettype none
// a comment on the module
module adder (
  input  wire         clk,
  input  wire         rst,
  input  wire [79:0]  s_axis_tdata,
  input  wire         s_axis_tvalid,
  output wire         s_axis_tready,
  input  wire         s_axis_tlast,
  input  wire         s_axis_tuser,
  output reg  [79:0]  m_axis_tdata,
  output reg          m_axis_tvalid,
  input  wire         m_axis_tready,
  output reg          m_axis_tlast,
  output reg  [31:0]  cycles
);
  assign s_axis_tready = m_axis_tready || !m_axis_tvalid;
  wire [79:0] ones = {5{15'd0, s_axis_tuser}};
  always @(posedge clk) begin
    if (rst) cycles <= 32'd0;
    else cycles <= cycles + 32'd1;
    if (rst) m_axis_tvalid <= 1'b0;
    else if (s_axis_tready) begin
      m_axis_tvalid <= s_axis_tvalid;
      m_axis_tlast <= s_axis_tlast;
      m_axis_tdata <= s_axis_tdata + ones;
    end
  end
endmodule
`;

const facts: DesignFacts = {
  name: 'adder',
  core: 'adder_core',
  engines: null,
  rtlFiles: ['rtl/adder.v'],
  macroModels: [],
  images: ['mem/w.mem'],
  contents: 'a hash',
  products: [],
  chip: { blocks: [], macros: [], registers: [] },
  header: moduleHeader(ADDER, 'adder'),
  lanes: 1,
  bus: null,
  inputs: 5,
  inputBits: 13,
  inputBytes: 2,
  inputFraction: 10,
  inputBeats: 1,
  outputs: 5,
  outputBits: 13,
  outputBytes: 2,
  outputFraction: 10,
  outputBeats: 1,
  figures: [{ label: 'multipliers', value: 0 }],
  layers: [
    { label: '0', cell: 'lstm', inputs: 5, rows: 5, x: 'dense', h: 'dense', kept: 1, cycles: 7 },
  ],
  memories: [{ name: 'weights', depth: 4, width: 6, total: 24, image: 'mem/w.mem' }],
  parameters: [
    {
      ...{ module: 'adder', name: 'WIDTH', value: '8', range: '1 … 16', doc: 'bits of a word' },
      images: 'words of w.mem',
    },
  ],
  heldProducts: true,
  specialised: false,
  initialState: false,
  emitLast: false,
  streams: null,
  maxFrames: null,
  backward: false,
  state: null,
  limits: [{ label: 'layers', value: 1 }],
  load: null,
  protection: null,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-sim-'));
  const files = new Map(designDocuments(facts));
  files.set('rtl/adder.v', ADDER);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the pages of a design', () => {
  test('name its figures, ports and memories', () => {
    const readme = designDocuments(facts).get('README.md');
    expect(readme).toContain('| multipliers | 0 |');
    expect(readme).toContain('input  wire [79:0]  s_axis_tdata,');
    expect(readme).toContain('| weights | 4 | 6 | 24 | mem/w.mem |');
    expect(readme).not.toContain('undefined');
  });

  test('say how utterances come and go where they are computed whole', () => {
    const page = (more: Partial<DesignFacts>) =>
      designDocuments({ ...facts, ...more }).get('README.md') as string;
    const whole = page({ maxFrames: 7, backward: true });
    expect(whole).toContain('at most 7 frames. `s_axis_tuser[0]`');
    expect(whole).toContain('gets the last\n  frame first. There is room for two utterances');
    expect(whole).toContain('Outputs leave of every frame');
    expect(whole).not.toContain('up to its `s_axis_tlast`');
    expect(page({ maxFrames: 7, emitLast: true })).toContain(
      'the last frame of each utterance alone',
    );
    expect(page({})).not.toContain('whole');
  });

  test('the synthesis script runs', () => {
    const { status, stderr } = spawnSync('yosys', ['-q', '-s', 'flow/generic.ys'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

test('the netlist of ECP5 is known by the products that become multipliers, too', () => {
  const record = (target: string, bits: number) => {
    const products = [{ a: bits, b: 13, width: bits + 13, signed: true }];
    const script = designDocuments({ ...facts, products }).get(`flow/${target}.ys`) as string;
    return recordOf(script);
  };
  expect(record('ecp5', 6)).toMatch(/^[0-9a-f]{64}$/);
  expect(record('ecp5', 6)).not.toBe(record('ecp5', 7));
  expect(record('ice40', 6)).toBe(record('ice40', 7));
});
