import { tensorflowError } from '../errors.js';
import type { Call } from './call.js';
import { describe } from './tensors.js';

/** The numbers of a constant input that has to be of that shape. @throws UserError TENSOR_SHAPE and as `Call.reals` */
export function shaped(call: Call, input: number, field: string, shape: readonly number[]) {
  const tensor = call.tensor(input);
  if (tensor !== null && tensor.shape.join() !== shape.join()) {
    const [expected, got] = [`[${shape.join(', ')}]`, describe(tensor)];
    const name = `${call.name}.${field}`;
    throw tensorflowError(call.scope.file, 'TENSOR_SHAPE', name, expected, got);
  }
  return call.reals(input, field);
}
