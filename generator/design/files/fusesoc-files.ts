import { toolVersion } from '../../base/package.js';
import { render } from '../write/render.js';
import { fusesocTargets } from './family-files.js';

/** What the FuseSoC description of a design says about it. */
export interface FusesocFacts {
  readonly name: string;
  readonly rtlFiles: readonly string[];
  /** Models of macros: part of a simulation and of an FPGA, not of a chip. */
  readonly macroModels: readonly string[];
  /** Paths of the memory images, relative to the design. */
  readonly images: readonly string[];
}

/** `NAME.core`, and what its targets for vendors' tools need beside the Verilog, by path in the design directory. */
export function fusesocFiles({
  name,
  rtlFiles,
  macroModels,
  images,
}: FusesocFacts): ReadonlyMap<string, string> {
  const context = { name, rtlFiles, macroModels, images, toolVersion, netlists: fusesocTargets() };
  return new Map([
    [`${name}.core`, render('design/fusesoc.core.hbs', context)],
    ['flow/clock.sdc', render('design/fusesoc_clock.sdc.hbs', context)],
    ['flow/vivado_hook.tcl', render('design/fusesoc_vivado_hook.tcl.hbs', context)],
    ['flow/vivado_images.tcl', render('design/fusesoc_vivado_images.tcl.hbs', context)],
  ]);
}
