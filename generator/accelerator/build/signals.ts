import {
  expand,
  type Module,
  type ModuleSource,
  modulesBelow,
  registersBehind,
  type SignalSource,
  signalSources,
} from '../../hdl/index.js';
import { cellOf } from '../../network/cells/registry.js';
import { type Role, shownOf } from '../../network/cells/shown.js';
import { kindsWithLanes, unitOf, unitsOf } from '../cell/units.js';
import { enginesOf, type Hardware, isChain } from '../chain/chain.js';
import { engineTrace } from '../chain/ports.js';
import type { Configuration } from '../plan/configuration.js';
import { styled } from './styled.js';
import { coreTrace } from './trace-records.js';

/** A register or memory, with the TypeScript lines that set it. */
export interface RegisterSource extends Pick<SignalSource, 'source' | 'drivenAt'> {
  /** Path in a waveform of the core; `[0:3]` stands for each of four generate blocks. */
  readonly signal: string;
}

/** The way from the emitted Verilog back to the TypeScript. */
export interface DesignSignals {
  /** By module. Paths begin with the core, which is what co-simulation builds; the top has its own name. */
  readonly signals: Readonly<Record<string, ModuleSource>>;
  /** The registers in which the values of each compared tensor come about, by the names of the trace, and `outputs`. */
  readonly registers: Readonly<Record<string, readonly RegisterSource[]>>;
}

/** What cells call what they show that the lanes of a design can update. */
function namesOf(c: Configuration, role: Role): readonly string[] {
  const units = unitsOf(c);
  const cells = kindsWithLanes().filter((kind) => units.includes(unitOf(kind)));
  const shown = cells.flatMap((kind) => shownOf(cellOf(kind)));
  return shown.filter((one) => one.role === role).map(({ name }) => name);
}

/** What each signal of a design comes from; with `source` false the lines are left out. */
export function designSignals(hardware: Hardware, source: boolean): DesignSignals {
  const top = styled(hardware);
  const core = modulesBelow(top).find(({ name }) => name === `${hardware.name}_core`) as Module;
  const expansion = expand(core);
  const below = signalSources(expansion, source);
  const behind = (port: string): readonly RegisterSource[] =>
    registersBehind(expansion, `${core.name}.${port}`).map((signal) => {
      const node = expansion.nodes.get(signal);
      const found = below[node?.module ?? '']?.signals[node?.name ?? ''];
      return { signal, source: found?.source ?? null, drivenAt: found?.drivenAt ?? [] };
    });
  const own = signalSources(expand(top, { shallow: true }), source)[top.name] as ModuleSource;
  const registers = new Map<string, readonly RegisterSource[]>();
  for (const [k, c] of enginesOf(hardware).entries()) {
    for (const [name, port] of tracedPorts(hardware, c, k)) {
      registers.set(name, [...(registers.get(name) ?? []), ...behind(port)]);
    }
  }
  registers.set('outputs', behind('m_axis_tdata'));
  return { signals: { [top.name]: own, ...below }, registers: Object.fromEntries(registers) };
}

/** Names of what an engine shows, each once, with the port of the core that shows it. */
function tracedPorts(hardware: Hardware, c: Configuration, k: number): ReadonlyMap<string, string> {
  const { records } = isChain(hardware) ? engineTrace(c, k) : coreTrace(c);
  return new Map(
    records.flatMap(({ tensors }) =>
      tensors.flatMap(({ role, name, port }) =>
        [name, ...namesOf(c, role)].map((own) => [own, port] as const),
      ),
    ),
  );
}
