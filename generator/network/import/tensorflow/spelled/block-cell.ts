import { unsupported } from '../errors.js';
import type { LoweredNode } from '../lowered.js';
import type { Gate } from '../recurrent-operator.js';
import type { LstmCell } from './cell.js';
import type { Values } from './values.js';

/** Where gates are among the columns of w. https://www.tensorflow.org/api_docs/python/tf/raw_ops/LSTMBlockCell */
const ORDER = {
  'tf.LSTMBlockCell': 'igfo',
  'tf.BlockLSTM': 'igfo',
  'tf.BlockLSTMV2': 'ifgo',
} as const;

/** Inputs from x on; BlockLSTM has the number of steps before. */
const INPUTS = ['x', 'c', 'h', 'w', 'wci', 'wcf', 'wco', 'b'] as const;
const OUTPUTS = { c: 1, h: 6 } as const;

export const isBlock = ({ op }: LoweredNode): boolean => Object.hasOwn(ORDER, op);

/** Number of the steps that a whole block runs; empty for a single step. */
export const stepsOf = ({ op, inputs }: LoweredNode): string =>
  op === 'tf.LSTMBlockCell' ? '' : (inputs[0] ?? '');

/**
 * An LSTM that is one operator, of one step or of all: w [inputs + cells, 4 cells], b [4 cells].
 * @throws UserError LSTM_UNSUPPORTED for clips, peepholes and weights that are computed
 */
export function blockCell(node: LoweredNode, values: Values, file: string): LstmCell {
  const { op, name, inputs, outputs, attributes } = node;
  const shift = op === 'tf.LSTMBlockCell' ? 0 : 1;
  const input = (which: (typeof INPUTS)[number]) => inputs[INPUTS.indexOf(which) + shift] ?? '';
  if (Number(attributes.use_peephole) !== 0) throw unsupported(file, name, 'peephole');
  const clip = Number(attributes.cell_clip);
  if (clip > 0) throw unsupported(file, name, `clip of the cell state at ${clip}`);
  const [w, b] = [values.constant(input('w')), values.constant(input('b'))];
  const [rows = 0, columns = 0] = w?.shape ?? [];
  const cells = columns / 4;
  const width = rows - cells;
  const fits = w?.shape.length === 2 && Number.isInteger(cells) && cells >= 1 && width >= 1;
  if (w === null || b === null || !fits || b.data.length !== columns) {
    throw unsupported(
      file,
      name,
      'weights that are computed or of other shapes',
      'constants w and b',
    );
  }
  values.reserve(rows * columns, name);
  const gate = (which: 'i' | 'f' | 'g' | 'o'): Gate => {
    const from = ORDER[op as keyof typeof ORDER].indexOf(which) * cells;
    const taken = (first: number, count: number) => {
      const own = new Float64Array(cells * count);
      for (let cell = 0; cell < cells; cell++) {
        for (let i = 0; i < count; i++) {
          own[cell * count + i] = w.data[(first + i) * columns + from + cell] as number;
        }
      }
      return own;
    };
    const bias = b.data.slice(from, from + cells);
    const forget = which === 'f' ? Number(attributes.forget_bias) : 0;
    return { x: taken(0, width), h: taken(width, cells), bias: bias.map((one) => one + forget) };
  };
  return {
    kind: 'lstm',
    h: outputs[OUTPUTS.h] ?? '',
    c: outputs[OUTPUTS.c] ?? '',
    before: { h: values.plain(input('h')), c: values.plain(input('c')) },
    x: values.plain(input('x')),
    inputs: width,
    cells,
    gates: { i: gate('i'), f: gate('f'), g: gate('g'), o: gate('o') },
    weights: values.tensorsOf(input('w')),
    biases: values.tensorsOf(input('b')),
  };
}
