import type { Device, DeviceUse } from '../../devices/family.js';
import type { Shortage } from './report.js';

/** What a mapped design needs more of than the device has. */
export function shortagesOf(use: DeviceUse, device: Device): readonly Shortage[] {
  const rows: readonly (readonly [string, number, number])[] = [
    ['LUTs', use.luts, device.luts],
    ['registers', use.registers, device.registers],
    ['block RAMs', use.blockRams, device.blockRams],
    ['multipliers', use.multipliers, device.multipliers],
    ['single-port RAMs', use.singlePortRams, device.singlePortRams],
  ];
  return rows
    .filter(([, needed, available]) => needed > available)
    .map(([resource, needed, available]) => ({ resource, needed, available }));
}
