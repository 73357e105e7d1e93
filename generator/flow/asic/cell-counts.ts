import type { CellCounts } from './area.js';

/**
 * Cells in each module, from the JSON of `stat -json` of Yosys; null where it is something else. Yosys 0.23 leaves a
 * comma behind the last module.
 */
export function parseCellCounts(text: string): CellCounts | null {
  try {
    const { modules } = JSON.parse(text.replace(/,(\s*\})/g, '$1'));
    const entries = Object.entries<{ num_cells_by_type?: Record<string, number> }>(modules);
    // only the modules carry the backslash of a public name, not the cells
    return Object.fromEntries(
      entries.map(([name, m]) => [name.replace(/^\\/, ''), m.num_cells_by_type ?? {}]),
    );
  } catch {
    return null;
  }
}
