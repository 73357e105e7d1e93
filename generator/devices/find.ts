import { UserError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
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

/** What may stand behind the name of a device in the number of a part: grades, package, temperature. */
const REST = /^[il]?\d?[a-z]{2,4}\d{2,4}[a-z]{0,2}\d?[a-z]{0,2}$/;

/** Letters and digits alone: vendors, shops and tools write the rest of a name in many ways. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Whether a text is the name of a device, or the number of a part of it, with or without the family's name. */
function names(given: string, device: Device): boolean {
  const own = bare(device.name);
  const said = bare(given);
  const begin = [own, bare(device.family.name) + own].find((text) => said.startsWith(text));
  if (begin === undefined) return false;
  return said === begin || REST.test(said.slice(begin.length));
}

/**
 * A device by its name in any case, or by the number of a part as vendors write it (`xc7a35tcpg236-1`), of one family or
 * of any.
 * @throws UserError DEVICE with the names of those that are known.
 */
export function findDevice(family: FpgaFamily | null, name: string): Device {
  const known = (family === null ? FAMILIES : [family]).flatMap(devicesOf);
  const [found] = known
    .filter((device) => names(name, device))
    .sort((a, b) => b.name.length - a.name.length);
  if (found !== undefined) return found;
  const all = known.map((d) => d.name);
  const of = family === null ? '' : `${family.name} `;
  const hint = didYouMean(name, all);
  throw new UserError({
    code: 'DEVICE',
    message: `no ${of}device ${name}; known are ${all.join(', ')}${hint}`,
    field: '--device',
    expected: all.join(', '),
    got: name,
  });
}
