import type { ReadyDesign } from '../read-design.js';
import { NO_TRACE } from '../trace.js';
import { cellModels } from './cell-models.js';
import type { Netlist } from './netlist.js';

/**
 * A design whose RTL is replaced by its netlist. The top of a netlist has no trace port, so that only outputs, cycles and
 * the rules of the streams are compared; registers have other names there, so that none is named.
 */
export function netlistDesign(design: ReadyDesign, netlist: Netlist): ReadyDesign {
  const { own, flags } = cellModels(netlist.target);
  const { registers: _, ...rest } = design;
  const library = netlist.cellLibrary;
  return {
    ...rest,
    core: design.name,
    verilog: new Map([['netlist.v', netlist.verilog], ...own]),
    cellModels: {
      libraries: new Map(library === null ? [] : [['cells_sim.v', library]]),
      flags,
    },
    trace: NO_TRACE,
  };
}
