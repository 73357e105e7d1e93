import type { Product } from '../../devices/logic-rules.js';
import { FAMILIES } from '../../devices/registry.js';
import { type ModulePort, modulePorts } from '../manifest/module-ports.js';
import { render } from '../write/render.js';
import { filesHash, recordedScript } from '../write/sources-record.js';
import { type AsicFacts, asicFiles } from './asic-files.js';
import { familyTable, makeFacts, productFiles } from './family-files.js';
import { type FusesocFacts, fusesocFiles } from './fusesoc-files.js';

/** What the scripts of a design's flow say about it. */
export interface FlowFacts extends AsicFacts, FusesocFacts {
  /** Module header of the top, as it stands in its file. */
  readonly header: string;
  /** Hash of the Verilog and of the memory images. */
  readonly contents: string;
  /** Multiplications of the design. */
  readonly products: readonly Product[];
  /** Products of the array have a register that may do without an enable. */
  readonly heldProducts: boolean;
  /** Numbers stand in place of the integer parameters. */
  readonly specialised: boolean;
}

/** Scripts and constraints of flow/ and the FuseSoC description, by path in the design directory. */
export function flowFiles(facts: FlowFacts): ReadonlyMap<string, string> {
  const { name, rtlFiles, macroModels, header } = facts;
  // on an FPGA the models of macros are memories as others are
  const context = { name, rtlFiles: [...rtlFiles, ...macroModels] };
  const families = FAMILIES.map((family) => {
    return { family, products: productFiles(family, name, facts.products) };
  });
  const script = (template: string, target: object, contents = facts.contents) =>
    recordedScript(contents, (sources) => render(template, { ...context, ...target, sources }));
  return new Map([
    [
      'flow/README.md',
      render('design/flow.md.hbs', {
        name,
        chip: facts.chip,
        ...familyTable(name),
        ...listed(facts),
      }),
    ],
    ['flow/Makefile', render('design/flow_Makefile.hbs', { ...context, ...makeFacts() })],
    ...families.map(({ family, products }) => {
      const { command, padsCommand, naming, registeredProducts } = family.synthesis;
      const registers = registeredProducts !== null;
      const context = {
        ...{ target: family.name, family: family.title, command, padsCommand, naming },
        ...{ registers, freeProducts: registers && facts.heldProducts && !facts.specialised },
      };
      const read = registers ? filesHash(new Map([['', facts.contents], ...products])) : undefined;
      return [`flow/${family.name}.ys`, script('design/flow_fpga.ys.hbs', context, read)] as const;
    }),
    ['flow/generic.ys', script('design/flow_generic.ys.hbs', {})],
    [`flow/${name}_pads.v`, render('design/flow_pads.v.hbs', { name, ...padsContext(header) })],
    ...families.flatMap(({ products }) => [...products]),
    ...asicFiles(facts),
    ...fusesocFiles(facts),
  ]);
}

/** Whether a design was made with a list of macros, which leaves reasons where it has none. */
function listed({ chip, macroModels }: AsicFacts): { readonly withList: boolean } {
  return { withList: macroModels.length > 0 || chip.registers.some(({ reason }) => reason) };
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
