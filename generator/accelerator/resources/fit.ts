import type { Device, FpgaFamily } from '../../devices/family.js';
import { devicesOf } from '../../devices/find.js';
import type { Rough } from './logic.js';
import type { Placement } from './placement.js';

/** A resource of which a design needs more than a device has. */
export interface Shortage {
  readonly resource: 'block RAMs' | 'multipliers' | 'LUTs' | 'registers';
  readonly needed: number;
  readonly available: number;
}

/** What a device is short of; LUTs and registers by their estimates. Multipliers never: the rest is logic. */
export function shortages(device: Device, { blockRams, logic }: Placement): readonly Shortage[] {
  const all: readonly Shortage[] = [
    { resource: 'block RAMs', needed: blockRams, available: device.blockRams },
    { resource: 'LUTs', needed: logic.luts, available: device.luts },
    { resource: 'registers', needed: logic.registers, available: device.registers },
  ];
  return all.filter((s) => s.needed > s.available);
}

/** Rough estimates of a device that could turn out either way: what it has lies between their ends. */
export function uncertain(
  device: Device,
  rough: Readonly<Record<'luts' | 'registers', Rough>>,
): readonly Shortage['resource'][] {
  const open = ({ low, high }: Rough, available: number): boolean =>
    low <= available && available < high;
  return [
    ...(open(rough.luts, device.luts) ? (['LUTs'] as const) : []),
    ...(open(rough.registers, device.registers) ? (['registers'] as const) : []),
  ];
}

/** The smallest device of a family that a design fits, or null. */
export function smallestDevice(
  family: FpgaFamily,
  place: (device: Device) => Placement,
): Device | null {
  return devicesOf(family).find((d) => shortages(d, place(d)).length === 0) ?? null;
}
