import type { Device } from '../../accelerator/resources/devices.js';
import type { DeviceUse } from '../fpga/fpga-family.js';
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
