import type { FlowReport } from '../../flow/report/report.js';
import { textTable } from '../text/text-table.js';

/** Area of a design in standard cells by block, and the macros beside it. */
export function cellsLines({ cellArea, macroArea, blocks, macros }: FlowReport): readonly string[] {
  const total = cellArea ?? 0;
  const areas = blocks.map(({ block, registers, cellArea: area }) => [
    ...[block, squareMicrometres(area ?? 0)],
    ...[`${((100 * (area ?? 0)) / (total || 1)).toFixed(1)} %`, registers],
  ]);
  const memories = macros.map(({ macro, words, bits, instances, area, assumed }) => [
    ...[macro, words, bits, instances.length, words * bits * instances.length],
    area === null ? '-' : squareMicrometres(area * instances.length),
    assumed ? 'assumed' : 'Liberty',
  ]);
  const without = macros.filter(({ area }) => area === null).length;
  return [
    `${squareMicrometres(total)} µm² of standard cells, without memories`,
    ...(macroArea === null || macroArea === 0
      ? []
      : [
          `${squareMicrometres(macroArea)} µm² of macros${without === 0 ? '' : `, without ${without} kinds that have no area`}`,
        ]),
    '',
    ...textTable([['block', 'µm²', 'share', 'registers'], ...areas]),
    '',
    ...textTable([
      ['memory macro', 'words', 'bits', 'number', 'bits in all', 'µm² in all', 'times'],
      ...memories,
    ]),
  ];
}

function squareMicrometres(area: number): string {
  return String(Math.round(area));
}
