import { bit, defineModule, type Expr, input, output, uint } from '../hdl/index.js';
import { byteBits, type Configuration, outputBits } from './configuration.js';
import { core, type Core } from './core.js';

/** The synthesis top: the core without its trace port. */
export function top(c: Configuration, coreModule: Core = core(c)) {
  const trace = Object.entries(coreModule.portTypes).filter(([name]) => name.startsWith('trace_'));
  return defineModule({
    name: c.name,
    doc: 'Sparse LSTM accelerator. Frames come in on s_axis, one output frame leaves on m_axis for each of them.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit, 'synchronous, active high'),
      s_axis_tdata: input(uint(c.streamLanes * byteBits(c.words.activation)), 'values, lane 0 low'),
      s_axis_tvalid: input(bit),
      s_axis_tready: output(bit),
      s_axis_tlast: input(bit, 'last beat of a frame'),
      s_axis_tuser: input(bit, 'first beat of an utterance'),
      m_axis_tdata: output(uint(c.streamLanes * byteBits(outputBits(c))), 'values, lane 0 low'),
      m_axis_tvalid: output(bit),
      m_axis_tready: input(bit),
      m_axis_tlast: output(bit, 'last beat of a frame'),
      busy: output(bit, 'from the first beat in to the last beat out'),
      cycles: output(uint(32), 'busy cycles since reset'),
      error: output(bit, 'a frame of the wrong length came; sticky'),
      error_count: output(uint(16), 'how many'),
    }),
    body: (m, _p, io) => {
      const nets = Object.fromEntries(
        trace.map(([name, port]) => [name, m.net(name, port.type)]),
      ) as Record<string, Expr>;
      m.instance('u_core', coreModule, {}, { ...io, ...nets } as Parameters<
        typeof m.instance<Core>
      >[3]);
      m.unused('trace', ...Object.values(nets));
    },
  });
}
