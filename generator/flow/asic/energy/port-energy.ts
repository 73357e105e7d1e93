import {
  actsLow,
  type ControlPin,
  canRead,
  canWrite,
  type Macro,
  type MacroAccess,
  pinName,
  type Tie,
} from '../../../devices/macros/macro.js';
import type { CellPower, PinEnergy } from './cell-power.js';
import { holds, type Levels } from './when.js';

/** pJ of a clock cycle of a port, both edges, by what it does; 0 of what it cannot do. */
export interface PortEnergy {
  readonly read: number;
  readonly write: number;
  readonly idle: number;
}

/**
 * What each port of a macro takes for a cycle of its clock: the internal power of the clock pin, under the condition that holds
 * while the port reads, writes or does nothing. Null: the Liberty file has none of it, or conditions on other pins.
 */
export function portEnergies(macro: Macro, power: CellPower): readonly PortEnergy[] | null {
  const ties = Object.entries(macro.ties ?? {}).map(([pin, tie]): [string, boolean] => [
    pin,
    levelOf(tie),
  ]);
  const ports = macro.ports.map((access, k): PortEnergy | null => {
    const others = macro.ports
      .filter((_, n) => n !== k)
      .flatMap((port) => [...levels(port, 'idle')]);
    const at = (does: Does): number | null =>
      ofCycle(access.clock, power.energies, new Map([...ties, ...others, ...levels(access, does)]));
    const read = canRead(access) ? at('read') : 0;
    const write = canWrite(access) ? at('write') : 0;
    const idle = at('idle');
    return read === null || write === null || idle === null ? null : { read, write, idle };
  });
  return ports.every((port) => port !== null) ? ports : null;
}

type Does = 'read' | 'write' | 'idle';

/** The pins that say what a port does, as the design drives them. */
function levels(access: MacroAccess, does: Does): Levels {
  const pin = (control: ControlPin | undefined, acts: boolean): [string, boolean][] =>
    control === undefined ? [] : [[pinName(control), acts !== actsLow(control)]];
  return new Map([
    ...pin(access.enable, does !== 'idle'),
    ...pin(access.writeEnable, does === 'write'),
    ...pin(access.readEnable, does === 'read'),
  ]);
}

function levelOf(tie: Tie): boolean {
  return (typeof tie === 'number' ? tie : tie.value) === 1;
}

/** Entries whose condition holds; where none does, those without one. Null: there is no entry, or a condition is not known. */
function ofCycle(clock: string, all: readonly PinEnergy[], at: Levels): number | null {
  const own = all.filter(({ pin }) => pin === clock);
  const held = own.map(({ when }) => (when === null ? false : holds(when, at)));
  if (own.length === 0 || held.includes(null)) return null;
  const named = own.filter((_, n) => held[n] === true);
  const taken = named.length > 0 ? named : own.filter(({ when }) => when === null);
  return taken.reduce((sum, { rise, fall }) => sum + rise + fall, 0);
}
