/** A module in plain Verilog that becomes cells with a model of their own. */
export interface CellCase {
  readonly name: string;
  readonly verilog: string;
  /** Inputs besides `clk`, with their widths. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Bits of the output `q`. */
  readonly width: number;
}

const image = (width: number, depth: number, seed: number): string => {
  const digits = Math.ceil(width / 4);
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  return Array.from({ length: depth }, () => {
    const value = (BigInt(next()) << 24n) | BigInt(next());
    return BigInt.asUintN(width, value).toString(16).padStart(digits, '0');
  }).join('\n');
};

/** Widths of a port, with the words that fill one block RAM. */
const SHAPES = [
  [1, 16384],
  [2, 8192],
  [4, 4096],
  [9, 2048],
  [18, 1024],
  [36, 512],
] as const;

interface Shape {
  readonly width: number;
  readonly depth: number;
}

/** A module with the memory `m`, initialised from an image of its own. */
function memory(
  name: string,
  { width, depth }: Shape,
  inputs: Readonly<Record<string, number>>,
  body: string,
  outputs = width,
  attributes = 'ram_style = "block", rom_style = "block"',
): CellCase {
  const ports = Object.entries(inputs).map(([port, bits]) => `input [${bits - 1}:0] ${port}`);
  const verilog = `
module ${name}(input clk, ${ports.join(', ')}, output [${outputs - 1}:0] q);
  (* ${attributes} *)
  reg [${width - 1}:0] m [0:${depth - 1}];
  initial $readmemh("${name}.mem", m);
  reg [${width - 1}:0] r;
${outputs === width ? '  assign q = r;' : `  reg [${width - 1}:0] r2;\n  assign q = {r2, r};`}
${body}
endmodule
`;
  return { name, verilog, inputs, width: outputs };
}

const bits = (depth: number) => Math.log2(depth);

const roms = SHAPES.map(([width, depth]) =>
  memory(
    `rom_${width}`,
    { width, depth },
    { en: 1, ra: bits(depth) },
    '  always @(posedge clk) if (en) r <= m[ra];',
  ),
);

const writePort = (depth: number, width: number) => ({ we: 1, wa: bits(depth), d: width });

const rams = SHAPES.slice(5).flatMap(([width, depth]) => {
  const shape = { width, depth };
  const inputs = { ...writePort(depth, width), en: 1, ra: bits(depth) };
  return [
    // a read of the word that is being written gives the old one
    memory(
      `old_${width}`,
      shape,
      inputs,
      '  always @(posedge clk) begin if (we) m[wa] <= d; if (en) r <= m[ra]; end',
    ),
    // ... and here the new one
    memory(
      `new_${width}`,
      shape,
      inputs,
      `  always @(posedge clk) begin
    if (we) m[wa] <= d;
    if (en) r <= we && wa == ra ? d : m[ra];
  end`,
    ),
  ];
});

/** One port that reads or writes: what the output does in a write. */
const single = SHAPES.slice(4, 5).flatMap(([width, depth]) => {
  const shape = { width, depth };
  const inputs = { en: 1, we: 1, a: bits(depth), d: width };
  const port = (name: string, body: string) =>
    memory(`${name}_${width}`, shape, inputs, `  always @(posedge clk) if (en) begin ${body} end`);
  return [
    port('keep', 'if (we) m[a] <= d; else r <= m[a];'),
    port('first', 'if (we) m[a] <= d; r <= m[a];'),
    port('through', 'if (we) begin m[a] <= d; r <= d; end else r <= m[a];'),
  ];
});

/** Bytes of nine bits written apart. */
const bytes = ([18] as const).map((width) => {
  const depth = 18432 / width;
  const lanes = width / 9;
  return memory(
    `bytes_${width}`,
    { width, depth },
    { be: lanes, wa: bits(depth), d: width, en: 1, ra: bits(depth) },
    `  integer i;
  always @(posedge clk) begin
    for (i = 0; i < ${lanes}; i = i + 1) if (be[i]) m[wa][9*i +: 9] <= d[9*i +: 9];
    if (en) r <= m[ra];
  end`,
  );
});

const nine = { width: 9, depth: 2048 };
const resets = [
  memory(
    'reset_sync',
    nine,
    { ...writePort(2048, 9), clear: 1, ra: 11 },
    `  always @(posedge clk) begin
    if (we) m[wa] <= d;
    if (clear) r <= 9'd0; else r <= m[ra];
  end`,
  ),
  memory(
    'reset_async',
    nine,
    { ...writePort(2048, 9), clear: 1, ra: 11 },
    `  always @(posedge clk) if (we) m[wa] <= d;
  always @(posedge clk, posedge clear) if (clear) r <= 9'd0; else r <= m[ra];`,
  ),
  memory(
    'falling',
    nine,
    { ...writePort(2048, 9), en: 1, ra: 11 },
    '  always @(negedge clk) begin if (we) m[wa] <= d; if (en) r <= m[ra]; end',
  ),
];

const FREE = 'no_rw_check, ram_style = "block"';

/** Two ports that read and write, at addresses that differ in the lowest bit and perhaps in others. */
const dual = SHAPES.slice(0, 5).map(([width, depth]) =>
  memory(
    `dual_${width}`,
    { width, depth },
    { we: 1, a: bits(depth), d: width, we2: 1, high: bits(depth) - 1, d2: width },
    `  wire [${bits(depth) - 1}:0] b = {high, ~a[0]};
  always @(posedge clk) if (we) m[a] <= d; else r2 <= m[a];
  always @(posedge clk) if (we2) m[b] <= d2; else r <= m[b];`,
    2 * width,
    FREE,
  ),
);

/** What a read of the word that is being written gives is left open, and there is no such read. */
const apart = SHAPES.map(([width, depth]) =>
  memory(
    `apart_${width}`,
    { width, depth },
    { ...writePort(depth, width), en: 1, ra: bits(depth) },
    `  always @(posedge clk) begin if (we) m[wa] <= d; if (en && !(we && wa == ra)) r <= m[ra]; end`,
    width,
    FREE,
  ),
);

/** The same with such reads: the netlist need not do what the module does. */
export const COLLIDING: CellCase = memory(
  'colliding',
  { width: 18, depth: 1024 },
  { ...writePort(1024, 18), en: 1, ra: 10 },
  '  always @(posedge clk) begin if (we) m[wa] <= d; if (en) r <= m[ra]; end',
  18,
  FREE,
);

export const MEMORY_CASES: readonly CellCase[] = [
  ...roms,
  ...rams,
  ...single,
  ...bytes,
  ...resets,
  ...dual,
  ...apart,
];

/** Memory images of all cases, by file name. */
export const MEMORY_IMAGES: ReadonlyMap<string, string> = new Map(
  [...MEMORY_CASES, COLLIDING].map(({ name, verilog }, n) => {
    const [, high = '', last = ''] = /reg \[(\d+):0\] m \[0:(\d+)\]/.exec(verilog) ?? [];
    return [`${name}.mem`, `${image(Number(high) + 1, Number(last) + 1, n + 1)}\n`];
  }),
);
