import type { Builder } from '../builder.js';
import { addGru } from '../gru.js';
import type { LoweredLoop, LoweredNode } from '../lowered.js';
import { addLstm } from '../lstm.js';
import type { FoundLayer } from '../recurrent-operator.js';
import { addRnn } from '../rnn.js';
import { blockCell, isBlock } from './block-cell.js';
import { cellOf, type LstmCell, type Step, shapeOf } from './cell.js';
import { type GruCell, gruCellOf, gruShapeOf } from './gru-cell.js';
import { projectionIn } from './projection.js';
import { type RnnCell, rnnCellOf } from './rnn-cell.js';
import type { Values } from './values.js';

/** One step of a recurrent layer. */
export type Cell = LstmCell | GruCell | RnnCell;

/**
 * The cells of a body, the lowest first; null where a variable of it is the state of none, or they are none that the hardware has.
 * @throws UserError LSTM_UNSUPPORTED for blocks
 */
export function cellsOf(
  loop: LoweredLoop,
  nodes: readonly LoweredNode[],
  values: Values,
  file: string,
): readonly Cell[] | null {
  const cells: Cell[] = [];
  const before = (after: string) =>
    loop.variables.find((own) => values.plain(own.after) === values.plain(after))?.before;
  for (const node of nodes) {
    if (isBlock(node)) {
      cells.push(blockCell(node, values, file));
      continue;
    }
    const [lstm, gru] = [shapeOf(node, values), gruShapeOf(node, values)];
    const own = before(lstm?.h ?? gru?.h ?? node.outputs[0] ?? '');
    if (lstm === null && gru === null) {
      const rnn = own === undefined ? null : rnnCellOf(node, own, values);
      if (rnn !== null) cells.push(rnn);
      continue;
    }
    const projection =
      own === undefined && lstm ? projectionIn(loop.variables, lstm.h, values) : null;
    const h = own ?? projection?.before;
    const step = (hidden: string) =>
      (lstm && cellOf(lstm, hidden, projection, values)) ?? (gru && gruCellOf(gru, hidden, values));
    const cell = h === undefined ? null : step(h);
    if (cell === null) return null;
    cells.push(cell);
  }
  const whole = cells.every(
    (cell) =>
      before(cell.h) === cell.before.h &&
      (cell.kind !== 'lstm' || before(cell.c) === cell.before.c),
  );
  return cells.length > 0 && whole ? cells : null;
}

/** Values of h of a cell. */
export const valuesOf = (cell: Cell): number =>
  cell.kind === 'lstm' ? (cell.projection?.values ?? cell.cells) : cell.cells;

/** Adds the layer that a cell is in every frame. */
export function addLayer(
  builder: Builder,
  cell: Cell,
  place: Omit<FoundLayer, 'inputs' | 'cells' | 'tensors'>,
): void {
  const { inputs, cells } = cell;
  const tensors = tensorsOf(cell, place.name, cell.kind === 'lstm' && cell.weights.length === 2);
  const layer = { ...place, inputs, cells, tensors };
  if (cell.kind === 'lstm') {
    const { gates, projection } = cell;
    addLstm(builder, { ...layer, gates, projection });
  } else if (cell.kind === 'gru') {
    addGru(builder, { ...layer, gates: cell.gates, reset: cell.reset });
  } else addRnn(builder, { ...layer, gate: cell.gate, function: cell.function });
}

/** What reports call the tensors of a cell; `apart`: two weights are those of x and those of h. */
function tensorsOf({ weights, biases }: Step, name: string, apart: boolean) {
  const own = weights.length === 1 ? weights[0] : `${name} weights`;
  return {
    x: { name: apart ? `${weights[0]}` : `${own} (x)`, of: weights },
    h: { name: apart ? `${weights[1]}` : `${own} (h)`, of: weights },
    bias: { name: `${name} biases`, of: biases },
  };
}
