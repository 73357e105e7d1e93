import {
  anyOf,
  type Expr,
  type Int,
  literal,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { hasMarks, topPorts, tracePorts } from '../build/ports.js';
import { traceOption } from '../build/trace.js';
import { type Core, core } from '../core/core.js';
import { folderParameter, MEM_DIR } from '../images/names.js';
import type { Configuration } from '../plan/configuration.js';
import { type Chain, engineInstance, engineLabel, enginesOf } from './chain.js';
import { chainPorts, chainTracePorts, engineTracePort } from './ports.js';

/** The parts of a stream. */
const STREAM = ['tdata', 'tvalid', 'tready', 'tlast', 'tuser'] as const;

/** A joint, or an end of the chain; `tuser` has both marks of a frame where engines join, and may not be at the outputs. */
type Stream = Readonly<Record<Exclude<(typeof STREAM)[number], 'tuser'>, Expr<'u'>>> & {
  readonly tuser: Expr<'u'> | undefined;
};

type Values = Readonly<Record<string, Expr<'u'>>>;

/** What an engine says of itself. */
type Flags = Readonly<Record<'busy' | 'cycles' | 'error' | 'error_count', Expr<'u'>>>;

/** The engines of a chain one behind the other, with the trace ports of all of them. */
export function chainCore(chain: Chain) {
  const engines = enginesOf(chain);
  return defineBlock({
    name: `${chain.name}_core`,
    doc: `${engines.length} engines in a chain, with trace ports for co-simulation: what one sends the next one takes, whole frames, of which both sides of a joint hold two.`,
    parameters: { TRACE: traceOption(), MEM_DIR: folderParameter() },
    ports: () => ({ ...chainPorts(chain), ...chainTracePorts(chain) }),
    body: (m, p, io) => {
      const wires = io as unknown as Values;
      const joints = engines.slice(0, -1).map((c, k) => joint(m, c, k));
      const ends = [streamOf(wires, 's_axis'), ...joints, streamOf(wires, 'm_axis')];
      const flags = engines.map((c, k) =>
        engine(m, p.TRACE, wires, c, k, [ends[k] as Stream, ends[k + 1] as Stream]),
      );
      const [{ error, error_count }, ...others] = flags as [Flags, ...Flags[]];
      m.comment('Of frames of a wrong length none goes beyond the first engine.');
      m.assign(io.error, error);
      m.assign(io.error_count, error_count);
      m.unused('errors', ...others.flatMap((own) => [own.error, own.error_count]));
      m.comment('A frame makes the engine behind busy before the one in front has sent it.');
      m.assign(io.busy, anyOf(...flags.map(({ busy }) => busy)));
      m.unused('cycles', ...flags.map(({ cycles }) => cycles));
      m.always(io.clk, [
        when(
          io.rst,
          [set(io.cycles, literal(0, 32))],
          [when(io.busy, [set(io.cycles, io.cycles.increment())])],
        ),
      ]);
    },
  });
}

export type ChainCore = ReturnType<typeof chainCore>;

/** The wires of the joint behind engine `k`. */
function joint(m: Scope, c: Configuration, k: number): Stream {
  const { width } = topPorts(c).m_axis_tdata.type;
  const bits = { tdata: width, tvalid: 1, tready: 1, tlast: 1, tuser: 2 };
  const wires = STREAM.map((part) => [
    part,
    m.net(`${engineLabel(k)}_axis_${part}`, uint(bits[part])),
  ]);
  return Object.fromEntries(wires);
}

/** The stream at an end of the chain. */
function streamOf(io: Values, name: 's_axis' | 'm_axis'): Stream {
  return Object.fromEntries(
    STREAM.map((part) => [part, io[`${name}_${part}`]]),
  ) as unknown as Stream;
}

/** Engine `k` between two streams. */
function engine(
  m: Scope,
  trace: Int,
  io: Values,
  c: Configuration,
  k: number,
  [from, to]: readonly [Stream, Stream],
): Flags {
  const label = engineLabel(k);
  const flags = {
    busy: m.net(`${label}_busy`, uint(1)),
    cycles: m.net(`${label}_cycles`, uint(32)),
    error: m.net(`${label}_error`, uint(1)),
    error_count: m.net(`${label}_error_count`, uint(16)),
  };
  const traced = Object.keys(tracePorts(c)).map((name) => [name, io[engineTracePort(name, k)]]);
  const ports = {
    clk: io.clk,
    rst: io.rst,
    s_axis_tdata: from.tdata,
    s_axis_tvalid: from.tvalid,
    s_axis_tready: from.tready,
    s_axis_tlast: from.tlast,
    s_axis_tuser: marksFor(m, c, from.tuser as Expr<'u'>),
    m_axis_tdata: to.tdata,
    m_axis_tvalid: to.tvalid,
    m_axis_tready: to.tready,
    m_axis_tlast: to.tlast,
    ...(hasMarks(c) && { m_axis_tuser: to.tuser }),
    ...flags,
    ...Object.fromEntries(traced),
  };
  m.instance(engineInstance(k), core(c), ports as Parameters<typeof m.instance<Core>>[2], {
    TRACE: trace,
    MEM_DIR,
  });
  return flags;
}

/** The marks of frames that an engine takes: where outputs of every frame leave the chain, none is the last of an utterance. */
function marksFor(m: Scope, c: Configuration, marks: Expr<'u'>): Expr<'u'> {
  if (hasMarks(c)) return marks.resize(2);
  m.unused('marks', marks);
  return marks.bit(0);
}
