import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { CellCounts } from '../../devices/family.js';

const statSchema = z.object({
  modules: z.record(z.string(), z.object({ num_cells_by_type: z.record(z.string(), z.int()) })),
});

/** Counts of module `name` in the file that Yosys' `stat -json` wrote. Throws where it is no such file. */
export function readStat(file: string, name: string): CellCounts {
  return parseStat(readFileSync(file, 'utf8'), name);
}

/** Counts of module `name` in the text of `stat -json`. */
export function parseStat(text: string, name: string): CellCounts {
  const { modules } = statSchema.parse(JSON.parse(text));
  const module = modules[`\\${name}`] ?? modules[name];
  if (module === undefined) throw new Error(`no module ${name} in the counts of Yosys`);
  return module.num_cells_by_type;
}
