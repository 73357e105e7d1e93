import type { Chain } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import type { Device, FpgaFamily } from '../../devices/family.js';
import { FAMILY_NAMES, familyNamed, findDevice } from '../../devices/find.js';
import { choice, type OptionValues, text } from './options.js';

/** What resources are predicted for. */
export const targetOptions = {
  target: choice('family of devices: predicts block RAMs and multipliers', FAMILY_NAMES),
  device: text('device, e.g. LFE5U-45F (default: the smallest of the family that fits)', {
    valueName: 'NAME',
  }),
} as const;

/** The family and the device that were asked for: a device says its family. */
export function targetOf({ target, device }: OptionValues<typeof targetOptions>): {
  readonly family: FpgaFamily | null;
  readonly device: Device | undefined;
} {
  const family = target === undefined ? null : familyNamed(target);
  if (device === undefined) return { family, device };
  const found = findDevice(family, device);
  return { family: found.family, device: found };
}

/** A device has room for one design: what a chain takes of it is counted by `synth`. */
export function noDevices(
  { engines }: Chain,
  { device }: OptionValues<typeof targetOptions>,
): UserError {
  const field = device === undefined ? '--target' : '--device';
  return new UserError({
    code: 'BAD_USAGE',
    message: `${field} predicts what one engine takes of a device, not a chain of ${engines.length}: hcgs synth counts it`,
    field,
    expected: 'one engine',
    got: engines.length,
  });
}
