import { CELLS } from '../../network/cells/registry.js';
import type { Job } from './jobs.js';
import { gateOfSlice, type PassWalk, rowOfTile, sideOf, type Tiling } from './pass-walk.js';

/** The last column that each tile of a job reads, over all row groups and slices. */
export function lastColumns(
  walk: PassWalk,
  tiling: Tiling,
  { side, set, gate: turn, tiles }: Pick<Job, 'side' | 'set' | 'gate' | 'tiles'>,
): Int32Array {
  const { matrix, columns: columnsOf } = sideOf(walk, side);
  // rows of a queue come in their own order
  if (tiling.queues !== undefined) return new Int32Array(tiles).fill(matrix.columns - 1);
  const last = new Int32Array(tiles);
  const seen = new Set<string>();
  const shared = matrix.patterns.length === 1;
  for (let slice = 0; slice < tiling.slices; slice++) {
    const gate = gateOfSlice(walk, slice, turn);
    if (gate === null || gate >= CELLS[walk.pass.cell].gates.length) continue;
    for (let rowGroup = 0; rowGroup < tiling.rowGroups; rowGroup++) {
      const row = rowOfTile(walk, tiling, { set, rowGroup, slice, row: 0 });
      const key = `${shared ? 0 : gate} ${row}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const columns = columnsOf(gate, row);
      for (let i = 0; i < tiles; i++) {
        const column = Math.min(matrix.columns, (columns[i] ?? 0) + tiling.tileColumns) - 1;
        if (column > (last[i] as number)) last[i] = column;
      }
    }
  }
  return last;
}
