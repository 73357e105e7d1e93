import type { Cell } from './cell.js';
import { dense, denseLinear, denseSigmoid, denseTanh } from './dense.js';
import { gru } from './gru.js';
import { gruNew, gruReset } from './gru-before.js';
import { gruNewRelu, gruRelu, gruResetRelu } from './gru-relu.js';
import { lstm } from './lstm.js';
import { lstmPeephole } from './lstm-peephole.js';
import { rnnRelu, rnnTanh } from './rnn.js';

/** All kinds of cells: a new one is a file here and a line in this list. */
export const CELLS = {
  lstm,
  'lstm-peephole': lstmPeephole,
  gru,
  'gru-reset': gruReset,
  'gru-new': gruNew,
  'gru-relu': gruRelu,
  'gru-reset-relu': gruResetRelu,
  'gru-new-relu': gruNewRelu,
  'rnn-tanh': rnnTanh,
  'rnn-relu': rnnRelu,
  'dense-linear': denseLinear,
  'dense-sigmoid': denseSigmoid,
  'dense-tanh': denseTanh,
  dense,
} as const satisfies { [K in string]: Cell<K> };

export type CellKind = keyof typeof CELLS;

/** The member of a kind, without what is known of this one alone. */
export function cellOf(kind: CellKind): Cell<CellKind> {
  return CELLS[kind];
}

/** Names of all kinds. */
export const CELL_KINDS = Object.keys(CELLS) as readonly CellKind[];

/** Cells of the recurrent layers of a float network. */
export const RECURRENT_CELLS = [
  'lstm',
  'gru',
  'gru-relu',
  'rnn-tanh',
  'rnn-relu',
] as const satisfies CellKind[];
export type RecurrentCell = (typeof RECURRENT_CELLS)[number];
/** The one that is meant where nothing is said. */
export const USUAL_CELL: RecurrentCell = 'lstm';

/** Cells of the layers of a float network: recurrent ones, and fully connected ones with a function behind their sums. */
export const LAYER_CELLS = [
  ...RECURRENT_CELLS,
  'lstm-peephole',
  ...(['dense-linear', 'dense-sigmoid', 'dense-tanh'] as const satisfies CellKind[]),
] as const;
export type LayerCell = (typeof LAYER_CELLS)[number];

/** The cell of the output layer of a float network. */
export const OUTPUT_CELL = 'dense' as const satisfies CellKind;

/** Matrices side by side in a pass of a kind of cell. */
export function gatesIn(kind: CellKind): number {
  return cellOf(kind).gates.length;
}

/** Sums, and so biases, of a row. */
export function channelsIn(kind: CellKind): number {
  return cellOf(kind).channels.length;
}
