import { UserError } from '../../../base/errors.js';
import { FORMAT_KEY, isCompressedModel } from '../../compressed/metadata.js';
import type { FloatLayer } from '../../float/model.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Imported } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { type LayerNames, lstmNames } from './choose.js';
import { foldNorms } from './norms.js';
import { explainedByNone, type OtherModule, otherModules } from './others.js';
import { readOutput } from './output.js';
import { checkOutside, isOutside, outsideNames } from './outside.js';
import { unpruned } from './pruned.js';
import { byNumber, shapeText, TensorReader } from './tensors.js';
import { unexplained } from './unexplained.js';

/**
 * Reads a trained network from a PyTorch state_dict: torch.nn.LSTM under any name (`rnn.weight_ih_l0` [4 cells,
 * inputs], `rnn.weight_hh_l0` [4 cells, cells], both biases or none, further layers), or torch.nn.LSTMCell, one or a
 * numbered stack of them; then the torch.nn.Linear on its h, if there is one. Gate order i, f, g, o, which is
 * PyTorch's. Metadata are not looked at. A state_dict says what a network is made of, not what is done with it, so a
 * module that the rules do not explain is refused until `map` says what it is; `said` is who fills the map.
 * @throws UserError ALREADY_COMPRESSED, NOT_AN_LSTM, LSTM_AMBIGUOUS, LSTM_UNSUPPORTED, OUTPUT_AMBIGUOUS,
 * MODULE_UNKNOWN, NORM_UNSUPPORTED, PRUNE_MASK, BAD_MAP, TENSOR_MISSING, TENSOR_DTYPE, TENSOR_SHAPE or
 * TENSOR_NOT_FINITE.
 */
export function importPytorch(
  file: SafetensorsFile,
  name: string,
  map: NameMap = new Map(),
  said = '--map',
): Imported {
  if (isCompressedModel(file)) throw compressed(name);
  if (map.has('skip')) throw badMap('skip= for a network with a skip connection', 'skip=', name);
  if (map.has('frames')) {
    throw badMap(
      'frames= for an ONNX file, outside=NAME for a module before the LSTM',
      'frames=',
      name,
    );
  }
  const { source, parts } = unpruned(file, name);
  const reader = new TensorReader(source, name);
  const names = lstmNames(source, map, reader, name);
  const raw: FloatLayer[] = [];
  for (let l = 0; l < names.layers; l++) {
    raw.push(readLayer(reader, names, l, raw[l - 1]?.cells));
  }
  const cells = raw.at(-1)?.cells as number;
  const sizes = { inputs: raw[0]?.inputs as number, cells };
  const outside = outsideNames(reader, map, name);
  const norms = foldNorms(reader, map, names, raw, name);
  const parent = (names.modules[0]?.name ?? '').split('.').slice(0, -1).join('.');
  const unexplainedYet = () => otherModules(reader).filter((one) => !isOutside(one, outside));
  const taken = readOutput(reader, map, unexplainedYet(), sizes, parent, { file: name, said });
  checkOutside(reader, outside, name);
  const none = map.get('fc') === 'none';
  const beside = (one: OtherModule) => none && explainedByNone(one, names, sizes);
  const open = unexplainedYet().filter((one) => !beside(one));
  if (open.length > 0) throw unexplained(open, { reader, names, map, sizes, parent });
  const output = norms.output(taken?.output ?? null);
  const lowest = names.modules[0]?.name || 'the LSTM';
  const left = [...file.tensors].filter(([tensor]) => !isTaken(tensor, reader, parts));
  return {
    format: 'safetensors',
    model: { layers: norms.layers, output },
    taken: [...file.tensors.keys()].filter((tensor) => isTaken(tensor, reader, parts)),
    leftOut: left
      .sort(([a], [b]) => byNumber(a, b))
      .map(([tensor, value]) => ({ name: tensor, kind: 'tensor', what: shapeText(value) })),
    headLeftOut: none && left.length > 0,
    notes: [
      ...names.notes,
      ...[...parts]
        .filter(([product]) => reader.taken.has(product))
        .map(([product, [a, b]]) => `${product} is the product of ${a} and ${b} (pruned)`),
      ...(raw.every(({ bias }) => bias.values.every((value) => value === 0)) ? [NO_BIASES] : []),
      ...norms.notes,
      taken?.note ??
        `the outputs are h of the last layer: no fully connected layer on its ${cells} values is taken`,
      ...(left.length === 0 ? [] : [outsideNote(lowest)]),
    ],
  };
}

const NO_BIASES = 'the biases of the LSTM are zeros';

const outsideNote = (lstm: string) =>
  `modules outside of the hardware are listed above: frames are what ${lstm} reads, behind all that stands before it, and outputs are what the hardware gives, before all that stands behind it`;

function isTaken(
  tensor: string,
  reader: TensorReader,
  parts: ReadonlyMap<string, readonly [string, string]>,
): boolean {
  if (reader.taken.has(tensor)) return true;
  const product = [...parts].find(([, pair]) => pair.includes(tensor))?.[0];
  return product !== undefined && reader.taken.has(product);
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
