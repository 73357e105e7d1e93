import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { BlockPort, InputVector, OutputVector } from '../../support/verilated-block.js';

/** Runs a combinational module in Icarus Verilog: outputs for each vector of inputs. */
export async function runIcarus(
  top: string,
  text: string,
  ports: readonly BlockPort[],
  parameters: Readonly<Record<string, number>>,
  vectors: readonly InputVector[],
): Promise<OutputVector[]> {
  const inputs = ports.filter((p) => p.direction === 'input');
  const outputs = ports.filter((p) => p.direction === 'output');
  const width = inputs.reduce((sum, p) => sum + p.width, 0);
  let at = 0;
  const slices = inputs.map(({ name, width: w }) => {
    at += w;
    return `.${name}(in[${at - 1}:${at - w}])`;
  });
  const bench = [
    'module bench;',
    `  reg [${width - 1}:0] vectors [0:${vectors.length - 1}];`,
    `  reg [${width - 1}:0] in;`,
    ...outputs.map((o) => `  wire [${o.width - 1}:0] ${o.name};`),
    `  ${top} #(${Object.entries(parameters)
      .map(([k, v]) => `.${k}(${v})`)
      .join(', ')}) dut (`,
    `    ${[...slices, ...outputs.map((o) => `.${o.name}(${o.name})`)].join(',\n    ')}`,
    '  );',
    '  integer n;',
    '  initial begin',
    '    $readmemh("vectors.mem", vectors);',
    `    for (n = 0; n < ${vectors.length}; n = n + 1) begin`,
    '      in = vectors[n];',
    '      #1;',
    ...outputs.map((o) => `      $display("%h", ${o.name});`),
    '    end',
    '  end',
    'endmodule',
    '',
  ].join('\n');
  const words = vectors.map((vector) => {
    let word = 0n;
    let base = 0n;
    for (const { name, width: w } of inputs) {
      word |= BigInt.asUintN(w, BigInt(vector[name] ?? 0)) << base;
      base += BigInt(w);
    }
    return word.toString(16);
  });
  const directory = await mkdtemp(path.join(tmpdir(), 'hcgs-icarus-'));
  try {
    await writeFile(path.join(directory, 'dut.v'), text);
    await writeFile(path.join(directory, 'bench.v'), bench);
    await writeFile(path.join(directory, 'vectors.mem'), `${words.join('\n')}\n`);
    const options = { cwd: directory, maxBuffer: 2 ** 28 };
    const files = ['-o', 'bench', '-s', 'bench', 'dut.v', 'bench.v'];
    await execa('iverilog', ['-g2005', ...files], options);
    const { stdout } = await execa('vvp', ['-N', 'bench'], options);
    const lines = stdout.split('\n');
    return vectors.map((_, n) =>
      Object.fromEntries(
        outputs.map(({ name }, i) => {
          const digits = lines[n * outputs.length + i] as string;
          if (!/^[0-9a-f]+$/.test(digits)) throw new Error(`${name} is ${digits} in vector ${n}`);
          return [name, BigInt(`0x${digits}`)];
        }),
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
