import { cellOf } from '../../network/cells/registry.js';
import type { FloatModel } from '../../network/float/model.js';
import { TABLE_BITS } from '../../network/table-scheme.js';
import type { Lengths } from './candidate.js';

/** Bits of the word of a state where no layer has one: it is in no hardware. */
const NO_STATE = 16;

/** Whether a layer of the network keeps a state from frame to frame. */
export function hasState({ layers }: Pick<FloatModel, 'layers'>): boolean {
  return layers.some(({ cell }) => cellOf(cell).state !== null);
}

/** Lengths that change nothing in this network, as they are without a wish: no search has to try them. */
export function unusedLengths(source: Pick<FloatModel, 'layers'>): Partial<Lengths> {
  const tables = source.layers.some(({ cell }) => {
    const { channels, state } = cellOf(cell);
    return state !== null || channels.some(({ table }) => table !== null);
  });
  return {
    ...(!hasState(source) && { cell: NO_STATE }),
    ...(!tables && { table: TABLE_BITS.usual }),
  };
}
