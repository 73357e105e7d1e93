import { UserError } from '../../../base/errors.js';
import { type ElementType, encodeElements } from '../../formats/elements.js';
import { decodeNpy, type NpyElements, npyElements } from '../../formats/npy.js';
import { npzEntries } from '../../formats/npz.js';
import type { Dtype, SafetensorsFile, Tensor } from '../../formats/safetensors.js';

/** The arrays of a file as tensors, and what of it is no array of numbers. */
export interface NpzTensors {
  readonly source: SafetensorsFile;
  readonly odd: ReadonlyMap<string, string>;
}

const DTYPES: Readonly<Record<ElementType, Dtype>> = {
  int8: 'I8',
  uint8: 'U8',
  int16: 'I16',
  uint16: 'U16',
  int32: 'I32',
  uint32: 'U32',
  int64: 'I64',
  uint64: 'U64',
  float16: 'F16',
  bfloat16: 'BF16',
  float32: 'F32',
  float64: 'F64',
};

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
  return { dtype: DTYPES[type], shape, bytes };
}
