import type { FloatLayer } from '../../float/model.js';
import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import { fieldOf, isObject, type Json, jsonText } from './json.js';
import { cellsOf } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { cudnnLayer, fusedLayer, type RawLayer, separateLayer } from './lstm-weights.js';
import { Options } from './options.js';
import type { Weights } from './weights.js';

/** A recurrent layer of a Keras network. */
export interface LstmLayer {
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
 * Reads `LSTM`, `CuDNNLSTM` or `RNN` of `LSTMCell`: kernel [inputs, 4 cells], recurrent_kernel [cells, 4 cells] and bias
 * [4 cells], gates in the order i, f, c, o (keras/src/layers/rnn/lstm.py).
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, KERAS_OPTION, KERAS_CONFIG, KERAS_WEIGHTS or as
 * the reader of weights.
 */
export function readLstmLayer(layer: KerasLayer, weights: Weights, file: string): LstmLayer {
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
  const cudnn = layer.className === 'CuDNNLSTM';
  if (!cudnn) checkActivations(options);
  const biased = cudnn || options.flag(true, 'use_bias');
  const found = weights.of(layer, 'cell', '');
  return floatLayer(layer.name, found, { units, biased, cudnn }, weights);
}

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
  return cells.map((cell: Json, i): FloatLayer => {
    const config = fieldOf(cell, 'config');
    const name = stacked ? `${layer.name}.cells.${i}` : `${layer.name}.cell`;
    const own: KerasLayer = { ...layer, name, config: isObject(config) ? config : {} };
    const inner = new Options(own, file);
    const units = unitsOf(inner);
    checkActivations(inner);
    const biased = inner.flag(true, 'use_bias');
    inner.ignore('implementation');
    inner.finish();
    const group = `cell/cells/lstm_cell${i === 0 ? '' : `_${i}`}`;
    const count = biased ? 3 : 2;
    const inRow = rows.slice(next, next + count);
    next += count;
    const found = rows.length > 0 ? inRow : weights.of(layer, group);
    return floatLayer(name, found, { units, biased, cudnn: false }, weights);
  });
}

function unitsOf(options: Options): number {
  const units = options.number(undefined, 'units', 'output_dim');
  if (Number.isInteger(units) && units >= 1) return units;
  throw options.fail('KERAS_CONFIG', 'units', 'a number of cells', `${units}`);
}

/** The functions are named by every version of Keras, and their defaults differ: none is guessed. */
function checkActivations(options: Options): void {
  const wanted = [
    { names: ['activation'], function: 'tanh' },
    { names: ['recurrent_activation', 'inner_activation'], function: 'sigmoid' },
  ];
  for (const { names, function: own } of wanted) {
    const got = options.activation(...names);
    if (got === own) continue;
    const text = got === 'hard_sigmoid' ? 'hard sigmoid' : jsonText(got ?? 'linear');
    const shown = got === undefined ? 'nothing: the file does not say' : text;
    throw options.fail('LSTM_UNSUPPORTED', names[0] as string, `${own} (${TRAIN} it)`, shown);
  }
}

interface Form {
  readonly units: number;
  readonly biased: boolean;
  readonly cudnn: boolean;
}

function floatLayer(
  name: string,
  found: readonly Hdf5Dataset[],
  { units, biased, cudnn }: Form,
  weights: Weights,
): FloatLayer {
  const count = biased ? 3 : 2;
  const separate = found.length === 12 && biased;
  if (found.length !== count && !separate) {
    const names = found.map(({ path }) => path).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', name, `${count} datasets with weights`, names);
  }
  const raw: RawLayer = { name, units, biased, found };
  if (separate) return separateLayer(raw, weights);
  return cudnn ? cudnnLayer(raw, weights) : fusedLayer(raw, weights);
}
