import type { CellCase } from './memories.js';

/** Products of one clock cycle: operands of every size and sign. */
const SHAPES = [
  ['signed', 18, 'signed', 18],
  ['', 18, '', 18],
  ['signed', 18, '', 17],
  ['', 11, 'signed', 18],
  ['signed', 13, 'signed', 6],
  ['signed', 30, 'signed', 21],
  ['', 24, '', 20],
] as const;

export const MULTIPLIER_CASES: readonly CellCase[] = SHAPES.map(([signA, a, signB, b], n) => {
  const product = `product_${n}`;
  const extend = (sign: string, name: string) => (sign === '' ? `$signed({1'b0, ${name}})` : name);
  const operands =
    signA === '' && signB === '' ? 'a * b' : `${extend(signA, 'a')} * ${extend(signB, 'b')}`;
  const sign = signA === '' && signB === '' ? '' : 'signed';
  return {
    name: product,
    inputs: { a, b },
    width: 64,
    verilog: `
module ${product}(input clk, input ${signA} [${a - 1}:0] a, input ${signB} [${b - 1}:0] b, output [63:0] q);
  wire ${sign} [${a + b}:0] p = ${operands};
  reg [63:0] r;
  assign q = r;
  always @(posedge clk) r <= {{${63 - a - b}{${sign === '' ? "1'b0" : `p[${a + b}]`}}}, p};
endmodule
`,
  };
});

/** Bits of the factors of products that have a register of their own. */
export const REGISTERED_SHAPES = [
  [6, 13],
  [14, 16],
  [18, 18],
  [2, 5],
] as const;

/** Such products, with another register behind that one, which shows whether it is there. */
export const REGISTERED_CASES: readonly CellCase[] = REGISTERED_SHAPES.map(([a, b]) => ({
  name: `registered_${a}x${b}`,
  inputs: { a, b },
  width: a + b,
  verilog: `
module registered_${a}x${b}(
  input clk, input signed [${a - 1}:0] a, input signed [${b - 1}:0] b, output reg [${a + b - 1}:0] q
);
  reg signed [${a + b - 1}:0] p;
  always @(posedge clk) begin p <= a * b; q <= p; end
endmodule
`,
}));
