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

/** A direction of a layer of torch. */
export interface TorchDirection {
  readonly layer: FloatLayer;
  /** The layer behind it that makes its h of it, where it has a projection (`proj_size`). */
  readonly projection: FloatLayer | null;
}

/** A layer, and a sentence about it where something of it is not plain in its tensors. */
export interface TorchLayer extends TorchDirection {
  /** The direction that begins with the last frame; null where it has one direction. */
  readonly backward: TorchDirection | null;
  readonly notes: readonly string[];
}

/** Values of h of one direction. */
export const valuesOf = ({ layer, projection }: TorchDirection): number =>
  (projection ?? layer).cells;

/** Values that a layer of torch gives: h of its directions side by side. */
export const valuesOfLayer = (layer: TorchLayer): number =>
  valuesOf(layer) + (layer.backward === null ? 0 : valuesOf(layer.backward));

/** The directions of a layer, the forward one first. */
export const directionsOf = (layer: TorchLayer): readonly TorchDirection[] =>
  layer.backward === null ? [layer] : [layer, layer.backward];

/**
 * Layer `l`. Its tensors as `readDirection` says, those of the direction that begins with the last frame with `_reverse`
 * behind their names.
 * @throws UserError as `readDirection`
 */
export function readLayer(
  reader: TensorReader,
  names: LayerNames,
  l: number,
  below: number | undefined,
  said: Said,
): TorchLayer {
  const both = names.isBidirectional(l);
  const biased = [false, ...(both ? [true] : [])].some((reverse) =>
    ['bias_ih', 'bias_hh'].some(
      (kind) => names.isMapped(kind, l, reverse) || reader.has(names.nameOf(kind, l, reverse)),
    ),
  );
  const from = { reader, names, l, below, said, biased };
  const forward = readDirection(from, false);
  if (!both) return { ...forward, backward: null };
  const { layer, projection } = readDirection(from, true);
  const behind = { direction: 'backward' } as const;
  const backward = {
    layer: { ...layer, ...behind },
    projection: projection && { ...projection, ...behind },
  };
  const field = names.nameOf('weight_hh', l, true);
  if (layer.cell !== forward.layer.cell || valuesOf(backward) !== valuesOf(forward)) {
    const text = (one: TorchDirection) => `${one.layer.cell} of ${valuesOf(one)} values`;
    throw reader.badShape(field, text(forward), text(backward));
  }
  return { ...forward, backward };
}

/** What a layer is read with. */
interface From {
  readonly reader: TensorReader;
  readonly names: LayerNames;
  readonly l: number;
  readonly below: number | undefined;
  readonly said: Said;
  /** The file has biases of one of its directions, so that it needs all. */
  readonly biased: boolean;
}

/**
 * A direction of layer `l`: weight_ih [gates x cells, inputs], weight_hh [gates x cells, cells], and both biases [gates x cells] or
 * none. Torch has our order of the gates. `below` are the values of the layer below. With a projection weight_hr
 * [values, cells] h is W_hr (o tanh(c)), which the next frame and the next layer read, and weight_hh is [4 x cells, values].
 * @throws UserError NONLINEARITY where nobody says what an RNN computes, or as the reader
 */
function readDirection(
  { reader, names, l, below, said, biased }: From,
  reverse: boolean,
): Omit<TorchLayer, 'backward'> {
  const name = (kind: string) => names.nameOf(kind, l, reverse);
  const [, inputs] = reader.matrix(name('weight_ih'));
  const [rows, width] = reader.matrix(name('weight_hh'));
  const projection = isProjecting(reader, names, l) ? readProjection(reader, name) : null;
  const cells = projection?.inputs ?? width;
  const torch = projection === null ? cellOfShape([rows, cells]) : 'LSTM';
  if (torch === null) {
    const expected = '4 (LSTM), 3 (GRU) or 1 (RNN) times as many rows as columns';
    throw reader.badShape(name('weight_hh'), expected, `[${rows}, ${cells}]`);
  }
  const { cell, notes } = torch === 'RNN' ? rnnOf(names, l, said, reader) : OTHERS[torch];
  const x = reader.weights(name('weight_ih'), [rows, below ?? inputs]);
  const h = reader.weights(name('weight_hh'), [rows, width]);
  const biases = ['bias_ih', 'bias_hh'].map(name);
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
function readProjection(reader: TensorReader, nameOf: (kind: string) => string): FloatLayer {
  const name = nameOf('weight_hr');
  const [values, cells] = reader.matrix(name);
  const [rows, columns] = reader.matrix(nameOf('weight_hh'));
  if (!isProjected([rows, columns], [values, cells])) {
    throw reader.badShape(name, `[${columns}, ${rows / 4}]`, `[${values}, ${cells}]`);
  }
  return {
    cell: 'dense-linear',
    inputs: cells,
    cells: values,
    x: reader.weights(name, [values, cells]),
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
