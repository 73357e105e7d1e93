import type { FloatLayer } from '../../float/model.js';
import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import type { Weights } from './weights.js';

/** A layer whose weights are known, and not read yet. */
export interface RawLayer {
  readonly name: string;
  readonly units: number;
  readonly biased: boolean;
  readonly found: readonly Hdf5Dataset[];
}

const NAMES = [
  ['kernel', 'W'],
  ['recurrent_kernel', 'U'],
  ['bias', 'b'],
];
/** Keras 1 has a matrix for each gate, in this order; ours is i, f, c, o. */
const SEPARATE = ['i', 'c', 'f', 'o'];

/** kernel [inputs, 4 cells], recurrent_kernel [cells, 4 cells], bias [4 cells]. */
export function fusedLayer({ name, units, biased, found }: RawLayer, weights: Weights): FloatLayer {
  const [kernel, recurrent, own] = inOrder(found, NAMES, weights);
  const inputs = sizes(kernel as Hdf5Dataset, units, weights);
  const x = weights.read(kernel as Hdf5Dataset, [inputs, 4 * units]);
  const h = weights.read(recurrent as Hdf5Dataset, [units, 4 * units]);
  return {
    cell: 'lstm',
    inputs,
    cells: units,
    x: { ...x, values: transposed(x.values, inputs, 4 * units) },
    h: { ...h, values: transposed(h.values, units, 4 * units) },
    bias: biased
      ? weights.read(own as Hdf5Dataset, [4 * units])
      : { name: `bias of ${name}`, values: new Float64Array(4 * units) },
  };
}

/**
 * The layout of cuDNN: matrices of the gates [cells, inputs] in the memory of Keras' [inputs, cells], each gate in columns
 * of its own, and two biases, which are added (`_convert_rnn_weights` in keras/src/legacy/saving/legacy_h5_format.py).
 */
export function cudnnLayer({ units, found }: RawLayer, weights: Weights): FloatLayer {
  const [kernel, recurrent, own] = inOrder(found, NAMES, weights);
  const inputs = sizes(kernel as Hdf5Dataset, units, weights);
  const x = weights.read(kernel as Hdf5Dataset, [inputs, 4 * units]);
  const h = weights.read(recurrent as Hdf5Dataset, [units, 4 * units]);
  const both = weights.read(own as Hdf5Dataset, [8 * units]);
  return {
    cell: 'lstm',
    inputs,
    cells: units,
    x: { ...x, values: gateColumns(x.values, inputs, units) },
    h: { ...h, values: gateColumns(h.values, units, units) },
    bias: {
      name: both.name,
      values: both.values
        .slice(0, 4 * units)
        .map((value, i) => value + (both.values[4 * units + i] as number)),
    },
  };
}

/** Keras 1: W [inputs, cells], U [cells, cells] and b [cells] for each gate. */
export function separateLayer({ name, units, found }: RawLayer, weights: Weights): FloatLayer {
  const names = SEPARATE.flatMap((gate) => [[`W_${gate}`], [`U_${gate}`], [`b_${gate}`]]);
  const ordered = inOrder(found, names, weights);
  const inputs = weights.matrix(ordered[0] as Hdf5Dataset)[0];
  checkSize(inputs, units, name, weights);
  const all = (at: number, columns: number) => {
    const values = new Float64Array(4 * units * columns);
    ['i', 'f', 'c', 'o'].forEach((gate, ours) => {
      const dataset = ordered[3 * SEPARATE.indexOf(gate) + at] as Hdf5Dataset;
      const own = weights.read(dataset, at === 2 ? [units] : [columns, units]).values;
      values.set(at === 2 ? own : transposed(own, columns, units), ours * units * columns);
    });
    return { name: `${name}.${['W', 'U', 'b'][at]}`, values };
  };
  return {
    cell: 'lstm',
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
function sizes(kernel: Hdf5Dataset, units: number, weights: Weights): number {
  const [inputs] = weights.matrix(kernel);
  checkSize(inputs, units, kernel.path, weights);
  return inputs;
}

function checkSize(inputs: number, units: number, field: string, weights: Weights): void {
  if (units <= MAX_SIZE && 4 * units * Math.max(units, inputs) <= MAX_CODES) return;
  const got = `${units} cells and ${inputs} inputs`;
  throw weights.fail('TENSOR_SHAPE', field, 'a layer of sensible size', got);
}

/** [rows, columns] as [columns, rows]. */
export function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number);
}

/** Of [rows, 4 cells] the columns of each gate, one gate behind the other. */
function gateColumns(values: Float64Array, rows: number, cells: number): Float64Array {
  const gate = rows * cells;
  return values.map((_, i) => {
    const [own, within] = [Math.floor(i / gate), i % gate];
    return values[
      Math.floor(within / cells) * 4 * cells + own * cells + (within % cells)
    ] as number;
  });
}
