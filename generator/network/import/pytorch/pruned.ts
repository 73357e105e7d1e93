import { unexpected } from '../../../base/errors.js';
import { ELEMENT_BYTES } from '../../formats/elements.js';
import type { Tensor } from '../../formats/safetensors.js';
import { realType, valuesOf } from './tensors.js';

/**
 * A tensor times its mask. The product of a number and a mask of zeros and ones is exact.
 * @throws UserError PRUNE_MASK when a mask has another shape, or other values than 0 and 1.
 */
export function masked(tensor: Tensor, mask: Tensor, field: string, file: string): Tensor {
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
