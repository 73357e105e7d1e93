import * as h5wasm from 'h5wasm';
import {
  type Hdf5File,
  hdf5Budget,
  hdf5Error,
  hdf5FileOf,
  type WalkedObject,
} from '../../generator/network/formats/hdf5/hdf5.js';
import { Refusal, walk } from '../../generator/network/formats/hdf5/walk.js';

await h5wasm.ready;

/** Reads an HDF5 file as `readHdf5` does, in this process: faster, and nothing stops it. */
export function walked(bytes: Uint8Array, file = 'f.h5', skip: readonly string[] = []): Hdf5File {
  const budget = hdf5Budget(bytes.length);
  try {
    const { objects, data } = walk(h5wasm, bytes, { budget, skip });
    return hdf5FileOf(objects as readonly WalkedObject[], Buffer.concat(data));
  } catch (error) {
    if (error instanceof Refusal) throw hdf5Error(file, error.code, error.message, budget);
    throw hdf5Error(file, 'HDF5_INVALID', 'a damaged file', budget);
  }
}
