import { type HcgsPattern, keptBlocksOfRow } from './hcgs/pattern.js';
import type { Mask } from './mask.js';

/** Every position of the kept blocks of a pattern, padding left out. */
export function keptMask(pattern: HcgsPattern): Mask {
  const { rows, columns } = pattern;
  const kept = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const { width, firstColumns } = keptBlocksOfRow(pattern, row);
    for (const first of firstColumns) {
      if (first >= columns) continue;
      kept.fill(1, row * columns + first, row * columns + Math.min(first + width, columns));
    }
  }
  return { rows, columns, kept };
}
