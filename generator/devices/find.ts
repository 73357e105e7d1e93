import { UserError } from '../base/errors.js';
import { type Device, type FpgaFamily, isPlaced, type PlacedFamily } from './family.js';
import { FAMILIES } from './registry.js';

/** Names of all families, and of those that are placed and routed here. */
export const FAMILY_NAMES: readonly string[] = FAMILIES.map(({ name }) => name);
export const PLACED_FAMILIES: readonly PlacedFamily[] = FAMILIES.filter(isPlaced);

/** A family by its name, or null. */
export function familyNamed(name: string): FpgaFamily | null {
  return FAMILIES.find((family) => family.name === name) ?? null;
}

/** Devices of a family, the smallest first. */
export function devicesOf(family: FpgaFamily): readonly Device[] {
  return family.devices.map((size) => ({ ...size, family }));
}

/**
 * A device by its name in any case, of one family or of any.
 * @throws UserError DEVICE with the names of those that are known.
 */
export function findDevice(family: FpgaFamily | null, name: string): Device {
  const known = (family === null ? FAMILIES : [family]).flatMap(devicesOf);
  const found = known.find((d) => d.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = known.map((d) => d.name).join(', ');
  throw new UserError({
    code: 'DEVICE',
    message: `no ${family === null ? '' : `${family.name} `}device ${name}; known are ${names}`,
    field: '--device',
    expected: names,
    got: name,
  });
}
