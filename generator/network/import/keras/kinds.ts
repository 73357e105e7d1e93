import { fieldOf, isList, isObject, type Json, jsonText } from './json.js';
import type { KerasLayer } from './layer.js';

/** What a layer is to the hardware. */
export type Kind =
  /** A recurrent layer that there is hardware for. */
  | 'layer'
  /** Another recurrent layer. */
  | 'recurrent'
  | 'dense'
  /** It scales and shifts every value by constants. */
  | 'affine'
  /** In use it changes nothing. */
  | 'same'
  | 'activation'
  | 'reshape'
  | 'other';

const SAME = new Set(
  'InputLayer Dropout SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout ActivityRegularization Identity'.split(
    ' ',
  ),
);
const KINDS: Readonly<Record<string, Kind>> = {
  LSTM: 'layer',
  CuDNNLSTM: 'layer',
  GRU: 'layer',
  CuDNNGRU: 'layer',
  SimpleRNN: 'layer',
  Dense: 'dense',
  TimeDistributedDense: 'dense',
  BatchNormalization: 'affine',
  BatchNormalizationV1: 'affine',
  BatchNormalizationV2: 'affine',
  Rescaling: 'affine',
  Normalization: 'affine',
  Activation: 'activation',
  ReLU: 'activation',
  Softmax: 'activation',
  Flatten: 'reshape',
  Reshape: 'reshape',
};

/** The layer that `TimeDistributed` applies to each frame, with its place; the layer itself where it is no such thing. */
export function unwrapped(layer: KerasLayer): KerasLayer {
  if (layer.className !== 'TimeDistributed') return layer;
  const inner = fieldOf(layer.config, 'layer');
  const [className, config] = [fieldOf(inner, 'class_name'), fieldOf(inner, 'config')];
  if (typeof className !== 'string' || !isObject(config)) return layer;
  return { ...layer, className, config };
}

export function kindOf(layer: KerasLayer): Kind {
  const { className, config } = unwrapped(layer);
  if (layer.className === 'TimeDistributed' && className !== 'Dense') {
    const kind = kindOfClass(className);
    return ['same', 'affine', 'activation'].includes(kind) ? kind : 'other';
  }
  if (className === 'RNN') return cellsOf(config.cell) === null ? 'recurrent' : 'layer';
  if (className === 'Bidirectional') {
    const known = [config.layer, config.backward_layer].every(
      (json) => (json ?? null) === null || isLayer(json),
    );
    return known && isLayer(config.layer) ? 'layer' : 'recurrent';
  }
  return kindOfClass(className);
}

/** Whether a layer within another one is a recurrent layer of one direction that there is hardware for. */
function isLayer(json: Json | undefined): boolean {
  const [className, config] = [fieldOf(json, 'class_name'), fieldOf(json, 'config')];
  if (className === 'RNN') return cellsOf(fieldOf(config, 'cell')) !== null;
  return typeof className === 'string' && kindOfClass(className) === 'layer';
}

function kindOfClass(className: string): Kind {
  const known = Object.hasOwn(KINDS, className) ? KINDS[className] : undefined;
  if (known !== undefined) return known;
  if (SAME.has(className)) return 'same';
  return /LSTM|GRU|RNN|Recurrent|Bidirectional/.test(className) ? 'recurrent' : 'other';
}

const CELLS = ['LSTMCell', 'GRUCell', 'SimpleRNNCell'];

/** The cells of an `RNN` from the lowest, where all are of Keras itself; else null. */
export function cellsOf(cell: Json | undefined): readonly Json[] | null {
  const className = fieldOf(cell, 'class_name');
  if (className === 'StackedRNNCells') {
    const cells = fieldOf(fieldOf(cell, 'config'), 'cells');
    const lists = isList(cells) ? cells.map(cellsOf) : [null];
    return lists.includes(null) ? null : lists.flatMap((list) => list ?? []);
  }
  const custom = fieldOf(cell, 'registered_name') ?? className;
  const known = CELLS.some((one) => one === className) && custom === className;
  return known && cell !== undefined ? [cell] : null;
}

/** A recurrent layer in the words of the field, e.g. `bidirectional GRU`. */
export function recurrentText({ className, config }: KerasLayer): string {
  const cellName = (json: Json | undefined) => fieldOf(json, 'class_name');
  if (className === 'Bidirectional') {
    const inner = cellName(config.layer);
    return `bidirectional ${typeof inner === 'string' ? inner.replace('CuDNN', '') : 'layer'}`;
  }
  if (className === 'RNN') return `RNN of ${jsonText(cellName(config.cell))}`;
  return className;
}
