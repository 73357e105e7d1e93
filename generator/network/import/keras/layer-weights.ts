import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer, FloatTensor } from '../../float/model.js';
import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import { channelBiases, inOurOrder, KERAS_ORDER } from '../gates.js';
import { isGru } from '../reset.js';
import type { Weights } from './weights.js';

/** A layer whose weights are known, and not read yet. */
export interface RawLayer {
  readonly name: string;
  readonly cell: RecurrentCell;
  readonly reset?: FloatLayer['reset'];
  readonly units: number;
  readonly biased: boolean;
  readonly found: readonly Hdf5Dataset[];
}

const NAMES = [
  ['kernel', 'W'],
  ['recurrent_kernel', 'U'],
  ['bias', 'b'],
];
/** Keras 1 has a matrix for each gate, in its order and in ours. */
const SEPARATE: Readonly<Partial<Record<RecurrentCell, { theirs: string; ours: string }>>> = {
  lstm: { theirs: 'icfo', ours: 'ifco' },
  gru: { theirs: 'zrh', ours: 'rzh' },
  'gru-relu': { theirs: 'zrh', ours: 'rzh' },
};

/** Datasets of a layer with a matrix for each gate; null where there is no such layer. */
export const separateCount = (cell: RecurrentCell): number | null =>
  3 * (SEPARATE[cell]?.theirs.length ?? 0) || null;

/**
 * kernel [inputs, gates x cells], recurrent_kernel [cells, gates x cells], bias [gates x cells]; of a GRU whose reset stands
 * behind the product [2, gates x cells]: the biases beside x and beside h.
 */
export function fusedLayer(raw: RawLayer, weights: Weights): FloatLayer {
  const { name, cell, reset, biased, found } = raw;
  const own = inOrder(found, NAMES, weights)[2];
  return layerOf(raw, weights, transposed, (rows) => {
    const both = new Float64Array(2 * rows);
    if (!biased || own === undefined) return { name: `bias of ${name}`, values: both };
    const bias = weights.read(own, isGru(cell) && reset !== 'before' ? [2, rows] : [rows]);
    both.set(bias.values);
    return { ...bias, values: both };
  });
}

/**
 * The layout of cuDNN: matrices of the gates [cells, inputs] in the memory of Keras' [inputs, cells], each gate in columns
 * of its own, and two biases behind each other (`_convert_rnn_weights` in keras/src/legacy/saving/legacy_h5_format.py).
 */
export function cudnnLayer(raw: RawLayer, weights: Weights): FloatLayer {
  const [, , own] = inOrder(raw.found, NAMES, weights);
  return layerOf(raw, weights, gateColumns, (rows) => weights.read(own as Hdf5Dataset, [2 * rows]));
}

/** The layer from its matrices, of which `rowsOf` makes rows of the gates, and the biases beside x, then those beside h. */
function layerOf(
  { cell, reset, units, found }: RawLayer,
  weights: Weights,
  rowsOf: (values: Float64Array, rows: number, columns: number, cells: number) => Float64Array,
  biases: (rows: number) => FloatTensor,
): FloatLayer {
  const [kernel, recurrent] = inOrder(found, NAMES, weights) as [Hdf5Dataset, Hdf5Dataset];
  const order = KERAS_ORDER[cell];
  const rows = order.length * units;
  const inputs = sizes(kernel, units, rows, weights);
  const x = weights.read(kernel, [inputs, rows]);
  const h = weights.read(recurrent, [units, rows]);
  const both = biases(rows);
  const [ofX, ofH] = [0, rows].map((from) =>
    inOurOrder(both.values.subarray(from, from + rows), order, units),
  ) as [Float64Array, Float64Array];
  return {
    cell,
    ...(reset && { reset }),
    inputs,
    cells: units,
    x: { ...x, values: inOurOrder(rowsOf(x.values, inputs, rows, units), order, units * inputs) },
    h: { ...h, values: inOurOrder(rowsOf(h.values, units, rows, units), order, units * units) },
    bias: { name: both.name, values: channelBiases(cell, ofX, ofH, reset) },
  };
}

/** LSTM or GRU of Keras 1: W [inputs, cells], U [cells, cells] and b [cells] for each gate. */
export function separateLayer(
  { name, cell, reset, units, found }: RawLayer,
  weights: Weights,
): FloatLayer {
  const { theirs = '', ours = '' } = SEPARATE[cell] ?? {};
  const names = [...theirs].flatMap((gate) => [[`W_${gate}`], [`U_${gate}`], [`b_${gate}`]]);
  const ordered = inOrder(found, names, weights);
  const inputs = weights.matrix(ordered[0] as Hdf5Dataset)[0];
  checkSize(inputs, units, theirs.length * units, name, weights);
  const all = (at: number, columns: number) => {
    const values = new Float64Array(theirs.length * units * columns);
    [...ours].forEach((gate, n) => {
      const dataset = ordered[3 * theirs.indexOf(gate) + at] as Hdf5Dataset;
      const own = weights.read(dataset, at === 2 ? [units] : [columns, units]).values;
      values.set(at === 2 ? own : transposed(own, columns, units), n * units * columns);
    });
    return { name: `${name}.${['W', 'U', 'b'][at]}`, values };
  };
  return {
    cell,
    ...(reset && { reset }),
    inputs,
    cells: units,
    x: all(0, inputs),
    h: all(1, units),
    bias: all(2, 1),
  };
}

/**
 * The datasets, whose order says what they are; where their names say it too, both have to agree.
 * @throws UserError KERAS_WEIGHTS
 */
export function inOrder(
  found: readonly Hdf5Dataset[],
  names: readonly (readonly string[])[],
  weights: Weights,
): readonly Hdf5Dataset[] {
  found.forEach(({ path }, i) => {
    const said = names.findIndex((own) => own.some((one) => isCalled(path, one)));
    if (said < 0 || said === i) return;
    const expected = names[i]?.[0] ?? 'nothing';
    throw weights.fail('KERAS_WEIGHTS', path, `${expected} in this place`, 'another name');
  });
  return found;
}

/** Whether the last part of a path is a name, with the numbers that TensorFlow adds: `lstm_1/kernel_2:0`, `lstm_1_W_i:0`. */
function isCalled(path: string, name: string): boolean {
  const last = (path.split('/').at(-1) as string).replace(/:\d+$/, '').replace(/_\d+$/, '');
  if (last === name) return true;
  // only short names of Keras 1 stand behind the name of the layer
  return name.length <= 3 && last.endsWith(`_${name}`);
}

/** Inputs of a layer. */
function sizes(kernel: Hdf5Dataset, units: number, rows: number, weights: Weights): number {
  const [inputs] = weights.matrix(kernel);
  checkSize(inputs, units, rows, kernel.path, weights);
  return inputs;
}

function checkSize(
  inputs: number,
  units: number,
  rows: number,
  field: string,
  weights: Weights,
): void {
  if (units <= MAX_SIZE && rows * Math.max(units, inputs) <= MAX_CODES) return;
  const got = `${units} cells and ${inputs} inputs`;
  throw weights.fail('TENSOR_SHAPE', field, 'a layer of sensible size', got);
}

/** [rows, columns] as [columns, rows]. */
export function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}

/** Of [rows, columns] the columns of each gate as they lie in memory, one gate behind the other. */
function gateColumns(
  values: Float64Array,
  rows: number,
  columns: number,
  cells: number,
): Float64Array {
  const gate = rows * cells;
  return values.map((_, i) => {
    const [own, within] = [Math.floor(i / gate), i % gate];
    return values[Math.floor(within / cells) * columns + own * cells + (within % cells)] as number;
  });
}
