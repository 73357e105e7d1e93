import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FpgaFamily } from '../../devices/family.js';
import { buildFolder } from '../fpga/yosys.js';
import type { FlowDesign } from '../target.js';
import type { BlockUse } from './report.js';

const netlistSchema = z.object({
  modules: z.record(
    z.string(),
    z.object({ cells: z.record(z.string(), z.object({ type: z.string() })) }),
  ),
});

/** Cells of a flat netlist by block and type; its names begin with the path of the instance a cell came from. */
export function cellsByBlock(
  cells: Iterable<readonly [name: string, type: string]>,
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const blocks = new Map<string, Record<string, number>>();
  for (const [name, type] of cells) {
    const block = blockOf(name);
    const counts = blocks.get(block) ?? {};
    counts[type] = (counts[type] ?? 0) + 1;
    blocks.set(block, counts);
  }
  return blocks;
}

/** The instance below the core, or beside it, that a cell belongs to; the core itself for what is in none. */
function blockOf(name: string): string {
  const [outer = '', inner = '', ...below] = name.split('.');
  const isInstance = (part: string) => /^u_\w+$/.test(part);
  if (outer === 'u_core') return isInstance(inner) ? inner : 'u_core';
  return isInstance(outer) && [inner, ...below].join('') !== '' ? outer : 'u_core';
}

/** What each block of a design takes, the one with most LUTs first, from the netlist that Yosys wrote. */
export function blockUses(
  family: Pick<FpgaFamily, 'name' | 'use'>,
  { directory, name }: FlowDesign,
): readonly BlockUse[] {
  const file = join(directory, buildFolder(family.name), `${name}.json`);
  const { modules } = netlistSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const cells = Object.entries(modules[name]?.cells ?? {});
  const blocks = cellsByBlock(cells.map(([cell, { type }]) => [cell, type] as const));
  return [...blocks]
    .map(([block, counts]) => {
      const { luts, registers, multipliers, blockRams } = family.use(counts);
      return { block, luts, registers, multipliers, blockRams, cellArea: null };
    })
    .sort((a, b) => b.luts - a.luts);
}
