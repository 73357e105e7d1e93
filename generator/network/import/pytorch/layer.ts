import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer } from '../../float/model.js';
import { channelBiases } from '../gates.js';
import type { Nonlinearity } from '../imported.js';
import type { Beside } from './beside.js';
import type { LayerNames } from './layer-names.js';
import { cellOfShape, isProjected } from './modules.js';
import type { TensorReader } from './tensors.js';

/** What is said of RNN layers, whose weights are the same with both functions. */
export interface Said {
  readonly file: Pick<Beside, 'nonlinearities'>;
  readonly user: Nonlinearity | undefined;
}

/** A layer, and a sentence about it where something of it is not plain in its tensors. */
export interface TorchLayer {
  readonly layer: FloatLayer;
  /** The layer behind it that makes its h of it, where it has a projection (`proj_size`). */
  readonly projection: FloatLayer | null;
  readonly notes: readonly string[];
}

/** Values that a layer of torch gives: its h. */
export const valuesOfLayer = ({ layer, projection }: TorchLayer): number =>
  (projection ?? layer).cells;

/**
 * Layer `l`: weight_ih [gates x cells, inputs], weight_hh [gates x cells, cells], and both biases [gates x cells] or
 * none. Torch has our order of the gates. `below` are the values of the layer below. With a projection weight_hr
 * [values, cells] h is W_hr (o tanh(c)), which the next frame and the next layer read, and weight_hh is [4 x cells, values].
 * @throws UserError NONLINEARITY where nobody says what an RNN computes, or as the reader
 */
export function readLayer(
  reader: TensorReader,
  names: LayerNames,
  l: number,
  below: number | undefined,
  said: Said,
): TorchLayer {
  const name = (kind: string) => names.nameOf(kind, l);
  const [, inputs] = reader.matrix(name('weight_ih'));
  const [rows, width] = reader.matrix(name('weight_hh'));
  const projection = isProjecting(reader, names, l) ? readProjection(reader, names, l) : null;
  const cells = projection?.inputs ?? width;
  const torch = projection === null ? cellOfShape([rows, cells]) : 'LSTM';
  if (torch === null) {
    const expected = '4 (LSTM), 3 (GRU) or 1 (RNN) times as many rows as columns';
    throw reader.badShape(name('weight_hh'), expected, `[${rows}, ${cells}]`);
  }
  const { cell, notes } = torch === 'RNN' ? rnnOf(names, l, said, reader) : OTHERS[torch];
  const x = reader.read(name('weight_ih'), [rows, below ?? inputs]);
  const h = reader.read(name('weight_hh'), [rows, width]);
  const kinds = ['bias_ih', 'bias_hh'];
  const biases = kinds.map(name);
  const biased =
    biases.some((bias) => reader.has(bias)) || kinds.some((kind) => names.isMapped(kind, l));
  const [ofX, ofH] = biases.map((bias) =>
    biased ? reader.read(bias, [rows]).values : new Float64Array(rows),
  ) as [Float64Array, Float64Array];
  // what is made of both has the name that they have in common
  const bias = {
    name: (biases[0] as string).replace('bias_ih', 'bias'),
    values: channelBiases(cell, ofX, ofH),
  };
  const own: FloatLayer = { cell, inputs, cells, x, h, bias };
  if (projection === null) return { layer: own, projection, notes };
  const note = `layer ${l} is projected to ${width} values by ${projection.x.name}, a layer of its own in hardware`;
  return { layer: { ...own, loop: 1 }, projection, notes: [...notes, note] };
}

/** Whether layer `l` has a projection: all layers of a module have one, or none. */
function isProjecting(reader: TensorReader, names: LayerNames, l: number): boolean {
  if (names.isMapped('weight_hr', l)) return true;
  const module = names.moduleOf(l);
  return module ? module.projection !== undefined : reader.has(names.nameOf('weight_hr', l));
}

/** weight_hr [values, cells] as a layer without biases. */
function readProjection(reader: TensorReader, names: LayerNames, l: number): FloatLayer {
  const name = names.nameOf('weight_hr', l);
  const [values, cells] = reader.matrix(name);
  const [rows, columns] = reader.matrix(names.nameOf('weight_hh', l));
  if (!isProjected([rows, columns], [values, cells])) {
    throw reader.badShape(name, `[${columns}, ${rows / 4}]`, `[${values}, ${cells}]`);
  }
  return {
    cell: 'dense-linear',
    inputs: cells,
    cells: values,
    x: reader.read(name, [values, cells]),
    h: null,
    bias: { name: `bias of ${name}`, values: new Float64Array(values) },
  };
}

/** A cell, and what has to be said of it. */
interface Known {
  readonly cell: RecurrentCell;
  readonly notes: readonly string[];
}

const OTHERS: Readonly<Record<'LSTM' | 'GRU', Known>> = {
  LSTM: { cell: 'lstm', notes: [] },
  GRU: { cell: 'gru', notes: [] },
};

function rnnOf(names: LayerNames, l: number, { file, user }: Said, reader: TensorReader): Known {
  const module = names.moduleOf(l)?.name;
  const own = module === undefined ? undefined : file.nonlinearities.get(module);
  const function_ = own ?? user;
  const field = module || names.nameOf('weight_hh', l);
  if (function_ === undefined) {
    const expected = '--nonlinearity tanh or --nonlinearity relu, as torch.nn.RNN was made with';
    throw reader.fail('NONLINEARITY', field, expected, 'an RNN, and tensors do not show which');
  }
  const who = own === undefined ? '--nonlinearity says' : 'the file says';
  return {
    cell: `rnn-${function_}`,
    notes: [`layer ${l}, ${field}, is an RNN with ${function_}, as ${who}`],
  };
}
