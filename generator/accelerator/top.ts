import { defineModule, type Expr } from '../hdl/index.js';
import type { Configuration } from './configuration.js';
import { type Core, core } from './core.js';
import { topPorts } from './ports.js';

/** The synthesis top: the core without its trace port. */
export function top(c: Configuration, coreModule: Core = core(c)) {
  const trace = Object.entries(coreModule.portTypes).filter(([name]) => name.startsWith('trace_'));
  return defineModule({
    name: c.name,
    doc: 'Sparse LSTM accelerator. Frames come in on s_axis, one output frame leaves on m_axis for each of them.',
    parameters: {},
    ports: () => topPorts(c),
    body: (m, _p, io) => {
      const nets = Object.fromEntries(
        trace.map(([name, port]) => [name, m.net(name, port.type)]),
      ) as Record<string, Expr>;
      m.instance('u_core', coreModule, { ...io, ...nets } as Parameters<
        typeof m.instance<Core>
      >[2]);
      m.unused('trace', ...Object.values(nets));
    },
  });
}
