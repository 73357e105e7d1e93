import type {
  DeviceEstimate,
  LargestMacs,
  PredictedMemory,
  Rough,
} from '../../accelerator/index.js';
import { textTable } from './text-table.js';

export type Resources = DeviceEstimate & LargestMacs;

/** What a design takes of a device, for a person. */
export function resourcesLines(r: Resources): readonly string[] {
  return [
    ...needLines(r),
    '',
    ...withNotes([
      [['memory', 'words', 'bits'], 'becomes'],
      ...grouped(r.memories).map(
        ({ first, count }) =>
          [[label(first, count), first.words, first.bits], becomes(first)] as const,
      ),
    ]),
    '',
    ...weightText(r),
    ...endLines(r),
  ];
}

/** The same without its memories. */
export function resourcesSummary(r: Resources): readonly string[] {
  return [...needLines(r), ...endLines(r)];
}

function needLines(r: Resources): readonly string[] {
  const { available } = r;
  const about = ({ low, high }: Rough): string => `rough: ${low} to ${high}`;
  const cells = Object.entries(r.blockRamCells).map(([cell, n]) => `${n} ${cell}`);
  return [
    `${r.device}: ${r.fits ? 'fits' : `does not fit: ${shortText(r)}`}${uncertainText(r)}`,
    '',
    ...withNotes([
      [['resource', 'needed', 'of'], ''],
      [['block RAMs', r.blockRams, available.blockRams], cells.join(', ')],
      ...(r.singlePortRams === 0
        ? []
        : [[['single-port RAMs', r.singlePortRams, available.singlePortRams], ''] as const]),
      [['multipliers', r.multipliers, available.multipliers], spilled(r)],
      [['LUTs', r.luts.estimate, available.luts], about(r.luts)],
      [['registers', r.registers.estimate, available.registers], about(r.registers)],
    ]),
  ];
}

function endLines(r: Resources): readonly string[] {
  return [
    `smallest device that fits: ${r.smallestDevice ?? 'none'}`,
    `largest MAC count on ${r.device}: ${r.largestMacs ?? 'none fits'}${inMultipliers(r)}`,
  ];
}

/** A table with a left-aligned remark behind each row. */
function withNotes(
  rows: readonly (readonly [row: readonly (string | number)[], note: string])[],
): readonly string[] {
  const lines = textTable(rows.map(([row]) => row));
  return lines.map((line, i) => `${line}  ${rows[i]?.[1] ?? ''}`.trimEnd());
}

/** Path below the core, without the name that every leaf module gives its memory. */
function label({ path }: PredictedMemory, count: number): string {
  const short = path.replace(/^u_core\./, '').replace(/\.words$/, '');
  return count === 1 ? short : `${short} and ${count - 1} more`;
}

function shortText({ shortages }: Resources): string {
  return shortages
    .map((s) => `${s.needed - s.available} ${s.resource} too few (${s.needed} of ${s.available})`)
    .join(', ');
}

function uncertainText({ uncertain }: Resources): string {
  return uncertain.length === 0 ? '' : `; ${uncertain.join(' and ')} could turn out either way`;
}

function spilled(r: Resources): string {
  const soft = r.multipliersWanted - r.multipliers;
  return soft === 0 ? '' : `${r.multipliersWanted} wanted, ${soft} become logic`;
}

function inMultipliers({ largestMacs, largestMacsInMultipliers: all }: Resources): string {
  if (largestMacs === null || largestMacs === all) return '';
  return all === null
    ? '; none has all of its MACs in multipliers of the device'
    : `; ${all} with every MAC in a multiplier of the device`;
}

function weightText({ weightBanks: { bits, blocks, blockBits, efficiency } }: Resources): string[] {
  if (efficiency === null) return ['weight banks: in no block RAM'];
  const cells = Object.entries(blocks).map(([cell, n]) => `${n} ${cell}`);
  const percent = (100 * efficiency).toFixed(1);
  return [`weight banks: ${bits} bits in ${cells.join(', ')} of ${blockBits} bits, ${percent} %`];
}

function becomes({ place, varyingBits, bits }: PredictedMemory): string {
  if (varyingBits === 0) return 'nothing: constant';
  const constant = varyingBits === bits ? '' : `, ${bits - varyingBits} bits constant`;
  return `${place.cell === null ? 'logic' : `${place.cells} ${place.cell}`}${constant}`;
}

/** Memories of one block of the core that have one shape and place together, in the order of the first of each. */
function grouped(
  memories: readonly PredictedMemory[],
): readonly { readonly first: PredictedMemory; readonly count: number }[] {
  const groups = new Map<string, { readonly first: PredictedMemory; readonly count: number }>();
  for (const m of memories) {
    const block = m.path.split('.')[1];
    const key = [block, m.words, m.bits, m.varyingBits, m.place.cell, m.place.cells].join();
    const known = groups.get(key);
    groups.set(key, { first: known?.first ?? m, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}
