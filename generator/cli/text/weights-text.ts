import { type CellKind, cellOf } from '../../network/cells/registry.js';

/** What the weights of the layers of a network are called: recurrent ones where every layer is. */
export function weightsWord(cells: readonly CellKind[]): string {
  return isRecurrent(cells) ? 'recurrent weights' : 'weights of layers';
}

/** Whether every layer reads what it wrote a frame ago. */
export function isRecurrent(cells: readonly CellKind[]): boolean {
  return cells.every((cell) => cellOf(cell).operands === 2);
}
