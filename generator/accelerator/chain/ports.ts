import { topPorts, tracePorts } from '../build/ports.js';
import { type CoreTrace, coreTrace, type TracedParameters } from '../build/trace-records.js';
import { type Chain, engineLabel, enginesOf, lastEngine } from './chain.js';

const TRACE = /^trace_/;

/** Name of a port of the trace of an engine at the core of the chain. */
export function engineTracePort(port: string, engine: number): string {
  return port.replace(TRACE, `trace_${engineLabel(engine)}_`);
}

/** Ports of the top of a chain: the input of its first engine, the output of its last one. Marks are those of the last one. */
export function chainPorts(chain: Chain) {
  return {
    ...topPorts(lastEngine(chain)),
    s_axis_tdata: topPorts(enginesOf(chain)[0]).s_axis_tdata,
  };
}

/** What the core of a chain shows beside them: the traces of all engines. */
export function chainTracePorts({ engines }: Chain) {
  return Object.fromEntries(
    engines.flatMap((c, k) =>
      Object.entries(tracePorts(c)).map(
        ([name, port]) => [engineTracePort(name, k), port] as const,
      ),
    ),
  );
}

/** The trace of an engine as the core of its chain has it. */
export function engineTrace(c: TracedParameters, engine: number): CoreTrace {
  const { lanes, records } = coreTrace(c);
  const named = <T extends { readonly port: string }>(one: T): T => ({
    ...one,
    port: engineTracePort(one.port, engine),
  });
  return {
    lanes,
    records: records.map((record) => ({ ...named(record), tensors: record.tensors.map(named) })),
  };
}
