import type { MemoryShape } from '../../../../generator/accelerator/resources/map-memory.js';
import { Random } from '../../../../generator/base/random.js';
import type { Access } from '../../../../generator/devices/memory-rules.js';
import type { ProductStock } from '../../../../generator/hdl/index.js';

export type Product = Pick<ProductStock, 'a' | 'b' | 'width' | 'signed'>;

/** Memories and products of random sizes in one module `dut`; the memories are called m0, m1, … */
export interface Shapes {
  readonly memories: readonly MemoryShape[];
  readonly products: readonly Product[];
  readonly files: ReadonlyMap<string, string>;
}

const ACCESSES: readonly Access[] = [
  'read only',
  'read only',
  'read only, unclocked',
  'read old',
  'read old',
  'read old, one address',
  'read or written',
  'read or written',
  'read new',
  'unclocked',
];

export function randomShapes(seed: number, counts: { memories: number; products: number }): Shapes {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const memories = Array.from({ length: counts.memories }, (): MemoryShape => {
    const access = pick(ACCESSES);
    const width = random.between(1, pick([8, 40, 120]));
    const bits = access === 'unclocked' || access === 'read only, unclocked' ? 1_000 : 16_000;
    const deepest = Math.min(pick([8, 64, 700, 5000]), Math.floor(bits / width));
    const depth = random.between(2, Math.max(2, deepest));
    return { access, width, depth };
  });
  const products = Array.from({ length: counts.products }, (): Product => {
    const [a, b] = [random.between(1, 30), random.between(1, 30)];
    return { a, b, width: a + b, signed: random.below(2) === 0 };
  });
  const files = new Map([['dut.v', moduleOf(memories, products)]]);
  memories.forEach((m, i) => {
    if (isRom(m)) files.set(`m${i}.mem`, image(m, random));
  });
  return { memories, products, files };
}

const isRom = ({ access }: MemoryShape): boolean => access.startsWith('read only');
const addressBits = (depth: number): number => Math.max(1, Math.ceil(Math.log2(depth)));

/** Words of which no bit is the same in all of them. */
function image({ width, depth }: MemoryShape, random: Random): string {
  const digits = Math.ceil(width / 4);
  const most = 2 ** (width - 4 * (digits - 1)) - 1;
  const word = (digit: (limit: number) => number): string =>
    Array.from({ length: digits }, (_, d) => digit(d === 0 ? most : 15).toString(16)).join('');
  const words = Array.from({ length: depth }, (_, w) =>
    word((limit) => (w === 0 ? 0 : w === 1 ? limit : random.between(0, limit))),
  );
  return `${words.join('\n')}\n`;
}

function moduleOf(memories: readonly MemoryShape[], products: readonly Product[]): string {
  const ports = [
    ...memories.map(({ width, depth }, i) => {
      const address = `[${addressBits(depth) - 1}:0]`;
      const word = `[${width - 1}:0]`;
      return `input ${address} ra${i}, input ${address} wa${i}, input ${word} d${i}, input we${i}, input re${i}, output ${word} q${i}`;
    }),
    ...products.map(
      ({ a, b, width }, i) =>
        `input [${a - 1}:0] x${i}, input [${b - 1}:0] y${i}, output [${width - 1}:0] p${i}`,
    ),
  ];
  const lines = [...memories.map(memoryText), ...products.map(productText)];
  return `module dut(input clk, input rst, ${ports.join(', ')});\n${lines.join('\n')}\nendmodule\n`;
}

function memoryText({ access, width, depth }: MemoryShape, i: number): string {
  const start = access.startsWith('read only')
    ? `initial $readmemh("m${i}.mem", m${i});`
    : `integer n${i}; initial for (n${i} = 0; n${i} < ${depth}; n${i} = n${i} + 1) m${i}[n${i}] = 0;
  always @(posedge clk) if (we${i}) m${i}[wa${i}] <= d${i};`;
  return `  reg [${width - 1}:0] m${i} [0:${depth - 1}];\n  ${start}\n  ${readText(access, width, addressBits(depth), i)}`;
}

function readText(access: Access, width: number, address: number, i: number): string {
  const clocked = (at: string): string =>
    `reg [${width - 1}:0] r${i}; always @(posedge clk) if (re${i}) r${i} <= m${i}[${at}]; assign q${i} = r${i};`;
  switch (access) {
    case 'read only':
    case 'read old':
      return clocked(`ra${i}`);
    case 'read old, one address':
      return clocked(`wa${i}`);
    case 'read or written':
      return `reg [${width - 1}:0] r${i}; always @(posedge clk) if (re${i} && !we${i}) r${i} <= m${i}[wa${i}]; assign q${i} = r${i};`;
    case 'read new':
      return `reg [${address - 1}:0] h${i}; always @(posedge clk) h${i} <= rst ? 0 : ra${i}; assign q${i} = m${i}[h${i}];`;
    case 'unclocked':
    case 'read only, unclocked':
      return `assign q${i} = m${i}[ra${i}];`;
  }
}

function productText({ signed }: Product, i: number): string {
  return signed
    ? `  assign p${i} = $signed(x${i}) * $signed(y${i});`
    : `  assign p${i} = x${i} * y${i};`;
}
