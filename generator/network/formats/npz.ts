import { type Zippable, zipSync } from 'fflate';
import { type NpyArray, type WritableType, writeNpy } from './npy.js';

/**
 * The bytes of an `.npz` file as numpy.savez writes it: one stored `.npy` per name, in the order given. The
 * time stamp is the first that a zip file can hold, so that equal arrays give equal bytes.
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NpyArray & { readonly type: WritableType }>,
): Uint8Array {
  const entries: Zippable = {};
  for (const [name, array] of arrays) entries[`${name}.npy`] = writeNpy(array);
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
}
