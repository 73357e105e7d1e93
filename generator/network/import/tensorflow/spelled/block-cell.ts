import { unsupported } from '../errors.js';
import type { LoweredNode } from '../lowered.js';
import type { Gate } from '../recurrent-operator.js';
import type { LstmCell } from './cell.js';
import type { GruCell } from './gru-cell.js';
import type { Values } from './values.js';

/** Where gates are among the columns of w. https://www.tensorflow.org/api_docs/python/tf/raw_ops/LSTMBlockCell */
const ORDER = {
  'tf.LSTMBlockCell': 'igfo',
  'tf.BlockLSTM': 'igfo',
  'tf.BlockLSTMV2': 'ifgo',
} as const;

/** https://www.tensorflow.org/api_docs/python/tf/raw_ops/GRUBlockCell */
const GRU = 'tf.GRUBlockCell';

/** Inputs of an LSTM from x on; BlockLSTM has the number of steps before. */
const INPUTS = ['x', 'c', 'h', 'w', 'wci', 'wcf', 'wco', 'b'] as const;
const OUTPUTS = { c: 1, h: 6 } as const;

/** Of a GRU; it has one output of h behind r, u and c. */
const GRU_INPUTS = ['x', 'h', 'w_ru', 'w_c', 'b_ru', 'b_c'] as const;
const GRU_H = 3;

export const isBlock = ({ op }: LoweredNode): boolean => Object.hasOwn(ORDER, op) || op === GRU;

/** Number of the steps that a whole block runs; empty for a single step. */
export const stepsOf = ({ op, inputs }: LoweredNode): string =>
  op === 'tf.LSTMBlockCell' || op === GRU ? '' : (inputs[0] ?? '');

/** What a block is, by the word of the field. */
export const wordOf = ({ op }: LoweredNode): string => (op === GRU ? 'GRU' : 'LSTM');

/**
 * An LSTM or GRU that is one operator, of one step or, of an LSTM, of all.
 * @throws UserError LSTM_UNSUPPORTED for clips, and weights that are computed
 */
export function blockCell(node: LoweredNode, values: Values, file: string): LstmCell | GruCell {
  return node.op === GRU ? gruBlock(node, values, file) : lstmBlock(node, values, file);
}

/** w [inputs + cells, 4 cells], b [4 cells], and with `use_peephole` wci, wcf and wco [cells]. */
function lstmBlock(node: LoweredNode, values: Values, file: string): LstmCell {
  const { op, name, inputs, outputs, attributes } = node;
  const shift = op === 'tf.LSTMBlockCell' ? 0 : 1;
  const input = (which: (typeof INPUTS)[number]) => inputs[INPUTS.indexOf(which) + shift] ?? '';
  const clip = Number(attributes.cell_clip);
  if (clip > 0) throw unsupported(file, name, `clip of the cell state at ${clip}`);
  const w = kernelOf(input('w'), input('b'), 4, node, values, file);
  const { width, cells } = w;
  const peephole = (which: 'wci' | 'wcf' | 'wco') => {
    if (Number(attributes.use_peephole) === 0) return undefined;
    const weights = values.constant(input(which));
    if (weights?.data.length === cells && weights.type.real) return weights.data;
    const got = `peephole weights ${which} that are computed or of another shape`;
    throw unsupported(file, name, got, `a constant of ${cells} weights`);
  };
  const gate = (which: 'i' | 'f' | 'g' | 'o', weighs?: 'wci' | 'wcf' | 'wco'): Gate => {
    const own = gateIn(w, ORDER[op as keyof typeof ORDER].indexOf(which));
    const forget = which === 'f' ? Number(attributes.forget_bias) : 0;
    return {
      ...own,
      bias: own.bias.map((one) => one + forget),
      peephole: weighs && peephole(weighs),
    };
  };
  return {
    kind: 'lstm',
    h: outputs[OUTPUTS.h] ?? '',
    c: outputs[OUTPUTS.c] ?? '',
    before: { h: values.plain(input('h')), c: values.plain(input('c')) },
    x: values.plain(input('x')),
    inputs: width,
    cells,
    gates: { i: gate('i', 'wci'), f: gate('f', 'wcf'), g: gate('g'), o: gate('o', 'wco') },
    weights: values.tensorsOf(input('w')),
    biases: ['b', 'wci', 'wcf', 'wco'].flatMap((which) => {
      const own = input(which as (typeof INPUTS)[number]);
      const read = which === 'b' || Number(attributes.use_peephole) !== 0;
      return read ? values.tensorsOf(own) : [];
    }),
  };
}

/** w_ru [inputs + cells, 2 cells] of r and u, w_c [inputs + cells, cells], whose reset stands before the product. */
function gruBlock(node: LoweredNode, values: Values, file: string): GruCell {
  const { inputs, outputs } = node;
  const input = (which: (typeof GRU_INPUTS)[number]) => inputs[GRU_INPUTS.indexOf(which)] ?? '';
  const gates = kernelOf(input('w_ru'), input('b_ru'), 2, node, values, file);
  const candidate = kernelOf(input('w_c'), input('b_c'), 1, node, values, file);
  const { cells, width } = gates;
  if (candidate.cells !== cells || candidate.width !== width) {
    const got = `w_c of ${candidate.cells} cells and ${candidate.width} inputs`;
    throw unsupported(file, node.name, got, `${cells} cells and ${width} inputs, as w_ru has`);
  }
  const tensors = (...names: (typeof GRU_INPUTS)[number][]) =>
    names.flatMap((name) => values.tensorsOf(input(name)));
  return {
    kind: 'gru',
    h: outputs[GRU_H] ?? '',
    c: '',
    before: { h: values.plain(input('h')), c: '' },
    x: values.plain(input('x')),
    inputs: width,
    cells,
    gates: { r: gateIn(gates, 0), z: gateIn(gates, 1), n: gateIn(candidate, 0) },
    reset: 'before',
    weights: tensors('w_ru', 'w_c'),
    biases: tensors('b_ru', 'b_c'),
  };
}

/** Weights of x and, below them, of h, gates side by side. */
interface Kernel {
  readonly data: Float64Array;
  readonly bias: Float64Array;
  readonly columns: number;
  readonly width: number;
  readonly cells: number;
}

function kernelOf(
  w: string,
  b: string,
  gates: number,
  { name }: LoweredNode,
  values: Values,
  file: string,
): Kernel {
  const [kernel, bias] = [values.constant(w), values.constant(b)];
  const [rows = 0, columns = 0] = kernel?.shape ?? [];
  const cells = columns / gates;
  const width = rows - cells;
  const fits = kernel?.shape.length === 2 && Number.isInteger(cells) && cells >= 1 && width >= 1;
  const real = kernel?.type.real && bias?.type.real;
  if (kernel === null || bias === null || !fits || !real || bias.data.length !== columns) {
    const got = 'weights that are computed or of other shapes';
    throw unsupported(file, name, got, 'constants w and b');
  }
  values.reserve(rows * columns, name);
  return { data: kernel.data, bias: bias.data, columns, width, cells };
}

function gateIn({ data, bias, columns, width, cells }: Kernel, place: number): Gate {
  const from = place * cells;
  const taken = (first: number, count: number) => {
    const own = new Float64Array(cells * count);
    for (let cell = 0; cell < cells; cell++) {
      for (let i = 0; i < count; i++) {
        own[cell * count + i] = data[(first + i) * columns + from + cell] as number;
      }
    }
    return own;
  };
  return { x: taken(0, width), h: taken(width, cells), bias: bias.slice(from, from + cells) };
}
