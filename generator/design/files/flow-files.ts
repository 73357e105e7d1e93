import { type ModulePort, modulePorts } from '../manifest/module-ports.js';
import { render } from '../write/render.js';
import { filesHash, recordedScript } from '../write/sources-record.js';
import { type AsicFacts, asicFiles } from './asic-files.js';
import { ecp5ProductFiles, type Product } from './ecp5-products.js';
import { type FusesocFacts, fusesocFiles } from './fusesoc-files.js';

/** What the scripts of a design's flow say about it. */
export interface FlowFacts extends AsicFacts, FusesocFacts {
  /** Module header of the top, as it stands in its file. */
  readonly header: string;
  /** Hash of the Verilog and of the memory images. */
  readonly contents: string;
  /** Multiplications of the design. */
  readonly products: readonly Product[];
  /** Numbers stand in place of the integer parameters. */
  readonly specialised: boolean;
}

/** Yosys command that maps the design to each family of devices, and the one for what is put around it. */
const FPGA_TARGETS = [
  {
    target: 'ecp5',
    family: 'Lattice ECP5',
    command: 'synth_ecp5',
    padsCommand: 'synth_ecp5',
    naming: null,
  },
  {
    target: 'ice40',
    family: 'Lattice iCE40',
    command: 'synth_ice40 -dsp -spram',
    padsCommand: 'synth_ice40',
    naming: null,
  },
  {
    target: 'xilinx',
    family: 'AMD 7 series',
    command: 'synth_xilinx -family xc7 -noiopad',
    padsCommand: null,
    // as the commands of the other families do by themselves: cells get names from the signals around them
    naming: 'autoname',
  },
] as const;

/** Scripts and constraints of flow/ and the FuseSoC description, by path in the design directory. */
export function flowFiles(facts: FlowFacts): ReadonlyMap<string, string> {
  const { name, rtlFiles, header } = facts;
  const context = { name, rtlFiles };
  const products = ecp5ProductFiles(name, facts.products);
  const script = (template: string, target: object, contents = facts.contents) =>
    recordedScript(contents, (sources) => render(template, { ...context, ...target, sources }));
  return new Map([
    ['flow/README.md', render('design/flow.md.hbs', { name, chip: facts.chip })],
    ['flow/Makefile', render('design/flow_Makefile.hbs', context)],
    ...FPGA_TARGETS.map((fpga) => {
      // for the other families, Yosys puts registers into multipliers by itself
      const registers = fpga.target === 'ecp5';
      const context = { ...fpga, registers, freeProducts: registers && !facts.specialised };
      const read = registers ? filesHash(new Map([['', facts.contents], ...products])) : undefined;
      return [`flow/${fpga.target}.ys`, script('design/flow_fpga.ys.hbs', context, read)] as const;
    }),
    ['flow/generic.ys', script('design/flow_generic.ys.hbs', {})],
    [`flow/${name}_pads.v`, render('design/flow_pads.v.hbs', { name, ...padsContext(header) })],
    ...products,
    ...asicFiles(facts),
    ...fusesocFiles(facts),
  ]);
}

/** How the ports of the top are connected to the two registers of its wrapper; clk and rst have pins of their own. */
function padsContext(header: string) {
  const ports = modulePorts(header).filter(({ name }) => name !== 'clk' && name !== 'rst');
  const next = { input: 0, output: 0 };
  const connections = ports.map(({ name, direction, bits }: ModulePort) => {
    const low = next[direction];
    next[direction] += bits;
    const range = bits === 1 ? `${low}` : `${low + bits - 1}:${low}`;
    return { port: name, bits: `${direction}s[${range}]` };
  });
  return { inputs: next.input, outputs: next.output, connections };
}
