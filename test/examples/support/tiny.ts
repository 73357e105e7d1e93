import { Random } from '../../../generator/base/random.js';
import { writeNpy } from '../../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../../generator/network/formats/safetensors.js';

const INPUTS = 8;
const CELLS = 16;
const OUTPUTS = 3;
const BLOCK = 4;
const FRAMES = { utterances: 4, frames: 10 };

/** The files of examples/tiny: an untrained LSTM layer with half of its blocks, and frames. */
export function tinyExample(): ReadonlyMap<string, Uint8Array> {
  const random = new Random(31);
  /** Steps of 1/32, so that six bits hold each value. */
  const value = (scale: number) => (random.between(-scale, scale) || 1) / 32;
  const drawn = (length: number, scale: number) =>
    Float32Array.from({ length }, () => value(scale));
  const matrix = (columns: number) => {
    const values = drawn(4 * CELLS * columns, 24);
    const rows = CELLS / BLOCK;
    const kept = Array.from({ length: rows }, () =>
      random.sample(columns / BLOCK / 2, columns / BLOCK),
    );
    return values.map((one, at) => {
      const [row, column] = [Math.floor(at / columns) % CELLS, at % columns];
      const block = kept[Math.floor(row / BLOCK)] as readonly number[];
      return block.includes(Math.floor(column / BLOCK)) ? one : 0;
    });
  };
  const tensor = (shape: readonly number[], values: Float32Array) => ({
    dtype: 'F32',
    shape,
    bytes: new Uint8Array(values.buffer),
  });
  const tensors = new Map([
    ['encoder.rnn.weight_ih_l0', tensor([4 * CELLS, INPUTS], matrix(INPUTS))],
    ['encoder.rnn.weight_hh_l0', tensor([4 * CELLS, CELLS], matrix(CELLS))],
    ['encoder.rnn.bias_ih_l0', tensor([4 * CELLS], drawn(4 * CELLS, 16))],
    ['encoder.rnn.bias_hh_l0', tensor([4 * CELLS], new Float32Array(4 * CELLS))],
    ['head.weight', tensor([OUTPUTS, CELLS], drawn(OUTPUTS * CELLS, 24))],
    ['head.bias', tensor([OUTPUTS], drawn(OUTPUTS, 16))],
  ]);
  const { utterances, frames } = FRAMES;
  const data = drawn(utterances * frames * INPUTS, 64);
  return new Map([
    ['net.safetensors', writeSafetensors({ metadata: {}, tensors })],
    ['frames.npy', writeNpy({ type: 'float32', shape: [utterances, frames, INPUTS], data })],
  ]);
}
