import type { Expr } from '../hdl/index.js';
import { defineBlock } from './build/define-block.js';
import { streamsText, topPorts } from './build/ports.js';
import { traceOption } from './build/trace.js';
import { type Core, core } from './core/core.js';
import { folderParameter, MEM_DIR } from './images/names.js';
import type { Configuration } from './plan/configuration.js';

/** The synthesis top: the core without its trace, or with a trace that only a simulation looks at, inside. */
export function top(c: Configuration, coreModule: Core = core(c)) {
  const trace = Object.entries(coreModule.portTypes).filter(([name]) => name.startsWith('trace_'));
  return defineBlock({
    name: c.name,
    doc: `Sparse recurrent accelerator. ${streamsText(c)}`,
    parameters: { TRACE: traceOption(0), MEM_DIR: folderParameter() },
    ports: () => topPorts(c),
    body: (m, p, io) => {
      const nets = Object.fromEntries(
        trace.map(([name, port]) => [name, m.net(name, port.type)]),
      ) as Record<string, Expr>;
      const ports = { ...io, ...nets } as Parameters<typeof m.instance<Core>>[2];
      m.instance('u_core', coreModule, ports, { TRACE: p.TRACE, MEM_DIR });
      m.unused('trace', ...Object.values(nets));
    },
  });
}
