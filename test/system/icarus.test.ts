import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import {
  buildImages,
  byteBits,
  emitVerilog,
  outputBits,
  planDesign,
} from '../../generator/accelerator/index.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';

// Verilator has two states; a value that was never written shows in a simulator with four.

const FRAMES = 4;
const k = (kept: number, n: number) => ({ k: kept, n });
const base = {
  sharing: 'shared',
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;

/** A bench that plays `in.hex` with one idle cycle a beat and prints every output beat. */
function bench(name: string, inputs: number, inBits: number, outBits: number): string {
  return `module tb;
  reg clk = 0, rst = 1, valid = 0, last = 0, user = 0;
  reg [${inBits - 1}:0] data = 0;
  wire ready, sent, end_of_frame, busy, error;
  wire [${outBits - 1}:0] out;
  wire [31:0] cycles;
  wire [15:0] error_count;
  reg [${inBits - 1}:0] frames [0:${FRAMES * inputs - 1}];
  integer n;
  always #5 clk = !clk;
  ${name} dut (.clk(clk), .rst(rst), .s_axis_tdata(data), .s_axis_tvalid(valid), .s_axis_tready(ready),
    .s_axis_tlast(last), .s_axis_tuser(user), .m_axis_tdata(out), .m_axis_tvalid(sent), .m_axis_tready(1'b1),
    .m_axis_tlast(end_of_frame), .busy(busy), .cycles(cycles), .error(error), .error_count(error_count));
  always @(posedge clk) if (sent !== 1'b0 && !rst) $display("%h", out);
  initial begin
    $readmemh("in.hex", frames);
    repeat (5) @(posedge clk);
    #1 rst = 0;
    for (n = 0; n < ${FRAMES * inputs}; n = n + 1) begin
      valid = 1; data = frames[n]; last = n % ${inputs} == ${inputs - 1}; user = n == 0;
      #1 while (ready !== 1'b1) begin @(posedge clk); #1; end
      @(posedge clk); #1 valid = 0;
    end
    repeat (3000) @(posedge clk);
    $finish;
  end
endmodule
`;
}

test.each<
  [string, Partial<RandomOptions> & Pick<RandomOptions, 'inputs' | 'hidden' | 'patterns'>, number]
>([
  [
    'padding columns beyond the activation memories',
    {
      inputs: 5,
      hidden: [20],
      outputs: 3,
      patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [k(2, 2), k(4, 4)] }],
    },
    64,
  ],
  [
    'two layers, a mask for each gate, no output layer',
    {
      inputs: 7,
      hidden: [9, 6],
      outputs: 0,
      sharing: 'per-gate',
      patterns: [{ kind: 'hcgs', blocks: [8, 2], keep: [k(1, 2), k(1, 2)] }],
    },
    32,
  ],
])('Icarus computes the network too: %s', async (_, options, macs) => {
  const model = randomModel({ ...base, outputs: 0, ...options });
  const { configuration: c } = planDesign(model, { name: 'dut', macs, streamLanes: 1 });
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-icarus-'));
  try {
    const inputs = options.inputs;
    const frames = randomFrames({ frames: FRAMES, inputs, bits: c.words.activation, seed: 3 });
    const [inBits, outBits] = [byteBits(c.words.activation), byteBits(outputBits(c))];
    const hex = [...frames.codes].map((v) => (v & (2 ** inBits - 1)).toString(16)).join('\n');
    const files = new Map([
      ...emitVerilog(c),
      ...buildImages(c, model),
      ['in.hex', `${hex}\n`],
      ['tb.v', bench('dut', inputs, inBits, outBits)],
    ]);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const sources = [...files.keys()].filter((path) => path.endsWith('.v'));
    await execa('iverilog', ['-g2005', '-s', 'tb', '-o', 'tb.vvp', ...sources], { cwd: directory });
    const { stdout } = await execa('vvp', ['-n', 'tb.vvp'], { cwd: directory });
    const golden = new GoldenNetwork(model);
    const expected = Array.from({ length: FRAMES }, (_, f) => [
      ...golden.step(frames.codes.subarray(f * inputs, (f + 1) * inputs)).outputs,
    ]).flat();
    const got = stdout
      .trim()
      .split('\n')
      .filter((line) => /^[0-9a-fx]+$/.test(line));
    expect(got.filter((word) => word.includes('x'))).toEqual([]);
    expect(got.map((word) => Number(BigInt.asIntN(outBits, BigInt(`0x${word}`))))).toEqual(
      expected,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
