import { unexpected } from '../../../base/errors.js';
import type { FloatLayer, FloatOutput, FloatTensor } from '../../float/model.js';
import { isList, isObject, type Json, type JsonObject } from '../../formats/json.js';
import { MAX_CODES } from '../../limits.js';
import type { LeftOut } from '../imported.js';
import { badMap } from '../map.js';
import { Fields, shown } from './fields.js';
import type { JsonForm, JsonSource } from './form.js';

/**
 * Neural Amp Modeler, `.nam` (https://github.com/sdatkinson/NeuralAmpModelerCore, NAM/lstm.cpp): one flat list, for
 * each layer [W_ih W_hh] as rows of 4 cells, gates i, f, g, o, then the bias, the learned initial h and the learned
 * initial c; last weight and bias of the output layer. The network is wholly described by `config`.
 */
export const namForm: JsonForm = {
  recognise: (value) =>
    isObject(value) && typeof value.architecture === 'string' && 'config' in value,
  read: (source, map) => {
    const odd = [...map].find(([key, name]) => key !== 'fc' || name !== 'none');
    if (odd !== undefined) {
      throw badMap('fc=none at most: a .nam file says what it is', odd.join('='), source.file);
    }
    const headLeftOut = map.get('fc') === 'none';
    const { layers, output, notes } = network(source, headLeftOut);
    const leftOut: readonly LeftOut[] = [
      { name: 'head.weight', kind: 'tensor', what: `[${output.outputs}, ${output.inputs}]` },
      { name: 'head.bias', kind: 'tensor', what: `[${output.outputs}]` },
    ];
    return {
      format: 'json',
      model: { layers, output: headLeftOut ? null : output },
      taken: [
        ...layers.flatMap(({ x, h, bias }, l) => [
          x.name,
          ...(h === null ? [] : [h.name]),
          bias.name,
          `h0_l${l}`,
          `c0_l${l}`,
        ]),
        ...(headLeftOut ? [] : [output.weights.name, output.bias.name]),
      ],
      leftOut: headLeftOut ? leftOut : [],
      headLeftOut,
      notes,
    };
  },
  contents: ({ value, file }) => {
    const object = value as JsonObject;
    const what = `${object.architecture} of Neural Amp Modeler`;
    if (object.architecture !== 'LSTM') return [{ name: 'architecture', what }];
    const { inputs, cells, layers, outputs } = configOf(object, file);
    const stack = layers === 1 ? `${cells} cells` : `${layers} layers of ${cells} cells`;
    return [
      { name: 'config', what: `LSTM, ${inputs} inputs, ${stack}` },
      { name: 'head', what: `fully connected, ${cells} to ${outputs}` },
    ];
  },
};

interface Config {
  readonly inputs: number;
  readonly cells: number;
  readonly layers: number;
  readonly outputs: number;
}

const CONFIG = ['input_size', 'hidden_size', 'num_layers', 'in_channels', 'out_channels'];

function configOf(object: JsonObject, file: string): Config {
  if (!isObject(object.config)) {
    const got = shown(object.config);
    throw unexpected({ code: 'JSON_FIELD', file, field: 'config', expected: 'an object', got });
  }
  const fields = new Fields(object.config, file, 'config.');
  fields.only(CONFIG, 'sizes of an LSTM');
  const inputs = fields.size('input_size');
  const channels = (name: string) => (fields.get(name) === undefined ? 1 : fields.size(name));
  if (fields.get('in_channels') !== undefined && channels('in_channels') !== inputs) {
    const got = shown(fields.get('in_channels'));
    throw fields.fail('JSON_FIELD', 'in_channels', `${inputs}, as input_size`, got);
  }
  return {
    inputs,
    cells: fields.size('hidden_size'),
    layers: fields.size('num_layers'),
    outputs: channels('out_channels'),
  };
}

const TOP = ['version', 'metadata', 'architecture', 'config', 'weights', 'sample_rate'];

function network({ value, file }: JsonSource, headLeftOut: boolean) {
  const object = value as JsonObject;
  const fields = new Fields(object, file);
  if (object.architecture !== 'LSTM') {
    const expected = 'LSTM; there is no hardware for other architectures of Neural Amp Modeler';
    throw fields.fail('NOT_AN_LSTM', 'architecture', expected, String(object.architecture));
  }
  fields.only(TOP, 'fields of a .nam file');
  const config = configOf(object, file);
  const weights = new Weights(numbers(object.weights, file), config, file);
  const layers: FloatLayer[] = [];
  for (let l = 0; l < config.layers; l++) layers.push(layerOf(weights, config, l));
  const output: FloatOutput = {
    inputs: config.cells,
    outputs: config.outputs,
    weights: weights.take('head.weight', config.outputs * config.cells),
    bias: weights.take('head.bias', config.outputs),
  };
  const head = headLeftOut
    ? 'the outputs are h of the last layer: the output layer of the architecture is left out'
    : 'the output layer is head, as the architecture says';
  return { layers, output, notes: [...notesOn(object, layers), head] };
}

function layerOf(weights: Weights, { inputs, cells }: Config, l: number): FloatLayer {
  const columns = l === 0 ? inputs : cells;
  const joined = weights.take(`weight_l${l}`, 4 * cells * (columns + cells)).values;
  const [x, h] = [new Float64Array(4 * cells * columns), new Float64Array(4 * cells * cells)];
  for (let row = 0; row < 4 * cells; row++) {
    const start = row * (columns + cells);
    x.set(joined.subarray(start, start + columns), row * columns);
    h.set(joined.subarray(start + columns, start + columns + cells), row * cells);
  }
  const bias = weights.take(`bias_l${l}`, 4 * cells);
  const initial = {
    h: weights.take(`h0_l${l}`, cells),
    c: weights.take(`c0_l${l}`, cells),
  };
  const zero = [initial.h, initial.c].every(({ values }) => values.every((one) => one === 0));
  return {
    cell: 'lstm',
    inputs: columns,
    cells,
    x: { name: `weight_ih_l${l}`, values: x },
    h: { name: `weight_hh_l${l}`, values: h },
    bias,
    ...(zero ? {} : { initial }),
  };
}

/** The flat list, of which one tensor after the other is taken. */
class Weights {
  #at = 0;

  /** @throws UserError TENSOR_SHAPE when the list has not as many numbers as the sizes ask for */
  constructor(
    private readonly values: Float64Array,
    { inputs, cells, layers, outputs }: Config,
    file: string,
  ) {
    const layer = (columns: number) => 4 * cells * (columns + cells + 1) + 2 * cells;
    const needed = layer(inputs) + (layers - 1) * layer(cells) + outputs * (cells + 1);
    if (values.length === needed) return;
    const expected = `${needed} numbers for these sizes`;
    const got = String(values.length);
    throw unexpected({ code: 'TENSOR_SHAPE', file, field: 'weights', expected, got });
  }

  take(name: string, length: number): FloatTensor {
    const values = this.values.slice(this.#at, this.#at + length);
    this.#at += length;
    return { name, values };
  }
}

function numbers(list: Json | undefined, file: string): Float64Array {
  const fail = (code: string, expected: string, got: string) =>
    unexpected({ code, file, field: 'weights', expected, got });
  if (!isList(list)) throw fail('JSON_FIELD', 'a list of numbers', shown(list));
  if (list.length > MAX_CODES) throw fail('TENSOR_SHAPE', `at most ${MAX_CODES}`, shown(list));
  const odd = list.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
  if (odd >= 0) {
    const value = list[odd];
    const got = `${typeof value === 'number' ? value : shown(value)} at element ${odd}`;
    throw fail('TENSOR_NOT_FINITE', 'finite numbers', got);
  }
  return Float64Array.from(list as readonly number[]);
}

/** What the file says of the signal: a network for audio knows one rate and one level. */
function notesOn(object: JsonObject, layers: readonly FloatLayer[]): readonly string[] {
  const { sample_rate: rate, metadata } = object;
  const level = isObject(metadata) ? metadata.input_level_dbu : undefined;
  const learned = layers.some(({ initial }) => initial !== undefined);
  return [
    ...(typeof rate === 'number'
      ? [`a frame is one sample of audio at ${rate} Hz, full scale ±1`]
      : ['a frame is one sample of audio, full scale ±1; the file does not say its rate']),
    ...(typeof level === 'number'
      ? [`a sine of full scale stands for ${level} dBu at the input (input_level_dbu)`]
      : []),
    ...(learned ? ['every utterance starts from the learned h and c of the file'] : []),
  ];
}
