import { UserError } from '../../../base/errors.js';
import { FORMAT_KEY } from '../../compressed/description.js';
import { isCompressedModel } from '../../compressed/read.js';
import type { FloatLayer } from '../../float/model.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Imported } from '../imported.js';
import type { NameMap } from '../map.js';
import { type LayerNames, lstmNames } from './choose.js';
import { readOutput } from './output.js';
import { TensorReader } from './tensors.js';

/**
 * Reads a trained network from a PyTorch state_dict: torch.nn.LSTM under any name (`rnn.weight_ih_l0` [4 cells,
 * inputs], `rnn.weight_hh_l0` [4 cells, cells], both biases or none, further layers), or torch.nn.LSTMCell, one or a
 * numbered stack of them; then the torch.nn.Linear on its h, if there is one. `map` says what does not follow these
 * names. Gate order i, f, g, o, which is PyTorch's. Metadata are not looked at, other tensors are listed.
 * @throws UserError ALREADY_COMPRESSED, NOT_AN_LSTM, LSTM_AMBIGUOUS, LSTM_UNSUPPORTED, OUTPUT_AMBIGUOUS, BAD_MAP,
 * TENSOR_MISSING, TENSOR_DTYPE, TENSOR_SHAPE or TENSOR_NOT_FINITE.
 */
export function importPytorch(
  source: SafetensorsFile,
  file: string,
  map: NameMap = new Map(),
): Imported {
  if (isCompressedModel(source)) throw compressed(file);
  const reader = new TensorReader(source, file);
  const names = lstmNames(source, map, reader, file);
  const layers: FloatLayer[] = [];
  for (let l = 0; l < names.layers; l++) {
    layers.push(readLayer(reader, names, l, layers[l - 1]?.cells));
  }
  const cells = layers.at(-1)?.cells as number;
  const output = readOutput(source, map, reader, cells, file);
  const none = `the outputs are h of the last layer: no fully connected layer on its ${cells} values is taken`;
  return {
    format: 'safetensors',
    model: { layers, output },
    taken: [...reader.taken],
    leftOut: [...source.tensors]
      .filter(([name]) => !reader.taken.has(name))
      .map(([name, { dtype, shape }]) => ({
        name,
        kind: 'tensor',
        what: `${dtype} [${shape.join(', ')}]`,
      })),
    notes: output === null ? [none] : [],
  };
}

function readLayer(
  reader: TensorReader,
  { nameOf, isMapped }: LayerNames,
  l: number,
  below: number | undefined,
): FloatLayer {
  const name = (kind: string) => nameOf(kind, l);
  const [rows, inputs] = reader.matrix(name('weight_ih'));
  if (rows % 4 !== 0) {
    const what = `4 x cells rows, the gates of an LSTM`;
    throw reader.badShape(name('weight_ih'), what, `${rows} rows`);
  }
  const cells = rows / 4;
  const x = reader.read(name('weight_ih'), [rows, below ?? inputs]);
  const h = reader.read(name('weight_hh'), [rows, cells]);
  const kinds = ['bias_ih', 'bias_hh'];
  const biases = kinds.map(name);
  const biased = biases.some((bias) => reader.has(bias)) || kinds.some((kind) => isMapped(kind, l));
  const [first, second] = biased ? biases.map((bias) => reader.read(bias, [rows]).values) : [];
  const values = Float64Array.from(
    { length: rows },
    (_, i) => (first?.[i] ?? 0) + (second?.[i] ?? 0),
  );
  // the sum of both has the name that they have in common
  const bias = { name: (biases[0] as string).replace('bias_ih', 'bias'), values };
  return { inputs, cells, x, h, bias };
}

function compressed(file: string): UserError {
  return new UserError({
    code: 'ALREADY_COMPRESSED',
    message: `${file} is a compressed model already; a trained float network is needed`,
    file,
    field: FORMAT_KEY,
    expected: 'a float network with PyTorch names',
    got: 'a compressed model',
  });
}
