import { badMap, type NameMap } from '../map.js';
import type { Beside } from './beside.js';
import { covers, type OtherModule } from './others.js';
import { namesText, type TensorReader } from './tensors.js';

/**
 * The modules and tensors and functions that the user says lie outside of the hardware.
 * @throws UserError BAD_MAP when one of the names is not in the file.
 */
export function outsideNames(
  reader: TensorReader,
  map: NameMap,
  { functions, harmless, odd }: Beside,
  file: string,
): readonly string[] {
  const names = (map.get('outside') ?? '').split(',').filter((name) => name !== '');
  const bare = [...functions, ...harmless].map(({ name }) => name);
  const all = [...reader.source.tensors.keys(), ...odd.keys(), ...bare];
  for (const name of names) {
    const own = all.filter((tensor) => covers(name, tensor));
    const got = own.find((tensor) => reader.taken.has(tensor));
    if (got !== undefined)
      throw badMap('outside= and no part of the recurrent layers', `${name}: ${got}`, file);
    if (own.length === 0) {
      throw badMap(`outside= and a module or tensor of the file: ${namesText(all)}`, name, file);
    }
  }
  return names;
}

/** @throws UserError BAD_MAP when one of the names covers a tensor that is taken. */
export function checkOutside(reader: TensorReader, outside: readonly string[], file: string): void {
  for (const name of outside) {
    const got = [...reader.taken].find((tensor) => covers(name, tensor));
    if (got === undefined) continue;
    throw badMap('outside= and no part of the hardware', `${name}, of which ${got} is taken`, file);
  }
}

/** Whether every tensor of a module is named by `outside`. */
export const isOutside = ({ name, tensors }: OtherModule, outside: readonly string[]): boolean =>
  [...tensors.keys()].every((part) =>
    outside.some((one) => covers(one, part === '' ? name : `${name}.${part}`)),
  );
