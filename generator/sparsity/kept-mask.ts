import { patternKind } from './kind-of.js';
import type { Mask } from './mask.js';
import type { Pattern } from './registry.js';

/** Every position that a pattern keeps, padding left out. */
export function keptMask(pattern: Pattern): Mask {
  const { rows, columns } = pattern;
  const { runsOfRow } = patternKind(pattern);
  const kept = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (const [first, width] of runsOfRow(pattern, row)) {
      if (first >= columns) continue;
      kept.fill(1, row * columns + first, row * columns + Math.min(first + width, columns));
    }
  }
  return { rows, columns, kept };
}
