import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer } from '../../float/model.js';
import { functionsText, type TableFunctions } from '../../table-functions.js';
import { isGru, RESET_BEFORE, type ResetPlace, resetNote } from '../reset.js';
import { hardSigmoidAlpha } from './function.js';
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

/** A recurrent layer of a Keras network that reads frames in one direction. */
export interface OneDirection {
  /** Layers of the hardware, lowest first: several where it has a stack of cells. */
  readonly layers: readonly OwnLayer[];
  /** It begins with the last frame, and gives its values in that order. */
  readonly backwards: boolean;
  /** It gives h of every frame, not that of the last one alone. */
  readonly everyFrame: boolean;
  readonly timeMajor: boolean;
  readonly notes: readonly string[];
}

/** One of its layers, and what its gates and states go through; absent: sigmoid and tanh. */
export interface OwnLayer {
  readonly layer: FloatLayer;
  readonly functions?: TableFunctions | undefined;
}

const TRAIN = 'there is no hardware for others yet: train the network with';

/**
 * Reads `LSTM`, `GRU` or `SimpleRNN`, `CuDNNLSTM` or `CuDNNGRU`, or `RNN` of cells of these kinds
 * (keras/src/layers/rnn/), with weights as `fusedLayer` and its neighbours have them.
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, KERAS_OPTION, KERAS_CONFIG, KERAS_WEIGHTS or as
 * the reader of weights.
 */
export function readDirection(
  layer: KerasLayer,
  { weights, version, file }: From & { readonly file: string },
): OneDirection {
  const options = new Options(layer, file);
  const everyFrame = options.flag(false, 'return_sequences');
  const timeMajor = options.flag(false, 'time_major');
  const stateful = options.flag(false, 'stateful');
  const backwards = options.flag(false, 'go_backwards');
  const ignored = ['return_state', 'unroll', 'implementation', 'consume_less', 'use_cudnn'];
  options.ignore(...ignored, 'zero_output_for_mask', 'stateful');
  const layers =
    layer.className === 'RNN'
      ? ofCells(layer, options, { weights, version, file })
      : [ofLayer(layer, options, { weights, version })];
  options.finish();
  const notes = [
    ...(stateful ? [statefulNote(layer)] : []),
    ...(layers.some((one) => one.layer.reset === 'before') ? [resetNote(layer.name)] : []),
    ...functionNotes(layer, layers, version),
  ];
  return { layers, backwards, everyFrame, timeMajor, notes };
}

const statefulNote = ({ name }: KerasLayer) =>
  `${name} is stateful: its states last from batch to batch until they are reset; in hardware they are zero at the start of an utterance`;

/** What is not usual in its functions. */
function functionNotes(
  { name }: KerasLayer,
  layers: readonly OwnLayer[],
  version: string | null,
): readonly string[] {
  const texts = layers.map(({ functions }) => functions && functionsText(functions));
  const own = new Set(texts.filter((text) => typeof text === 'string'));
  return [...own].map((text) => `${name} has ${text} in its gates, as Keras ${version} has it`);
}

/** What the layers of a file are read with; the version of Keras says what a hard sigmoid is. */
export interface From {
  readonly weights: Weights;
  readonly version: string | null;
}

function ofLayer(layer: KerasLayer, options: Options, { weights, version }: From): OwnLayer {
  const units = unitsOf(options);
  const cudnn = layer.className.startsWith('CuDNN');
  const kind: Kind = cudnn
    ? { cell: CUDNN[layer.className as keyof typeof CUDNN] }
    : cellIn(layer, options, version);
  const biased = cudnn || options.flag(true, 'use_bias');
  const found = weights.of(layer, 'cell', '');
  const { functions, ...own } = kind;
  const raw = { name: layer.name, ...own, units, biased, found };
  return { layer: floatLayer(raw, cudnn, weights), functions };
}

/** Layers of cuDNN have its functions, and the reset gate behind the product. */
const CUDNN = { CuDNNLSTM: 'lstm', CuDNNGRU: 'gru' } as const;

function ofCells(
  layer: KerasLayer,
  options: Options,
  { weights, version, file }: From & { readonly file: string },
): readonly OwnLayer[] {
  const cells = cellsOf(options.get('cell')) ?? [];
  const stacked = fieldOf(layer.config.cell, 'class_name') === 'StackedRNNCells';
  // the cells of a stack have their weights in a row, or in groups of their own
  const rows = weights.of(layer, ...(stacked ? [] : ['cell']));
  let next = 0;
  const groups = groupsOf(cells);
  return cells.map((json: Json, i): OwnLayer => {
    const config = fieldOf(json, 'config');
    const name = stacked ? `${layer.name}.cells.${i}` : `${layer.name}.cell`;
    const className = String(fieldOf(json, 'class_name'));
    const own: KerasLayer = { ...layer, className, name, config: isObject(config) ? config : {} };
    const inner = new Options(own, file);
    const units = unitsOf(inner);
    const { functions, ...kind } = cellIn(own, inner, version);
    const biased = inner.flag(true, 'use_bias');
    inner.ignore('implementation');
    inner.finish();
    const count = biased ? 3 : 2;
    const inRow = rows.slice(next, next + count);
    next += count;
    const found = rows.length > 0 ? inRow : weights.of(layer, groups[i] as string);
    const raw = { name, ...kind, units, biased, found };
    return { layer: floatLayer(raw, false, weights), functions };
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

/** A cell, where the reset gate of a GRU stands, and functions that are not usual. */
interface Kind extends ResetPlace {
  readonly cell: RecurrentCell;
  readonly functions?: TableFunctions;
}

/** The cell of a layer, or of one of an `RNN`. @throws UserError LSTM_UNSUPPORTED */
function cellIn({ className }: KerasLayer, options: Options, version: string | null): Kind {
  if (className.startsWith('SimpleRNN')) {
    const own = functionOf(options, ['activation'], ['tanh', 'relu', 'hard_tanh']);
    if (own === 'relu') return { cell: 'rnn-relu' };
    return { cell: 'rnn-tanh', ...(own === 'hard_tanh' && { functions: chosen(null, own) }) };
  }
  const lstm = className.startsWith('LSTM');
  const known = ['tanh', 'hard_tanh', ...(lstm ? [] : ['relu'])];
  const tanh = functionOf(options, ['activation'], known);
  const names = ['recurrent_activation', 'inner_activation'];
  const sigmoid = functionOf(options, names, ['sigmoid', 'hard_sigmoid']);
  const hard = sigmoid === 'hard_sigmoid';
  const alpha = hard ? hardSigmoidAlpha(options, version, names[0]) : null;
  const functions = hard || tanh === 'hard_tanh' ? { functions: chosen(alpha, tanh) } : {};
  if (lstm) return { cell: 'lstm', ...functions };
  // versions that do not have the option have no other form than the first one
  const place = options.flag(false, 'reset_after') ? {} : RESET_BEFORE;
  return { cell: tanh === 'relu' ? 'gru-relu' : 'gru', ...place, ...functions };
}

/** `alpha` of a hard sigmoid, null for a sigmoid; `tanh` as Keras calls it. */
const chosen = (alpha: number | null, tanh: string): TableFunctions => ({
  sigmoid: alpha === null ? { kind: 'sigmoid' } : { kind: 'hard-sigmoid', alpha },
  tanh: { kind: tanh === 'hard_tanh' ? 'hard-tanh' : 'tanh' },
});

/** The functions are named by every version of Keras, and their defaults differ: none is guessed. */
function functionOf(options: Options, names: readonly string[], known: readonly string[]): string {
  const got = options.activation(...names);
  if (typeof got === 'string' && known.includes(got)) return got;
  const shown = got === undefined ? 'nothing: the file does not say' : jsonText(got ?? 'linear');
  const expected = `${known.join(' or ')} (${TRAIN} it)`;
  throw options.fail('LSTM_UNSUPPORTED', names[0] as string, expected, shown);
}

function floatLayer(raw: RawLayer, cudnn: boolean, weights: Weights): FloatLayer {
  const { name, cell, biased, found } = raw;
  const count = biased ? 3 : 2;
  const before = !isGru(cell) || raw.reset === 'before';
  const separate = biased && before && found.length === separateCount(cell);
  if (found.length !== count && !separate) {
    const names = found.map(({ path }) => path).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', name, `${count} datasets with weights`, names);
  }
  if (separate) return separateLayer(raw, weights);
  return cudnn ? cudnnLayer(raw, weights) : fusedLayer(raw, weights);
}
