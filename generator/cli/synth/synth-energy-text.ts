import type { FrameEnergy } from '../../flow/report/energy.js';
import { textTable } from '../text/text-table.js';

/** Energy of a frame by block, and what a macro does in one. */
export function energyLines(energy: FrameEnergy | null): readonly string[] {
  if (energy === null) return [];
  const { blocks, ports, uncounted, cyclesPerFrame, clockMHz, cellActivity, total } = energy;
  const rows = blocks.map(({ block, macros, cells, leakage }) => [
    ...[block, tenths(macros), tenths(cells), tenths(leakage)],
    `${((100 * (macros + cells + leakage)) / (total || 1)).toFixed(1)} %`,
  ]);
  return [
    '',
    `${tenths(total)} nJ in a frame of ${cyclesPerFrame} cycles; leakage at ${clockMHz} MHz`,
    `macros: accesses as counted; standard cells: ${cellActivity} changes of each net in a cycle, assumed; neither the tree of the clock nor pins of macros beside their clocks`,
    '',
    ...textTable([['block', 'nJ of macros', 'nJ of cells', 'nJ of leakage', 'share'], ...rows]),
    '',
    ...textTable([
      ['memory macro', 'port', 'reads', 'writes', 'pJ a read', 'pJ a write', 'pJ a cycle idle'],
      ...ports.map((use) => [
        ...[use.macro, use.port, use.reads, use.writes],
        ...[use.readPJ, use.writePJ, use.idlePJ].map((pJ) => pJ.toFixed(2)),
      ]),
    ]),
    ...(uncounted.length === 0 ? [] : [`not counted, of unknown energy: ${uncounted.join(', ')}`]),
  ];
}

function tenths(value: number): string {
  return value.toFixed(1);
}
