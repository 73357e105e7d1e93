import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { verilate as build } from '../../generator/cosim/build/verilate.js';

/** A port of the block under test, widths in bits at the parameters the block is built with. */
export interface BlockPort {
  readonly name: string;
  readonly width: number;
  readonly direction: 'input' | 'output';
}

export interface BlockSource {
  readonly top: string;
  /** Verilog: paths of files, or texts with a name. */
  readonly sources: readonly (string | { readonly name: string; readonly text: string })[];
  /** Every port but the clock. */
  readonly ports: readonly BlockPort[];
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** Name of the clock port, default `clk`; null for a block without one. */
  readonly clock?: string | null;
}

/** Values of ports in one cycle, unsigned: negative values are taken modulo 2^width. */
export type InputVector = Readonly<Record<string, bigint | number>>;
export type OutputVector = Readonly<Record<string, bigint>>;

export interface VerilatedBlock {
  /**
   * Runs the block from power-up (registers hold random values until reset), one vector per clock cycle. An input that
   * a vector leaves out keeps its value, 0 at first. Element n of the result holds the outputs in cycle n, just before
   * the rising edge that ends it: combinational outputs see vector n, registers what vectors 0 ... n-1 left in them.
   * `files` are put into the working directory, for `$readmemh`; `seed` chooses the random power-up values.
   */
  run(
    vectors: readonly InputVector[],
    options?: { readonly files?: Readonly<Record<string, string>>; readonly seed?: number },
  ): Promise<OutputVector[]>;
}

/** Compiles a single hardware block for simulation; builds are cached by content. */
export async function verilate(source: BlockSource): Promise<VerilatedBlock> {
  const inputs = source.ports.filter((port) => port.direction === 'input');
  const outputs = source.ports.filter((port) => port.direction === 'output');
  const { program } = await build({
    top: source.top,
    verilog: new Map(await Promise.all(source.sources.map(readSource))),
    program: await programOf(source, inputs, outputs),
    parameters: source.parameters ?? {},
    effort: 'cheap',
  });
  return {
    run: async (vectors, options = {}) => {
      const directory = await mkdtemp(path.join(tmpdir(), 'hcgs-block-'));
      try {
        for (const [name, text] of Object.entries(options.files ?? {})) {
          await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
          await writeFile(path.join(directory, name), text);
        }
        const { stdout } = await execa(program, [`+verilator+seed+${options.seed ?? 1}`], {
          cwd: directory,
          input: encode(inputs, vectors),
          encoding: 'buffer',
          stripFinalNewline: false,
          maxBuffer: 2 ** 30,
        });
        return decode(outputs, stdout, vectors.length);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

/** Two's complement reading of an output. */
export function signed(value: bigint | undefined, width: number): bigint {
  if (value === undefined) throw new Error('the block has no such output');
  return BigInt.asIntN(width, value);
}

async function readSource(source: BlockSource['sources'][number]): Promise<[string, string]> {
  if (typeof source !== 'string') return [source.name, source.text];
  return [path.basename(source), await readFile(source, 'utf8')];
}

async function programOf(
  { clock = 'clk' }: BlockSource,
  inputs: readonly BlockPort[],
  outputs: readonly BlockPort[],
): Promise<Map<string, string>> {
  const list = (ports: readonly BlockPort[]) =>
    ports.map((port) => `X(${port.name}, ${port.width})`).join(' ');
  const header = [
    `#define INPUTS(X) ${list(inputs)}`,
    `#define OUTPUTS(X) ${list(outputs)}`,
    clock === null ? '' : `#define CLOCK ${clock}`,
    '',
  ].join('\n');
  const tb = async (name: string): Promise<[string, string]> => [
    name,
    await readFile(fileURLToPath(new URL(`../../tb/${name}`, import.meta.url)), 'utf8'),
  ];
  return new Map([await tb('block_main.cpp'), await tb('bits.h'), ['block_ports.h', header]]);
}

function bytesOf(ports: readonly BlockPort[]): number {
  return ports.reduce((sum, port) => sum + Math.ceil(port.width / 8), 0);
}

function encode(ports: readonly BlockPort[], vectors: readonly InputVector[]): Uint8Array {
  const known = new Set(ports.map((port) => port.name));
  const bytes = new Uint8Array(bytesOf(ports) * vectors.length);
  const current = new Map<string, bigint>();
  let at = 0;
  for (const vector of vectors) {
    for (const name of Object.keys(vector)) {
      if (!known.has(name)) throw new Error(`the block has no input ${name}`);
    }
    for (const { name, width } of ports) {
      const given = vector[name];
      if (given !== undefined) current.set(name, BigInt.asUintN(width, BigInt(given)));
      let rest = current.get(name) ?? 0n;
      for (let i = 0; i < Math.ceil(width / 8); i++, rest >>= 8n) bytes[at++] = Number(rest & 255n);
    }
  }
  return bytes;
}

function decode(ports: readonly BlockPort[], bytes: Uint8Array, cycles: number): OutputVector[] {
  const size = bytesOf(ports);
  if (bytes.length !== size * cycles) {
    throw new Error(
      `the block stopped after ${Math.floor(bytes.length / size)} of ${cycles} cycles`,
    );
  }
  let at = 0;
  return Array.from({ length: cycles }, () => {
    const vector: Record<string, bigint> = {};
    for (const { name, width } of ports) {
      let value = 0n;
      const count = Math.ceil(width / 8);
      for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] as number);
      at += count;
      vector[name] = value;
    }
    return vector;
  });
}
