import type { BlockUse } from '../../flow/report/report.js';
import type { ReportInput, SynthEvidence } from '../input.js';
import { barChart } from '../pictures/bars.js';
import { PAGE, type Picture } from '../pictures/picture.js';
import { figure, type Section, section, type Table } from './section.js';

const RESOURCES = [
  ['luts', 'LUTs'],
  ['registers', 'registers'],
  ['multipliers', 'multipliers'],
  ['blockRams', 'block RAMs'],
  ['cellArea', 'cell area, µm²'],
] as const satisfies readonly (readonly [keyof BlockUse, string])[];

/** What the design takes, block by block. */
export function resourcesSection({ synth, device }: ReportInput): Section {
  return section('resources', 'Resources', {
    tables: [...(device === null ? [] : [predictedTable(device)]), ...synth.map(totalTable)],
    pictures: synth.flatMap((one, n) =>
      RESOURCES.flatMap(([key, title]) => blockPicture(one, key, title, `blocks-${n}-${key}`)),
    ),
    missing: [
      ...(synth.length === 0
        ? [
            'LUTs, registers, cells and area by block: --synth FILE of "hcgs synth --json-file FILE".',
          ]
        : []),
      ...(device === null && synth.length === 0
        ? ['A prediction without synthesis: --target FAMILY or --device NAME.']
        : []),
    ],
  });
}

function blockPicture(
  { blocks, target, file }: SynthEvidence,
  key: (typeof RESOURCES)[number][0],
  title: string,
  id: string,
): readonly Picture[] {
  const own = blocks
    .map((block) => ({ block: block.block, value: block[key] ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  const [first] = own;
  if (first === undefined) return [];
  const total = own.reduce((sum, { value }) => sum + value, 0);
  return [
    {
      id,
      title: `${title} by block, ${target}`,
      label: `${figure(total)} in ${own.length} blocks of ${file}; most in ${first.block}: ${figure(first.value)}`,
      spec: barChart(
        {
          rows: own.map(({ block }) => block),
          parts: [[title, PAGE.accent]],
          values: own.map(({ block, value }) => ({
            ...{ row: block, part: title, value },
            text: `${block}: ${figure(value)} ${title}`,
          })),
          title,
        },
        PAGE,
      ),
    },
  ];
}

function predictedTable(device: NonNullable<ReportInput['device']>): Table {
  const { available, luts, registers } = device;
  const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
    `${figure(low)} to ${figure(high)}`;
  return {
    caption: `Predicted on ${device.device}: ${device.fits ? 'fits' : 'does not fit'}`,
    head: ['resource', 'needed', 'of'],
    rows: [
      ['block RAMs', device.blockRams, available.blockRams],
      ['multipliers', device.multipliers, available.multipliers],
      ['LUTs', range(luts), available.luts],
      ['registers', range(registers), available.registers],
    ],
  };
}

function totalTable(one: SynthEvidence): Table {
  const { available } = one;
  const of = (value: number | null | undefined) => (value == null ? '-' : figure(value));
  const rows: readonly (readonly [string, number | null, number | null])[] = [
    ['LUTs', one.luts, available.luts],
    ['registers', one.registers, available.registers],
    ['multipliers', one.multipliers, available.multipliers],
    ['block RAMs', one.blockRams, available.blockRams],
    ['cell area, µm²', one.cellArea, null],
    ['macro area, µm²', one.macroArea, null],
  ];
  const tools = Object.entries(one.tools).map(([tool, version]) => `${tool} ${version}`);
  const place = one.device === null ? one.target : `${one.target}, ${one.device}`;
  return {
    caption: `Synthesised for ${place}: ${one.fits ? 'fits' : 'does not fit'} (${one.file}; ${tools.join(', ')})`,
    head: ['resource', 'used', 'of'],
    rows: rows
      .filter(([, used]) => used !== null)
      .map(([name, used, all]) => [name, of(used), of(all)]),
  };
}
