import { Random } from '../../../../generator/base/random.js';
import type { OperatorSpec, SubgraphSpec, TensorSpec } from '../../../support/tflite.js';

export const [INPUTS, CELLS, OUTPUTS, FRAMES] = [3, 4, 2, 5];

const GATES = ['i', 'f', 'g', 'o'] as const;
export type Gate = (typeof GATES)[number];

const random = new Random(11);
export const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, () => Math.fround(2 * random.unit() - 1));

/** Weights [cells][inputs], [cells][cells] and biases [cells] of each gate, and a fully connected layer. */
export const weights = {
  x: Object.fromEntries(GATES.map((g) => [g, numbers(CELLS * INPUTS)])) as Gates,
  h: Object.fromEntries(GATES.map((g) => [g, numbers(CELLS * CELLS)])) as Gates,
  b: Object.fromEntries(GATES.map((g) => [g, numbers(CELLS)])) as Gates,
  W: numbers(OUTPUTS * CELLS),
  d: numbers(OUTPUTS),
};
type Gates = Readonly<Record<Gate, readonly number[]>>;

/** Options of the operator: activation tanh, and the clip that converters write. */
export const OPTIONS: NonNullable<OperatorSpec['options']> = [
  [0, 'int8', 4],
  [1, 'float32', 10],
];

export const LSTM_TENSORS: readonly TensorSpec[] = [
  { name: 'x', shape: [1, FRAMES, INPUTS] },
  ...GATES.flatMap((g): TensorSpec[] => [
    { name: `W${g}`, shape: [CELLS, INPUTS], values: weights.x[g] },
    { name: `R${g}`, shape: [CELLS, CELLS], values: weights.h[g] },
    { name: `b${g}`, shape: [CELLS], values: weights.b[g] },
  ]),
  { name: 'h0', shape: [1, CELLS], variable: true },
  { name: 'c0', shape: [1, CELLS], variable: true },
  { name: 'h', shape: [1, FRAMES, CELLS] },
];

const named = (letter: string) => GATES.map((g) => `${letter}${g}`);

/** Names of the 24 inputs. */
export const LSTM_INPUTS: readonly string[] = [
  'x',
  ...named('W'),
  ...named('R'),
  ...['', '', ''],
  ...named('b'),
  ...['', ''],
  ...['h0', 'c0'],
  ...['', '', '', ''],
];

export const lstm: OperatorSpec = {
  op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
  inputs: LSTM_INPUTS,
  outputs: ['h'],
  options: OPTIONS,
};

/** An LSTM, its last frame and a fully connected layer, as Keras networks are converted. */
export function lastFrame(own: Partial<OperatorSpec> = {}): SubgraphSpec {
  const list = (name: string, values: readonly number[]): TensorSpec => ({
    name,
    shape: [values.length],
    type: 'int32',
    values,
  });
  return {
    tensors: [
      ...LSTM_TENSORS,
      list('begin', [0, -1, 0]),
      list('end', [0, 0, 0]),
      list('steps', [1, 1, 1]),
      { name: 'last', shape: [1, CELLS] },
      { name: 'W', shape: [OUTPUTS, CELLS], values: weights.W },
      { name: 'd', shape: [OUTPUTS], values: weights.d },
      { name: 'y', shape: [1, OUTPUTS] },
      { name: 'p', shape: [1, OUTPUTS] },
    ],
    operators: [
      { ...lstm, ...own },
      {
        op: 'STRIDED_SLICE',
        inputs: ['h', 'begin', 'end', 'steps'],
        outputs: ['last'],
        options: [
          [0, 'int32', 5],
          [1, 'int32', 5],
          [4, 'int32', 2],
        ],
      },
      { op: 'FULLY_CONNECTED', inputs: ['last', 'W', 'd'], outputs: ['y'] },
      { op: 'SOFTMAX', inputs: ['y'], outputs: ['p'], options: [[0, 'float32', 1]] },
    ],
    inputs: ['x'],
    outputs: ['p'],
  };
}
