import type { Expansion, SignalKind } from './expand.js';
import { locatorOf } from './locator.js';

/** A signal or an instance of a module. */
export interface SignalSource {
  readonly kind: SignalKind;
  /** `path:line` of its declaration; null where it is not known. */
  readonly source: string | null;
  /** Lines of the statements, assignments and instances that drive it. */
  readonly drivenAt: readonly string[];
}

/** A module of a design, from its Verilog back to the source. */
export interface ModuleSource {
  /** `path:line` of its description; null where it is not known. */
  readonly source: string | null;
  /** Paths of its instances in a waveform; `[0:3]` stands for each of four generate blocks. */
  readonly instances: readonly string[];
  /** By generate blocks and name inside the module: behind the path of an instance it is the path in a waveform. */
  readonly signals: Readonly<Record<string, SignalSource>>;
}

/** Every register, wire, memory and instance of a design; with `source` false without lines. */
export function signalSources(
  { modules, nodes }: Expansion,
  source: boolean,
): Readonly<Record<string, ModuleSource>> {
  const line = (site: string): string | null => (source ? locatorOf(site) : null);
  const signals = new Map<string, Record<string, SignalSource>>();
  for (const { module, name, kind, site, drivers } of nodes.values()) {
    const known = signals.get(module) ?? {};
    signals.set(module, known);
    const drivenAt = [...new Set([...drivers].map(line))].filter((at) => at !== null);
    const before = known[name]?.drivenAt ?? [];
    known[name] = {
      kind,
      source: line(site),
      drivenAt: [...new Set([...before, ...drivenAt])],
    };
  }
  return Object.fromEntries(
    [...modules].map(([name, { site, paths }]) => [
      name,
      { source: line(site), instances: [...paths], signals: signals.get(name) ?? {} },
    ]),
  );
}
