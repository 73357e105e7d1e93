import { unexpected } from '../../../base/errors.js';
import { ELEMENT_BYTES } from '../../formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { realType, valuesOf } from './tensors.js';

/** A file in which pruned tensors have their values, and from which tensors of the file they come. */
export interface Unpruned {
  readonly source: SafetensorsFile;
  /** By name of a tensor that the file has as two: `X` to `X_orig` and `X_mask`. */
  readonly parts: ReadonlyMap<string, readonly [orig: string, mask: string]>;
}

/**
 * torch.nn.utils.prune keeps a pruned tensor `X` as `X_orig` and `X_mask` and multiplies them before every use. The
 * product of a number and a mask of zeros and ones is exact. A pair beside a tensor `X`, or half a pair, stays as it
 * is.
 * @throws UserError PRUNE_MASK when a mask has another shape, or other values than 0 and 1.
 */
export function unpruned(source: SafetensorsFile, file: string): Unpruned {
  const { tensors } = source;
  const parts = new Map<string, readonly [string, string]>();
  const products = new Map<string, Tensor>();
  for (const [orig, tensor] of tensors) {
    const name = /^(.*)_orig$/s.exec(orig)?.[1];
    const mask = tensors.get(`${name}_mask`);
    if (name === undefined || mask === undefined || tensors.has(name)) continue;
    products.set(name, masked(tensor, mask, `${name}_mask`, file));
    parts.set(name, [orig, `${name}_mask`]);
  }
  const used = new Set([...parts.values()].flat());
  const others = [...tensors].filter(([name]) => !used.has(name));
  return { source: { ...source, tensors: new Map([...others, ...products]) }, parts };
}

function masked(tensor: Tensor, mask: Tensor, field: string, file: string): Tensor {
  const fail = (expected: string, got: string) =>
    unexpected({ code: 'PRUNE_MASK', file, field, expected, got });
  const shape = `[${tensor.shape.join(', ')}]`;
  if (mask.shape.join() !== tensor.shape.join()) {
    throw fail(`${shape}, as the tensor that it prunes`, `[${mask.shape.join(', ')}]`);
  }
  const type = realType(tensor);
  if (type === undefined) throw fail('a mask of real numbers', `one of ${tensor.dtype}`);
  const kept = valuesOf(mask);
  if (kept === null) throw fail('zeros and ones', mask.dtype);
  const odd = kept.findIndex((value) => value !== 0 && value !== 1);
  if (odd >= 0) throw fail('zeros and ones', `${kept[odd]} at element ${odd}`);
  const size = ELEMENT_BYTES[type];
  const bytes = new Uint8Array(tensor.bytes); // a copy, also of a Buffer, whose slice is none
  kept.forEach((value, i) => {
    if (value === 0) bytes.fill(0, i * size, (i + 1) * size);
  });
  return { ...tensor, bytes };
}
