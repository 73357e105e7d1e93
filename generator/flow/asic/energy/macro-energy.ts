import type { Activity } from '../../../design/manifest/activity.js';
import type { MacroList } from '../../../devices/macros/macro.js';
import type { PortUse } from '../../report/energy.js';
import type { CellPower } from './cell-power.js';
import { type PortEnergy, portEnergies } from './port-energy.js';

/** What a macro takes in a frame. */
export interface InstanceEnergy {
  readonly instance: string;
  /** nJ in a frame, of reads, writes and clock cycles without either. */
  readonly dynamic: number;
  /** nW. */
  readonly leakage: number;
}

export interface MacroEnergy {
  readonly instances: readonly InstanceEnergy[];
  /** By kind of macro and port. */
  readonly ports: readonly PortUse[];
  /** Kinds of which no Liberty file says what an access takes. */
  readonly unknown: readonly string[];
}

/** Energy of macros from what they do in a frame and what Liberty files say of an access. */
export function macroEnergy(
  { cyclesPerFrame, macros }: Activity,
  { macros: list }: MacroList,
  powers: ReadonlyMap<string, CellPower>,
): MacroEnergy {
  const kinds = new Map(
    list.map((macro) => {
      const power = powers.get(macro.name);
      const ports = power === undefined ? null : portEnergies(macro, power);
      return [macro.name, ports === null ? null : { ports, leakage: power?.leakage ?? 0 }] as const;
    }),
  );
  const known = macros.flatMap((one) => {
    const kind = kinds.get(one.macro) ?? null;
    return kind === null ? [] : [{ ...one, kind }];
  });
  const uses = new Map<string, PortUse>();
  for (const { macro, ports, kind } of known) {
    for (const [port, { reads, writes }] of ports.entries()) {
      const energy = kind.ports[port] as PortEnergy;
      const before = uses.get(`${macro} ${port}`);
      uses.set(`${macro} ${port}`, {
        ...{ macro, port },
        reads: reads + (before?.reads ?? 0),
        writes: writes + (before?.writes ?? 0),
        idle: cyclesPerFrame - reads - writes + (before?.idle ?? 0),
        ...{ readPJ: energy.read, writePJ: energy.write, idlePJ: energy.idle },
      });
    }
  }
  return {
    instances: known.map(({ instance, ports, kind }) => ({
      instance,
      dynamic: ports.reduce(
        (sum, use, port) => sum + ofPort(use, kind.ports[port] as PortEnergy, cyclesPerFrame),
        0,
      ),
      leakage: kind.leakage,
    })),
    ports: [...uses.values()],
    unknown: [...new Set(macros.map(({ macro }) => macro))].filter((name) => !kinds.get(name)),
  };
}

/** nJ. A port reads or writes in a cycle, or does neither. */
function ofPort(
  { reads, writes }: Activity['macros'][number]['ports'][number],
  { read, write, idle }: PortEnergy,
  cycles: number,
): number {
  return (reads * read + writes * write + (cycles - reads - writes) * idle) / 1000;
}
