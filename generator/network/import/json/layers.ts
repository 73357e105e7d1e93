import type { FloatLayer, FloatOutput, FloatTensor } from '../../float/model.js';
import { isList, isObject, type Json, type JsonObject } from '../../formats/json.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import { clamp, denseLayer, type Effect, type Product } from '../dense.js';
import { channelBiases, inOurOrder, KERAS_ORDER } from '../gates.js';
import type { LeftOut } from '../imported.js';
import { badMap } from '../map.js';
import { RESET_BEFORE, resetNote } from '../reset.js';
import { arrayOf, isArray, type JsonArray, transposed } from './arrays.js';
import { Fields, shown } from './fields.js';
import type { JsonForm, JsonSource } from './form.js';

/**
 * RTNeural (https://github.com/jatinchowdhury18/RTNeural, python/model_utils.py) and AIDA-X: layers in a row with
 * weights as Keras has them, kernel [inputs, gates x cells], recurrent kernel [cells, gates x cells] and bias: of an LSTM
 * [4 cells], gates i, f, c, o; of a GRU, gates z, r, h, [2, 3 cells], or [3 cells] where its reset stands before the product. Their
 * activations are sigmoid and tanh, whatever `activation` says; others are refused.
 */
export const layersForm: JsonForm = {
  recognise: (value) =>
    isObject(value) && isList(value.layers) && 'in_shape' in value && value.layers.every(isLayer),
  read: (source, map) => {
    const odd = [...map].find(([key, name]) => !['fc', 'skip'].includes(key) || name !== 'none');
    if (odd !== undefined) {
      throw badMap('fc=none or skip=none: the layers are in the file', odd.join('='), source.file);
    }
    const { layers: all, output, taken, final, around } = network(source);
    const recurrent = all.findLastIndex(({ h }) => h !== null);
    const none = map.get('fc') === 'none';
    if (none && recurrent < 0) throw badMap('a recurrent layer, with fc=none', 'none', source.file);
    const layers = none ? all.slice(0, recurrent + 1) : all;
    const behind = [
      ...all.slice(recurrent + 1).map(({ x }) => x),
      ...(output ? [output.weights] : []),
    ];
    const skip = around.skip > 0;
    if (map.has('skip') && !skip) throw badMap('a skip connection with skip=', 'none', source.file);
    if (skip && !none && !map.has('skip')) {
      const expected =
        '0: there is no hardware for a skip connection yet; --map skip=none where it is added outside';
      const got = 'a skip connection: the input is added to the output';
      throw new Fields({}, source.file).fail('SKIP_CONNECTION', 'in_skip', expected, got);
    }
    const head: readonly LeftOut[] = none
      ? behind.map(({ name }) => ({ name: layerNameOf(name), kind: 'node', what: 'dense' }))
      : [];
    return {
      format: 'json',
      model: { layers, output: none ? null : output },
      taken: taken.filter((name) => !head.some((one) => one.name === name)),
      leftOut: [
        ...head,
        ...(final === null ? [] : [{ ...final, kind: 'node' as const }]),
        ...(skip
          ? [{ name: 'in_skip', kind: 'node' as const, what: 'skip connection, adds the input' }]
          : []),
      ],
      headLeftOut: none ? behind.length > 0 : skip,
      notes: [
        none || behind.length === 0
          ? 'the outputs are h of the last layer'
          : `the output layer is ${layerNameOf((behind.at(-1) as FloatTensor).name)}, the last of the file`,
        ...(final === null || none
          ? []
          : [`${final.name} ${final.what} is left out: outputs are the sums before it`]),
        ...(skip && !none
          ? ['the skip connection is outside of the hardware: add the input to the outputs']
          : []),
        ...all
          .filter(({ reset }) => reset === 'before')
          .map(({ x }) => resetNote(layerNameOf(x.name))),
        ...around.notes,
      ],
    };
  },
  contents: ({ value, file }) => {
    const { layers } = value as { readonly layers: readonly JsonObject[] };
    return layers.map((layer, n) => {
      const fields = new Fields(layer, file, `layers.${n}.`);
      const act = layer.activation;
      const behind = typeof act === 'string' && act !== '' ? `, ${act}` : '';
      const width = isList(layer.shape) ? layer.shape.at(-1) : undefined;
      const values = typeof width === 'number' ? `, ${width} values` : '';
      return {
        name: `layers.${n}`,
        what: `${shown(fields.get('type')).replaceAll('"', '')}${values}${behind}`,
      };
    });
  },
};

const isLayer = (value: Json): boolean => isObject(value) && typeof value.type === 'string';

const TOP = [
  ...['in_shape', 'layers', 'in_skip', 'in_gain', 'out_gain', 'metadata', 'samplerate'],
  ...['input_batch', 'output_batch'],
];
const DENSE = ['dense', 'time-distributed-dense'];
const FINAL = ['sigmoid', 'softmax'];
/** What RTNeural calls functions behind a dense layer (RTNeural/activation/activation.h). */
const EFFECTS: ReadonlyMap<Json, Effect> = new Map<Json, Effect>([
  ['', { is: 'nothing' }],
  ['linear', { is: 'nothing' }],
  ['relu', clamp(0, Number.POSITIVE_INFINITY)],
  ['tanh', { is: 'tanh' }],
  ['sigmoid', { is: 'sigmoid' }],
]);

/** `layers.2.kernel` to `layers.2`. */
const layerNameOf = (tensor: string): string => tensor.replace(/\.[^.]*$/, '');

/** What stands around the layers. */
interface Around {
  readonly skip: number;
  readonly notes: readonly string[];
}

function network({ value, file }: JsonSource) {
  const object = value as JsonObject;
  const fields = new Fields(object, file);
  fields.only(TOP, 'fields of RTNeural or AIDA-X');
  const inputs = width(fields, 'in_shape');
  const list = object.layers as readonly JsonObject[];
  const layers: FloatLayer[] = [];
  const taken: string[] = [];
  let output: FloatOutput | null = null;
  let final: { name: string; what: string } | null = null;
  let columns = inputs;
  for (const [n, layer] of list.entries()) {
    const own = new Fields(layer, file, `layers.${n}.`);
    const refuse = (field: string, expected: string) =>
      own.fail('LSTM_UNSUPPORTED', field, expected, shown(own.get(field)).replaceAll('"', ''));
    const type = own.get('type') as string;
    const activation = own.get('activation') ?? '';
    if (isRecurrent(type)) {
      if (!['', 'tanh'].includes(activation as string)) {
        throw refuse('activation', `tanh; there is no hardware for another function in ${type}`);
      }
      layers.push(layerOf(own, type, n, columns));
    } else if (DENSE.includes(type)) {
      const product = denseOf(own, n, columns);
      const last = n === list.length - 1;
      const left = last && FINAL.includes(activation as string);
      if (left) final = { name: `layers.${n}.activation`, what: activation as string };
      const effect: Effect | undefined = left ? { is: 'nothing' } : EFFECTS.get(activation);
      if (effect === undefined) {
        const expected =
          'relu, tanh, sigmoid or none, or a last softmax; there is no hardware for more';
        throw refuse('activation', expected);
      }
      // the last sums stay as they are where there is another layer to be one
      if (last && effect.is === 'nothing' && layers.length > 0) output = product;
      else layers.push(denseLayer(product, effect));
    } else {
      throw refuse('type', 'lstm, gru or dense; there is no hardware for others yet');
    }
    own.only(['type', 'activation', 'shape', 'weights'], `fields of ${type}`);
    columns = width(own, 'shape');
    taken.push(`layers.${n}`);
  }
  if (layers.length === 0) throw fields.fail('NOT_AN_LSTM', 'layers', 'lstm, gru or dense', 'none');
  return { layers, output, taken, final, around: aroundOf(fields) };
}

/** The last size of a shape. */
function width(fields: Fields, name: string): number {
  const shape = fields.get(name);
  const last = isList(shape) ? shape.at(-1) : undefined;
  if (typeof last === 'number' && Number.isInteger(last) && last >= 1 && last <= MAX_SIZE)
    return last;
  throw fields.fail('JSON_FIELD', name, 'sizes, the last one a number of values', shown(shape));
}

function aroundOf(fields: Fields): Around {
  const number = (name: string): number => {
    const value = fields.get(name) ?? 0;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw fields.fail('JSON_FIELD', name, 'a number', shown(value));
  };
  const skip = number('in_skip');
  if (skip !== 0 && skip !== 1) throw fields.fail('JSON_FIELD', 'in_skip', '0 or 1', `${skip}`);
  const rate = number('samplerate');
  const [gainIn, gainOut] = [number('in_gain'), number('out_gain')];
  const factor = (gain: number) => Number((10 ** (gain / 20)).toPrecision(6));
  return {
    skip,
    notes: [
      ...(rate === 0 ? [] : [`a frame is one sample of audio at ${rate} Hz`]),
      ...(gainIn === 0
        ? []
        : [
            `in_gain ${gainIn} dB is outside of the hardware: frames are samples times ${factor(gainIn)}`,
          ]),
      ...(gainOut === 0
        ? []
        : [
            `out_gain ${gainOut} dB is outside of the hardware: multiply by ${factor(gainOut)} at the end`,
          ]),
    ],
  };
}

const RECURRENT = ['lstm', 'gru'] as const;
type Recurrent = (typeof RECURRENT)[number];
const isRecurrent = (type: string): type is Recurrent => RECURRENT.some((one) => one === type);

/** @throws UserError as `weightsOf` */
function layerOf(fields: Fields, cell: Recurrent, n: number, inputs: number): FloatLayer {
  const cells = width(fields, 'shape');
  const order = KERAS_ORDER[cell];
  const rows = order.length * cells;
  const last = (fields.get('weights') as readonly Json[] | undefined)?.[2];
  const before = cell === 'gru' && isList(last) && last.length === rows;
  const two = cell === 'gru' && !before;
  const place = before ? RESET_BEFORE : {};
  const [kernel, recurrent, bias] = weightsOf(fields, [
    [inputs, rows],
    [cells, rows],
    two ? [2, rows] : [rows],
  ]) as [JsonArray, JsonArray, JsonArray];
  const ordered = (values: Float64Array, size: number) => inOurOrder(values, order, size);
  const ofX = ordered(bias.values.subarray(0, rows), cells);
  const ofH = two ? ordered(bias.values.subarray(rows), cells) : ofX.map(() => 0);
  const [x, h] = [transposed(kernel).values, transposed(recurrent).values];
  return {
    cell,
    ...place,
    inputs,
    cells,
    x: { name: `layers.${n}.kernel`, values: ordered(x, cells * inputs) },
    h: { name: `layers.${n}.recurrent_kernel`, values: ordered(h, cells * cells) },
    bias: { name: `layers.${n}.bias`, values: channelBiases(cell, ofX, ofH, place.reset) },
  };
}

function denseOf(fields: Fields, n: number, inputs: number): Product {
  const outputs = width(fields, 'shape');
  const [kernel, bias] = weightsOf(fields, [[inputs, outputs], [outputs]]) as [
    JsonArray,
    JsonArray,
  ];
  return {
    inputs,
    outputs,
    weights: tensor(`layers.${n}.kernel`, transposed(kernel)),
    bias: tensor(`layers.${n}.bias`, bias),
  };
}

const tensor = (name: string, { values }: JsonArray): FloatTensor => ({ name, values });

/** @throws UserError JSON_FIELD, TENSOR_SHAPE or TENSOR_NOT_FINITE */
function weightsOf(fields: Fields, shapes: readonly (readonly number[])[]): readonly JsonArray[] {
  const list = fields.get('weights');
  if (!isList(list) || list.length !== shapes.length) {
    throw fields.fail('JSON_FIELD', 'weights', `${shapes.length} lists of numbers`, shown(list));
  }
  return shapes.map((shape, i) => {
    const one = list[i] as Json;
    const field = `weights.${i}`;
    if (!isArray(one)) throw fields.fail('JSON_FIELD', field, 'a list of numbers', shown(one));
    const array = arrayOf(one, fields.file, `${fields.path}${field}`);
    const fail = (code: string, expected: string, got: string) =>
      fields.fail(code, field, expected, got);
    if (array.shape.join() !== shape.join() || array.values.length > MAX_CODES) {
      throw fail('TENSOR_SHAPE', `[${shape.join(', ')}]`, `[${array.shape.join(', ')}]`);
    }
    const odd = array.values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) {
      throw fail('TENSOR_NOT_FINITE', 'finite numbers', `${array.values[odd]} at element ${odd}`);
    }
    return array;
  });
}
