import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { type Tensor, writeSafetensors } from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { randomLayer } from './support/lstm-reference.js';
import { layerTensors, stateDict } from './support/state-dict.js';

const SEED = 12;
const layer = randomLayer(new Random(SEED), 5, 4);
const odd = (dtype: string, bytes: number, ...shape: number[]): Tensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(bytes),
});

describe('types that are no real numbers', () => {
  it.each([
    ['C64', 8],
    ['F8_E4M3', 1],
    ['F4', 0.5],
    ['X3_NEW', 2],
    ['constructor', 1],
  ])('%s beside the LSTM is asked about, and left out', (dtype, size) => {
    const tensors = layerTensors(layer, (kind) => `lstm.${kind}_l0`);
    const file = writeSafetensors(stateDict(...tensors, ['stft.window', odd(dtype, 8 * size, 8)]));
    const asked = refusal(() => importNetwork(file, 'a.safetensors'));
    expect(asked).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'stft' });
    const { leftOut, taken } = importNetwork(file, 'a.safetensors', { map: ['outside=stft'] });
    expect(taken).toHaveLength(4);
    expect(leftOut).toEqual([{ name: 'stft.window', kind: 'tensor', what: `${dtype} [8]` }]);
  });

  it.each(['C64', 'X3_NEW', 'constructor'])('%s in the LSTM is refused', (dtype) => {
    const tensors = layerTensors(layer, (kind) => `lstm.${kind}_l0`).slice(1);
    const file = stateDict(...tensors, ['lstm.weight_ih_l0', odd(dtype, 640, 16, 5)]);
    const read = () => importNetwork(writeSafetensors(file), 'a.safetensors');
    expect(refusal(read)).toMatchObject({ code: 'TENSOR_DTYPE', got: dtype });
  });
});
