import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer } from '../../float/model.js';
import { RESET_BEFORE, type ResetPlace } from '../reset.js';
import { fieldOf, isObject, type Json, jsonText } from './json.js';
import { cellsOf } from './kinds.js';
import type { KerasLayer } from './layer.js';
import {
  cudnnLayer,
  fusedLayer,
  type RawLayer,
  separateCount,
  separateLayer,
} from './layer-weights.js';
import { Options } from './options.js';
import type { Weights } from './weights.js';

/** A recurrent layer of a Keras network. */
export interface RecurrentLayer {
  readonly layer: KerasLayer;
  /** Layers of the hardware, lowest first: several where it has a stack of cells. */
  readonly layers: readonly FloatLayer[];
  /** It gives h of every frame, not that of the last one alone. */
  readonly everyFrame: boolean;
  readonly timeMajor: boolean;
  readonly notes: readonly string[];
}

const TRAIN = 'there is no hardware for others yet: train the network with';

/**
 * Reads `LSTM`, `GRU` or `SimpleRNN`, `CuDNNLSTM` or `CuDNNGRU`, or `RNN` of cells of these kinds
 * (keras/src/layers/rnn/), with weights as `fusedLayer` and its neighbours have them.
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, KERAS_OPTION, KERAS_CONFIG, KERAS_WEIGHTS or as
 * the reader of weights.
 */
export function readRecurrentLayer(
  layer: KerasLayer,
  weights: Weights,
  file: string,
): RecurrentLayer {
  const options = new Options(layer, file);
  const everyFrame = options.flag(false, 'return_sequences');
  const timeMajor = options.flag(false, 'time_major');
  const stateful = options.flag(false, 'stateful');
  if (options.flag(false, 'go_backwards')) {
    const expected = `false (${TRAIN} frames in their order)`;
    throw options.fail('LSTM_UNSUPPORTED', 'go_backwards', expected, 'true: the frames backwards');
  }
  const ignored = ['return_state', 'unroll', 'implementation', 'consume_less', 'use_cudnn'];
  options.ignore(...ignored, 'zero_output_for_mask', 'stateful');
  const layers =
    layer.className === 'RNN'
      ? ofCells(layer, options, weights, file)
      : [ofLayer(layer, options, weights)];
  options.finish();
  return { layer, layers, everyFrame, timeMajor, notes: stateful ? [statefulNote(layer)] : [] };
}

const statefulNote = ({ name }: KerasLayer) =>
  `${name} is stateful: its states last from batch to batch until they are reset; in hardware they are zero at the start of an utterance`;

function ofLayer(layer: KerasLayer, options: Options, weights: Weights): FloatLayer {
  const units = unitsOf(options);
  const cudnn = layer.className.startsWith('CuDNN');
  const kind = cudnn
    ? { cell: CUDNN[layer.className as keyof typeof CUDNN] }
    : cellIn(layer, options);
  const biased = cudnn || options.flag(true, 'use_bias');
  const found = weights.of(layer, 'cell', '');
  return floatLayer({ name: layer.name, ...kind, units, biased, found }, cudnn, weights);
}

/** Layers of cuDNN have its functions, and the reset gate behind the product. */
const CUDNN = { CuDNNLSTM: 'lstm', CuDNNGRU: 'gru' } as const;

function ofCells(
  layer: KerasLayer,
  options: Options,
  weights: Weights,
  file: string,
): readonly FloatLayer[] {
  const cells = cellsOf(options.get('cell')) ?? [];
  const stacked = fieldOf(layer.config.cell, 'class_name') === 'StackedRNNCells';
  // the cells of a stack have their weights in a row, or in groups of their own
  const rows = weights.of(layer, ...(stacked ? [] : ['cell']));
  let next = 0;
  const groups = groupsOf(cells);
  return cells.map((json: Json, i): FloatLayer => {
    const config = fieldOf(json, 'config');
    const name = stacked ? `${layer.name}.cells.${i}` : `${layer.name}.cell`;
    const className = String(fieldOf(json, 'class_name'));
    const own: KerasLayer = { ...layer, className, name, config: isObject(config) ? config : {} };
    const inner = new Options(own, file);
    const units = unitsOf(inner);
    const kind = cellIn(own, inner);
    const biased = inner.flag(true, 'use_bias');
    inner.ignore('implementation');
    inner.finish();
    const count = biased ? 3 : 2;
    const inRow = rows.slice(next, next + count);
    next += count;
    const found = rows.length > 0 ? inRow : weights.of(layer, groups[i] as string);
    return floatLayer({ name, ...kind, units, biased, found }, false, weights);
  });
}

function unitsOf(options: Options): number {
  const units = options.number(undefined, 'units', 'output_dim');
  if (Number.isInteger(units) && units >= 1) return units;
  throw options.fail('KERAS_CONFIG', 'units', 'a number of cells', `${units}`);
}

const GROUPS: Readonly<Record<string, string>> = {
  LSTMCell: 'lstm_cell',
  GRUCell: 'gru_cell',
  SimpleRNNCell: 'simple_rnn_cell',
};

/** Groups of the cells of a stack in model.weights.h5: those of one class are numbered, the first has no number. */
function groupsOf(cells: readonly Json[]): readonly string[] {
  const counts = new Map<string, number>();
  return cells.map((cell) => {
    const name = GROUPS[String(fieldOf(cell, 'class_name'))] as string;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `cell/cells/${name}${count === 0 ? '' : `_${count}`}`;
  });
}

/** A cell, and where the reset gate of a GRU stands. */
type Kind = { readonly cell: RecurrentCell } & ResetPlace;

/** The cell of a layer, or of one of an `RNN`. @throws UserError LSTM_UNSUPPORTED */
function cellIn({ className }: KerasLayer, options: Options): Kind {
  if (className.startsWith('SimpleRNN')) {
    const tanh = functionOf(options, ['activation'], ['tanh', 'relu']) === 'tanh';
    return { cell: tanh ? 'rnn-tanh' : 'rnn-relu' };
  }
  functionOf(options, ['activation'], ['tanh']);
  functionOf(options, ['recurrent_activation', 'inner_activation'], ['sigmoid']);
  if (className.startsWith('LSTM')) return { cell: 'lstm' };
  // versions that do not have the option have no other form than the first one
  return { cell: 'gru', ...(options.flag(false, 'reset_after') ? {} : RESET_BEFORE) };
}

/** The functions are named by every version of Keras, and their defaults differ: none is guessed. */
function functionOf(options: Options, names: readonly string[], known: readonly string[]): string {
  const got = options.activation(...names);
  if (typeof got === 'string' && known.includes(got)) return got;
  const text = got === 'hard_sigmoid' ? 'hard sigmoid' : jsonText(got ?? 'linear');
  const shown = got === undefined ? 'nothing: the file does not say' : text;
  const expected = `${known.join(' or ')} (${TRAIN} it)`;
  throw options.fail('LSTM_UNSUPPORTED', names[0] as string, expected, shown);
}

function floatLayer(raw: RawLayer, cudnn: boolean, weights: Weights): FloatLayer {
  const { name, cell, biased, found } = raw;
  const count = biased ? 3 : 2;
  const before = cell !== 'gru' || raw.reset === 'before';
  const separate = biased && before && found.length === separateCount(cell);
  if (found.length !== count && !separate) {
    const names = found.map(({ path }) => path).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', name, `${count} datasets with weights`, names);
  }
  if (separate) return separateLayer(raw, weights);
  return cudnn ? cudnnLayer(raw, weights) : fusedLayer(raw, weights);
}
