import type { Random } from '../../../../generator/base/random.js';
import { node, tensor } from '../../../support/onnx.js';
import { type CellLayer, type OtherCell, ofGates, randomCell } from './cell-reference.js';
import { type Parts, stacked } from './lstm-graph.js';
import { type GateLayer, randomLayer } from './lstm-reference.js';

/** A recurrent operator, and what of it is an attribute or stands in the tensors of each direction. */
export const CELL_KINDS = ['lstm', 'gru', 'gru-before', 'rnn-tanh', 'rnn-relu'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** W, R and B of one direction, and their shapes without that of directions. */
interface Direction {
  readonly W: readonly number[];
  readonly R: readonly number[];
  readonly B: readonly number[];
  readonly rows: number;
}

const ORDER = { gru: [1, 0, 2], 'rnn-tanh': [0], 'rnn-relu': [0] } as const;

function ofCell(layer: CellLayer): Direction {
  const order = ORDER[layer.cell];
  const of = (part: Parameters<typeof ofGates>[1]) => ofGates(layer, part, order);
  const B = [...of(({ Wb }) => Wb), ...of(({ Rb }) => Rb)];
  return { W: of(({ W }) => W), R: of(({ R }) => R), B, rows: order.length * layer.cells };
}

function ofLstm(layer: GateLayer): Direction {
  const B = [...stacked(layer, ({ Wb }) => Wb), ...stacked(layer, ({ Rb }) => Rb)];
  const [W, R] = [stacked(layer, (gate) => gate.W), stacked(layer, (gate) => gate.R)];
  return { W, R, B, rows: 4 * layer.cells };
}

interface Options {
  readonly kind?: CellKind;
  readonly inputs: number;
  readonly cells: number;
  /** Directions of the node: `bidirectional`, unless it is said. */
  readonly direction?: 'bidirectional' | 'reverse' | 'forward';
  readonly bias?: boolean;
  readonly attributes?: Parameters<typeof node>[3];
  /** Inputs of the node after B. */
  readonly more?: readonly string[];
}

/** A node `both_L` with random weights in each of its directions, on `x`, with outputs `Y_L`, `H_L` and, of an LSTM, `C_L`. */
export function both(
  random: Random,
  l: number,
  x: string,
  {
    kind = 'lstm',
    inputs,
    cells,
    direction = 'bidirectional',
    bias = true,
    attributes,
    more = [],
  }: Options,
): Parts {
  const count = direction === 'bidirectional' ? 2 : 1;
  const cell = (kind === 'gru-before' ? 'gru' : kind) as OtherCell | 'lstm';
  const directions = Array.from({ length: count }, () =>
    cell === 'lstm'
      ? ofLstm(randomLayer(random, inputs, cells))
      : ofCell(randomCell(random, cell, inputs, cells)),
  );
  const rows = directions[0]?.rows as number;
  const op = cell === 'lstm' ? 'LSTM' : cell === 'gru' ? 'GRU' : 'RNN';
  const own = {
    ...(kind === 'gru' && { linear_before_reset: 1 }),
    ...(kind === 'rnn-relu' && { activations: new Array<string>(count).fill('Relu') }),
  };
  const all = (part: 'W' | 'R' | 'B') => directions.flatMap((one) => [...one[part]]);
  const names = [x, `W_${l}`, `R_${l}`, ...(bias ? [`B_${l}`] : more.length > 0 ? [''] : [])];
  const outputs = [`Y_${l}`, `H_${l}`, ...(op === 'LSTM' ? [`C_${l}`] : [])];
  const given = { hidden_size: cells, direction, ...own, ...attributes };
  return {
    nodes: [node(op, [...names, ...more], outputs, given, `both_${l}`)],
    tensors: {
      [`W_${l}`]: tensor([count, rows, inputs], all('W')),
      [`R_${l}`]: tensor([count, rows, cells], all('R')),
      ...(bias && { [`B_${l}`]: tensor([count, 2 * rows], all('B')) }),
    },
  };
}
