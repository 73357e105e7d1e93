import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cellModels } from '../../../../generator/cosim/netlist/cell-models.js';
import type { CellCase } from './memories.js';

/** What became of a comparison of modules with their netlists. */
export interface BenchResult {
  /** Text of the netlist. */
  readonly netlist: string;
  /** Values that differ, by module. */
  readonly differences: Readonly<Record<string, number>>;
}

const CYCLES = 400;

/**
 * Synthesises modules for ECP5 and simulates, in Icarus, each beside its netlist with random inputs. A value that the
 * module itself leaves undefined is not compared. `mutate` changes the netlist: for tests that must fail. `prepare` are
 * Yosys commands before the synthesis; they find `images` in the directory they run in.
 */
export async function compareWithNetlist(
  cases: readonly CellCase[],
  images: ReadonlyMap<string, string> = new Map(),
  mutate: (netlist: string) => string = (text) => text,
  prepare: readonly string[] = [],
): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-cells-'));
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  const run = (command: string, args: readonly string[]) =>
    execa(command, args, { cwd: directory });
  try {
    for (const [name, text] of images) write(name, text);
    write('rtl.v', cases.map(({ verilog }) => verilog).join('\n'));
    write('all.v', together(cases));
    const script = [
      'read_verilog rtl.v all.v',
      ...prepare,
      'synth_ecp5 -noflatten -top all',
      'delete all',
      ...cases.map(({ name }) => `rename ${name} ${name}_netlist`),
      'write_verilog -noattr netlist.v',
      'tee -q -o library.txt read_verilog -overwrite -lib +/ecp5/cells_sim.v',
    ];
    await run('yosys', ['-q', '-p', script.join('; ')]);
    const netlist = read('netlist.v');
    write('netlist.v', mutate(netlist));
    const { own } = cellModels('ecp5');
    for (const [name, text] of own) write(name, text);
    const library = /frontend: (.*)/.exec(read('library.txt'))?.[1] as string;
    write('cells_sim.v', withoutBlackBoxes(readFileSync(library, 'utf8')));
    write('bench.v', bench(cases));
    const sources = ['bench.v', 'rtl.v', 'netlist.v', 'cells_sim.v', ...own.keys()];
    const flags = ['-g2012', '-DNO_INCLUDES', '-s', 'bench', '-o', 'bench.vvp'];
    await run('iverilog', [...flags, ...sources]);
    const { stdout } = await run('vvp', ['-n', 'bench.vvp']);
    const lines = [...stdout.matchAll(/^result (\w+) (\d+)/gm)];
    return { netlist, differences: Object.fromEntries(lines.map(([, k, n]) => [k, Number(n)])) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Icarus refuses a second module of one name. */
function withoutBlackBoxes(library: string): string {
  return library.replace(/\(\* blackbox \*\)\s*module[\s\S]*?endmodule/g, '');
}

/** A module around all others, so that Yosys runs once. */
function together(cases: readonly CellCase[]): string {
  const ports = cases.flatMap(({ name, inputs, width }) => [
    ...Object.entries(inputs).map(([port, bits]) => `input [${bits - 1}:0] ${name}_${port}`),
    `output [${width - 1}:0] ${name}_q`,
  ]);
  const instances = cases.map(({ name, inputs }) => {
    const pins = [...Object.keys(inputs), 'q'].map((port) => `.${port}(${name}_${port})`);
    return `  ${name} u_${name}(.clk(clk), ${pins.join(', ')});`;
  });
  return `module all(input clk, ${ports.join(', ')});\n${instances.join('\n')}\nendmodule\n`;
}

/** Random inputs; every other time from few values, so that the addresses of two ports meet. */
function bench(cases: readonly CellCase[]): string {
  const parts = cases.map(({ name, inputs, width }) => {
    const ports = Object.entries(inputs);
    const pins = ports.map(([port]) => `.${port}(${name}_${port})`).join(', ');
    const draw = ports.map(
      ([port, bits]) =>
        `    ${name}_${port} = {$random, $random} & ($random & 1 ? ${bits}'h${address(bits)} : ~${bits}'d0);`,
    );
    return {
      declare: `
  ${ports.map(([port, bits]) => `reg [${bits - 1}:0] ${name}_${port} = 0;`).join(' ')}
  wire [${width - 1}:0] ${name}_rtl, ${name}_net;
  integer ${name}_differs = 0;
  ${name} ${name}_before(.clk(clk), ${pins}, .q(${name}_rtl));
  ${name}_netlist ${name}_after(.clk(clk), ${pins}, .q(${name}_net));`,
      draw: draw.join('\n'),
      compare: `    if ((${name}_rtl ^ ${name}_rtl ^ ${name}_net) !== ${name}_rtl) ${name}_differs = ${name}_differs + 1;`,
      report: `    $display("result ${name} %0d", ${name}_differs);`,
    };
  });
  return `module bench;
  reg clk = 0;
${parts.map(({ declare }) => declare).join('\n')}
  initial begin
    repeat (${CYCLES}) begin
      #5 clk = 1;
      #4;
${parts.map(({ compare }) => compare).join('\n')}
      #1 clk = 0;
      #4;
${parts.map(({ draw }) => draw).join('\n')}
      #1;
    end
${parts.map(({ report }) => report).join('\n')}
  end
endmodule
`;
}

/** Two bits of an address, its lowest and its highest. */
function address(bits: number): string {
  return (bits < 4 ? 2 ** bits - 1 : 2 ** (bits - 1) + 1).toString(16);
}
