import { PyArray } from '../../formats/pickle/numpy.js';
import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import type { Chosen } from './choose.js';
import type { TensorValue } from './dictionaries.js';
import { OddTensor, TorchTensor } from './tensor.js';
import type { ValueReader } from './values.js';

/** The tensors of the network as a safetensors file has them, and those that are no plain numbers. */
export interface State {
  readonly source: SafetensorsFile;
  readonly odd: ReadonlyMap<string, string>;
}

/** @throws UserError as `ValueReader.read` */
export function stateOf({ main, beside }: Chosen, values: ValueReader): State {
  const tensors = new Map<string, Tensor>();
  const odd = new Map<string, string>();
  const parts = [main, ...beside];
  for (const part of parts) {
    const prefix = parts.length === 1 ? '' : `${part.key}.`;
    for (const [name, value] of part.tensors) {
      const what = oddity(value);
      const whole = prefix + name;
      if (what !== null) odd.set(whole, what);
      else if (value instanceof PyArray) tensors.set(whole, values.readArray(whole, value));
      else if (value instanceof TorchTensor) tensors.set(whole, values.read(whole, value));
    }
  }
  return { source: { metadata: {}, tensors }, odd };
}

function oddity(value: TensorValue): string | null {
  if (value instanceof OddTensor) return value.what;
  if (value instanceof PyArray) return value.type === null ? 'an array of other things' : null;
  return value.kind.dtype === null ? `${value.kind.name} [${value.shape.join(', ')}]` : null;
}
