import type { Expr, Port, TypedModule } from '../hdl/index.js';
import { defineBlock } from './build/define-block.js';
import { streamsText, topPorts } from './build/ports.js';
import { traceOption } from './build/trace.js';
import { type Core, core } from './core/core.js';
import { folderParameter, MEM_DIR } from './images/names.js';
import type { Configuration } from './plan/configuration.js';

/** The synthesis top: the core without its trace, or with a trace that only a simulation looks at, inside. */
export function top(c: Configuration, coreModule: Core = core(c)) {
  return topAbove(
    {
      name: c.name,
      doc: `Sparse recurrent accelerator. ${streamsText(c)}`,
      ports: () => topPorts(c),
    },
    coreModule,
  );
}

/** A top with these ports above a core that has a trace beside them. */
export function topAbove<Q extends Record<string, Port>>(
  { name, doc, ports }: { readonly name: string; readonly doc: string; readonly ports: () => Q },
  coreModule: TypedModule,
) {
  const trace = Object.entries(coreModule.portTypes).filter(([name]) => name.startsWith('trace_'));
  return defineBlock({
    ...{ name, doc, ports },
    parameters: { TRACE: traceOption(0), MEM_DIR: folderParameter() },
    body: (m, p, io) => {
      const nets = Object.fromEntries(
        trace.map(([name, port]) => [name, m.net(name, port.type)]),
      ) as Record<string, Expr>;
      m.instance('u_core', coreModule, { ...io, ...nets }, { TRACE: p.TRACE, MEM_DIR });
      m.unused('trace', ...Object.values(nets));
    },
  });
}
