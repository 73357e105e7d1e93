import type { Expr, Port, TypedModule } from '../hdl/index.js';
import { defineBlock } from './build/define-block.js';
import { streamsText, topPorts } from './build/ports.js';
import { traceOption } from './build/trace.js';
import { attachBus, busTopPorts, coreReset, hasBus } from './bus/attach.js';
import type { Hardware } from './chain/chain.js';
import { type Core, core } from './core/core.js';
import { folderParameter, MEM_DIR } from './images/names.js';
import type { Configuration } from './plan/configuration.js';
import { keepMemoryErrors, memoryErrorPorts, protectedCore } from './protect/protected-core.js';

/** The synthesis top: the core without its trace, or with a trace that only a simulation looks at, inside. */
export function top(c: Configuration, coreModule: Core = core(c)) {
  return topAbove(
    {
      name: c.name,
      doc: `Sparse recurrent accelerator. ${streamsText(c)}`,
      ports: () => topPorts(c),
      hardware: c,
    },
    coreModule,
  );
}

/** A top with these ports above a core that has a trace beside them, and with those of a bus where the design has one. */
export function topAbove<Q extends Record<string, Port>>(
  {
    name,
    doc,
    ports,
    hardware,
  }: {
    readonly name: string;
    readonly doc: string;
    readonly ports: () => Q;
    readonly hardware: Hardware;
  },
  coreModule: TypedModule,
) {
  const inner = protectedCore(coreModule, hardware);
  const trace = Object.entries(inner.portTypes).filter(([name]) => name.startsWith('trace_'));
  const bus = hasBus(hardware);
  return defineBlock({
    ...{ name, doc },
    ports: () =>
      ({ ...ports(), ...memoryErrorPorts(hardware), ...busTopPorts(hardware) }) as Record<
        string,
        Port
      >,
    parameters: { TRACE: traceOption(0), MEM_DIR: folderParameter() },
    body: (m, p, all) => {
      const io = all as Readonly<Record<string, Expr<'u'>>>;
      const nets = Object.fromEntries(
        trace.map(([name, port]) => [name, m.net(name, port.type)]),
      ) as Record<string, Expr>;
      const streams = Object.fromEntries(
        Object.keys(ports()).map((port) => [port, io[port]]),
      ) as Record<string, Expr>;
      const attached = bus ? attachBus(m, io, hardware, null) : null;
      const rst = attached ? m.wire('core_rst', coreReset(io, attached)) : (io.rst as Expr<'u'>);
      const faults = keepMemoryErrors(m, io, hardware, { rst, core_rst: rst });
      m.instance(
        'u_core',
        inner,
        { ...streams, rst, ...attached?.states, ...nets, ...faults },
        { TRACE: p.TRACE, MEM_DIR },
      );
      m.unused('trace', ...Object.values(nets));
    },
  });
}
