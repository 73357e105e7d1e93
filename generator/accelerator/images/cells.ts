import { flag, packRecord } from '../build/record.js';
import { cellTableFields, cellTableWidths } from '../control/cell-table.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { numbersOf } from '../plan/bounds.js';
import type { Configuration } from '../plan/configuration.js';
import { imageOfWords } from './hex.js';

/** Throws where a number is beyond what the hardware was made for, not only beyond its field. */
function within(name: string, value: number, most: number): number {
  if (value < 0 || value > most) throw new RangeError(`${name}: ${value} is not in 0 ... ${most}`);
  return value;
}

/** The cell table: what the cell update knows of each pass. */
export function cellImage(c: Configuration, { walks }: PlacedModel, size: StoreSize): string {
  const fields = cellTableFields(cellTableWidths(c));
  const words = walks.map((walk) => {
    const n = numbersOf(walk.pass);
    const output = walk.pass.cell === 'dense';
    return packRecord(fields, {
      output_layer: flag(output),
      leaves: flag(walk === walks.at(-1)),
      x_first: flag(walk.first === 'x'),
      shift_x: within('shift_x', n.shiftX, c.shiftXMost),
      shift_h: within('shift_h', n.shiftH, c.shiftHMost),
      shift_bias: within('shift_bias', n.shiftBias, c.shiftBiasMost),
      round: output ? 0 : within('round', c.roundMost - n.round, c.roundMost),
      cell_shift:
        n.cellPoint === null
          ? 0
          : within('cell_shift', c.cellPointMost - n.cellPoint, c.cellPointMost - c.cellPointLeast),
    });
  });
  return imageOfWords(words, size);
}
