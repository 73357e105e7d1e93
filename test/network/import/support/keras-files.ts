import type { Hdf5File } from '../../../../generator/network/formats/hdf5/hdf5.js';
import type { KerasSource } from '../../../../generator/network/import/keras/source.js';
import type { CellLayer } from './cell-reference.js';
import type { Gate, GateLayer, Linear } from './lstm-reference.js';

/** Numbers of one dataset. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
/** A layer in a configuration. */
export interface LayerJson {
  readonly class_name: string;
  readonly config: { readonly name: string; readonly [option: string]: unknown };
  readonly [field: string]: unknown;
}
/** A layer with its weights by name, in their order. */
export interface Layer {
  readonly json: LayerJson;
  readonly weights: Readonly<Record<string, Numbers>>;
  /** Where they are in model.weights.h5. */
  readonly path: string;
}

const KERAS_GATES = ['i', 'f', 'g', 'o'] as const;

/** [inputs, gates x cells] of matrices [cell][input]. */
function columns(matrices: readonly (readonly (readonly number[])[])[]): Numbers {
  const rows = matrices[0]?.[0]?.length as number;
  const all = matrices.flat();
  const data = Array.from({ length: rows }, (_, i) => all.map((row) => row[i] as number)).flat();
  return { shape: [rows, all.length], data };
}

const vector = (data: readonly number[]): Numbers => ({ shape: [data.length], data });
const biasOf = ({ Wb, Rb }: Gate) => Wb.map((one, i) => one + (Rb[i] as number));

/** kernel, recurrent_kernel and bias, gates i, f, c, o. */
export function lstmWeights({ gates }: GateLayer): Readonly<Record<string, Numbers>> {
  const own = KERAS_GATES.map((gate) => gates[gate]);
  return {
    kernel: columns(own.map(({ W }) => W)),
    recurrent_kernel: columns(own.map(({ R }) => R)),
    bias: vector(own.flatMap(biasOf)),
  };
}

/** Places of the gates of Keras, z r h, among r, z, n. */
const places = ({ cell }: CellLayer) => (cell === 'gru' ? [1, 0, 2] : [0]);

/** kernel, recurrent_kernel and bias; of a GRU with the reset behind the product both biases, those of x and of h. */
export function cellWeights(layer: CellLayer): Readonly<Record<string, Numbers>> {
  const own = places(layer).map((at) => layer.gates[at] as Gate);
  const rows = own.length * layer.cells;
  const both = [...own.flatMap(({ Wb }) => Wb), ...own.flatMap(({ Rb }) => Rb)];
  return {
    kernel: columns(own.map(({ W }) => W)),
    recurrent_kernel: columns(own.map(({ R }) => R)),
    bias:
      layer.cell === 'gru' && layer.reset === undefined
        ? { shape: [2, rows], data: both }
        : vector(own.flatMap(biasOf)),
  };
}

/** Options of a GRU or SimpleRNN layer, or of its cell. */
export const cellOptions = ({ cell, cells, reset }: CellLayer) => ({
  units: cells,
  activation: cell === 'rnn-relu' ? 'relu' : 'tanh',
  use_bias: true,
  ...(cell === 'gru' && { recurrent_activation: 'sigmoid', reset_after: reset === undefined }),
});

/** A GRU or SimpleRNN layer as Keras 2 and 3 write it. */
export function cellLayer(layer: CellLayer, name: string, options = {}, path = name): Layer {
  const usual = {
    ...cellOptions(layer),
    return_sequences: true,
    return_state: false,
    dropout: 0.1,
  };
  return {
    json: layerJson(layer.cell === 'gru' ? 'GRU' : 'SimpleRNN', name, { ...usual, ...options }),
    weights: cellWeights(layer),
    path: `layers/${path}/cell`,
  };
}

const separateLstm = ({ gates: { i, f, g, o } }: GateLayer) =>
  [
    ['i', i],
    ['c', g],
    ['f', f],
    ['o', o],
  ] as const;

const separateGates = ({ gates: [r, z, n] }: CellLayer) =>
  [
    ['z', z as Gate],
    ['r', r as Gate],
    ['h', n as Gate],
  ] as const;

/** Keras 1: W, U and b of each gate, in the order i, c, f, o; of a GRU z, r, h. */
export function separateWeights(layer: GateLayer | CellLayer, name: string) {
  const own = 'cell' in layer ? separateGates(layer) : separateLstm(layer);
  return Object.fromEntries(
    own.flatMap(([letter, gate]) => [
      [`${name}_W_${letter}`, columns([gate.W])],
      [`${name}_U_${letter}`, columns([gate.R])],
      [`${name}_b_${letter}`, vector(biasOf(gate))],
    ]),
  );
}

/** cuDNN: the memory of [cells, inputs] under the shape [inputs, cells], gate beside gate, and both biases. */
export function cudnnWeights(layer: GateLayer | CellLayer) {
  const { inputs, cells } = layer;
  const own =
    'cell' in layer
      ? places(layer).map((at) => layer.gates[at] as Gate)
      : KERAS_GATES.map((gate) => layer.gates[gate]);
  const packed = (matrices: readonly (readonly (readonly number[])[])[], rows: number): Numbers => {
    const flat = matrices.map((matrix) => matrix.flat());
    const data = Array.from({ length: rows }, (_, i) =>
      flat.flatMap((one) => one.slice(i * cells, (i + 1) * cells)),
    ).flat();
    return { shape: [rows, own.length * cells], data };
  };
  return {
    kernel: packed(
      own.map(({ W }) => W),
      inputs,
    ),
    recurrent_kernel: packed(
      own.map(({ R }) => R),
      cells,
    ),
    bias: vector([...own.flatMap(({ Wb }) => Wb), ...own.flatMap(({ Rb }) => Rb)]),
  };
}

export const layerJson = (class_name: string, name: string, options = {}): LayerJson => ({
  class_name,
  config: { name, trainable: true, dtype: 'float32', ...options },
});

/** An LSTM layer as Keras 2 and 3 write it. */
export function lstmLayer(layer: GateLayer, name: string, options = {}, path = name): Layer {
  const usual = {
    units: layer.cells,
    activation: 'tanh',
    recurrent_activation: 'sigmoid',
    use_bias: true,
    kernel_initializer: { class_name: 'GlorotUniform', config: {} },
    unit_forget_bias: true,
    dropout: 0.1,
    return_sequences: true,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
  };
  return {
    json: layerJson('LSTM', name, { ...usual, ...options }),
    weights: lstmWeights(layer),
    path: `layers/${path}/cell`,
  };
}

export function denseLayer({ W, b }: Linear, name: string, options = {}): Layer {
  return {
    json: layerJson('Dense', name, {
      units: b.length,
      activation: 'linear',
      use_bias: true,
      ...options,
    }),
    weights: { kernel: columns([W]), bias: vector(b) },
    path: `layers/${name}`,
  };
}

/** A layer without weights. */
export const plain = (class_name: string, name: string, options = {}): Layer => ({
  json: layerJson(class_name, name, options),
  weights: {},
  path: `layers/${name}`,
});

export const inputLayer = (...shape: readonly (number | null)[]): Layer =>
  plain('InputLayer', 'input_1', { batch_input_shape: [null, ...shape], sparse: false });

export const sequential = (layers: readonly Layer[]) => ({
  class_name: 'Sequential',
  config: { name: 'sequential', layers: layers.map(({ json }) => json) },
});

/** A functional network: the inputs of each layer by name, the one before where nothing is said. */
export function functional(
  layers: readonly Layer[],
  inputs: Readonly<Record<string, readonly (readonly [string, number, number])[]>> = {},
  outputs: readonly string[] = [layers.at(-1)?.json.config.name as string],
) {
  return {
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: layers.map(({ json }, i) => {
        const { name } = json.config;
        const before = layers[i - 1]?.json.config.name;
        const own = inputs[name] ?? (before === undefined ? [] : [[before, 0, 0]]);
        const nodes = own.length === 0 ? [] : [own.map((edge) => [...edge, {}])];
        return { ...json, name, inbound_nodes: nodes };
      }),
      input_layers: layers.slice(0, 1).map(({ json }) => [json.config.name, 0, 0]),
      output_layers: outputs.map((name) => [name, 0, 0]),
    },
  };
}

/** What is in an HDF5 file, for tests that write one and for those that need none. */
export interface Contents {
  readonly groups: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly datasets: Readonly<Record<string, Numbers>>;
}

/** As Keras 2 writes a network, or its weights alone. */
export function h5Contents(
  layers: readonly Layer[],
  config: unknown,
  { version = '2.10.0', suffix = ':0' } = {},
): Contents {
  const root = config === null ? '' : 'model_weights';
  const at = (path: string) => (root === '' ? path : `${root}/${path}`);
  const names = layers.map(({ json }) => json.config.name);
  const listed = { layer_names: names, backend: 'tensorflow', keras_version: version };
  const groups: Record<string, Record<string, string | string[]>> = {
    '': {
      keras_version: version,
      ...(config === null ? {} : { model_config: JSON.stringify(config) }),
    },
  };
  groups[root] = { ...groups[root], ...listed };
  const datasets: Record<string, Numbers> = {};
  for (const { json, weights } of layers) {
    const { name } = json.config;
    const own = Object.keys(weights).map((weight) => `${name}/${weight}${suffix}`);
    groups[at(name)] = { weight_names: own };
    for (const [weight, numbers] of Object.entries(weights)) {
      datasets[at(`${name}/${name}/${weight}${suffix}`)] = numbers;
    }
  }
  return { groups, datasets };
}

/** As Keras 3 lays weights out. */
export function weightsContents(layers: readonly Layer[]): Contents {
  const groups: Record<string, Record<string, string>> = { '': {}, layers: {} };
  const datasets: Record<string, Numbers> = {};
  for (const { path, weights } of layers) {
    const parts = `${path}/vars`.split('/');
    for (let n = 1; n <= parts.length; n++) groups[parts.slice(0, n).join('/')] ??= {};
    Object.values(weights).forEach((numbers, i) => {
      datasets[`${path}/vars/${i}`] = numbers;
    });
  }
  return { groups, datasets };
}

/** What the reader of HDF5 makes of such a file. */
export function asRead({ groups, datasets }: Contents): Hdf5File {
  return {
    groups: new Map(Object.entries(groups)),
    datasets: new Map(
      Object.entries(datasets).map(([path, { shape, data }]) => {
        const what = `float32 [${shape.join(', ')}]`;
        return [path, { path, shape, what, read: () => Float64Array.from(data) }];
      }),
    ),
  };
}

/** A network of Keras 2, unpacked. */
export function h5Source(
  layers: readonly Layer[],
  config: unknown = sequential(layers),
  options = {},
): KerasSource {
  const weights = asRead(h5Contents(layers, config, options));
  const root = config === null ? '' : 'model_weights';
  const version = { version: '2.10.0', ...options }.version;
  return { config: config as KerasSource['config'], weights, root, version };
}

/** A network of Keras 3, unpacked. */
export const kerasSource = (
  layers: readonly Layer[],
  config: unknown = sequential(layers),
): KerasSource => ({
  config: config as KerasSource['config'],
  weights: asRead(weightsContents(layers)),
  root: null,
  version: '3.3.3',
});
