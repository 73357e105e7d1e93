import { PyArray } from '../../formats/pickle/numpy.js';
import type { Dictionary, TensorValue } from './dictionaries.js';
import { TorchTensor } from './tensor.js';
import type { ValueReader } from './values.js';

/** Whether two dictionaries hold the same tensors under the same names. */
export function equalTensors(a: Dictionary, b: Dictionary, values: ValueReader): boolean {
  if (a.tensors.size !== b.tensors.size) return false;
  return [...a.tensors].every(([name, own]) => {
    const other = b.tensors.get(name);
    return other !== undefined && same(own, other, values);
  });
}

function same(a: TensorValue, b: TensorValue, values: ValueReader): boolean {
  if (a === b) return true;
  if (a instanceof PyArray || b instanceof PyArray) return false;
  if (!(a instanceof TorchTensor && b instanceof TorchTensor)) return false;
  if (a.kind !== b.kind || a.shape.join() !== b.shape.join() || a.kind.dtype === null) return false;
  if (
    a.storage.key === b.storage.key &&
    a.offset === b.offset &&
    a.strides.join() === b.strides.join()
  )
    return true;
  const [left, right] = [values.read('', a).bytes, values.read('', b).bytes];
  return Buffer.compare(left, right) === 0;
}
