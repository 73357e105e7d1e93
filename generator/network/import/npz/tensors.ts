import { UserError } from '../../../base/errors.js';
import { encodeElements } from '../../formats/elements.js';
import { decodeNpy, type NpyElements, npyElements } from '../../formats/npy.js';
import { npzEntries } from '../../formats/npz.js';
import { ELEMENT_DTYPES, type SafetensorsFile, type Tensor } from '../../formats/safetensors.js';

/** The arrays of a file as tensors, and what of it is no array of numbers. */
export interface NpzTensors {
  readonly source: SafetensorsFile;
  readonly odd: ReadonlyMap<string, string>;
}

/** @throws UserError as `readNpz`; what NumPy pickles, and structures, are `odd` */
export function npzTensors(bytes: Uint8Array, file: string): NpzTensors {
  const tensors = new Map<string, Tensor>();
  const odd = new Map<string, string>();
  for (const { name, read } of npzEntries(bytes, file)) {
    const at = `${file}, ${name}`;
    try {
      tensors.set(name, tensorOf(npyElements(read(), at), at));
    } catch (error) {
      if (!(error instanceof UserError) || error.report.code !== 'NPY_UNSUPPORTED') throw error;
      odd.set(name, String(error.report.got));
    }
  }
  return { source: { metadata: {}, tensors }, odd };
}

function tensorOf(elements: NpyElements, at: string): Tensor {
  const { type, shape, fortran } = elements;
  const bytes = fortran ? encodeElements(type, decodeNpy(elements, at).data) : elements.bytes;
  return { dtype: ELEMENT_DTYPES[type], shape, bytes };
}
