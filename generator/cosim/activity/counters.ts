import { modelPorts } from '../../accelerator/index.js';
import { render } from '../../design/write/render.js';
import type { MacroList } from '../../devices/macros/macro.js';
import { DESIGN_IN_TOP } from '../build/harness.js';

/** File of the counters among the Verilog of a simulation. */
const COUNTERS = 'hcgs_accesses.v';

/** The Verilog of a simulation with a counter on each port of the models of the macros that are in it; no text of it changes. */
export function withCounters(
  verilog: ReadonlyMap<string, string>,
  { macros }: MacroList,
): ReadonlyMap<string, string> {
  const ports = macros
    .filter(({ name }) => verilog.has(`${name}.v`))
    .flatMap((macro) =>
      modelPorts(macro).map(({ clock, reads, writes }, port) => ({
        ...{ macro: macro.name, port, clock },
        reads: reads ?? "1'b0",
        writes: writes ?? "1'b0",
      })),
    );
  return new Map([...verilog, [COUNTERS, render('cosim_accesses.v.hbs', { ports })]]);
}

/** What Verilator puts in front of a path. */
const VERILATED = 'TOP';

/** The macro that the path of a counter lies in, below the top of the design; null: it is another path. */
export function countedInstance(path: string): string | null {
  const top = `${VERILATED}.${DESIGN_IN_TOP}.`;
  const counter = path.lastIndexOf('.');
  return path.startsWith(top) && counter > top.length ? path.slice(top.length, counter) : null;
}
