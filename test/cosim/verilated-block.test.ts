import { beforeAll, describe, expect, it } from 'vitest';
import { signed, type VerilatedBlock, verilate } from '../support/verilated-block.js';

const text = `
module probe #(parameter STEP = 1) (
  input wire clk, input wire rst, input wire [99:0] wide, input wire signed [6:0] a,
  output wire [99:0] inverted, output reg signed [6:0] sum, output reg [7:0] word, output reg unreset
);
  reg [7:0] rom [0:3];
  reg [1:0] address;
  initial $readmemh("mem/rom.mem", rom);
  assign inverted = ~wide;
  always @(posedge clk) begin
    if (rst) begin sum <= 0; address <= 0; end
    else begin sum <= sum + a * STEP; address <= address + 1; end
    word <= rom[address];
  end
endmodule
`;

describe('a hardware block under a table of vectors', () => {
  let block: VerilatedBlock;
  beforeAll(async () => {
    block = await verilate({
      top: 'probe',
      sources: [{ name: 'probe.v', text }],
      parameters: { STEP: 2 },
      ports: [
        { name: 'rst', width: 1, direction: 'input' },
        { name: 'wide', width: 100, direction: 'input' },
        { name: 'a', width: 7, direction: 'input' },
        { name: 'inverted', width: 100, direction: 'output' },
        { name: 'sum', width: 7, direction: 'output' },
        { name: 'word', width: 8, direction: 'output' },
        { name: 'unreset', width: 1, direction: 'output' },
      ],
    });
  });

  it('shows combinational outputs in the same cycle and registers one later', async () => {
    const out = await block.run(
      [{ rst: 1 }, { rst: 0, a: -3, wide: 1n << 99n }, { a: 5 }, {}, {}],
      { files: { 'mem/rom.mem': 'aa\nbb\ncc\ndd\n' } },
    );
    expect(out.map((o) => o.inverted)[1]).toBe((1n << 99n) - 1n);
    expect(out.slice(1).map((o) => signed(o.sum, 7))).toEqual([0n, -6n, 4n, 14n]);
    expect(out.slice(2).map((o) => o.word)).toEqual([0xaan, 0xbbn, 0xccn]);
  });

  it('starts from random registers, the same for the same seed', async () => {
    const files = { 'mem/rom.mem': '0\n0\n0\n0\n' };
    const start = async (seed: number) => (await block.run([{}], { files, seed }))[0];
    expect(await start(3)).toEqual(await start(3));
    const sums = new Set<bigint | undefined>();
    for (let seed = 1; seed < 6; seed++) sums.add((await start(seed))?.sum);
    expect(sums.size).toBeGreaterThan(1);
  });

  it('refuses an input that the block does not have', async () => {
    await expect(block.run([{ b: 1 }])).rejects.toThrow('no input b');
  });
});
