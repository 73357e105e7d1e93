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
