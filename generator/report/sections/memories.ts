import {
  engineLabel,
  enginesOf,
  type Hardware,
  isChain,
  type MemoryUse,
  memories,
} from '../../accelerator/index.js';
import type { ReportInput, SynthEvidence } from '../input.js';
import { barChart } from '../pictures/bars.js';
import { PAGE, type Palette, type Picture } from '../pictures/picture.js';
import { figure, type Section, section, type Table } from './section.js';

/** Memories alike, with the bits of all of them. */
interface MemoryGroup extends MemoryUse {
  /** With the engine of a chain. */
  readonly label: string;
  readonly count: number;
  readonly bits: number;
}

const KINDS = ['weights', 'index', 'bias', 'table', 'control', 'ram'] as const;
const KIND_TEXTS: Readonly<Record<(typeof KINDS)[number], string>> = {
  weights: 'weights',
  index: 'positions',
  bias: 'biases',
  table: 'activation tables',
  control: 'control',
  ram: 'values of frames',
};

/** Memories of one name without its number, one size and kind together. */
function groupsOf(hardware: Hardware): readonly MemoryGroup[] {
  const groups = new Map<string, MemoryGroup>();
  for (const [n, c] of enginesOf(hardware).entries()) {
    const engine = isChain(hardware) ? `${engineLabel(n)}: ` : '';
    for (const memory of memories(c)) {
      const { name, width, depth, copies, kind } = memory;
      const plain = name.replace(/ \d+$/, '');
      const key = [engine, plain, width, depth, copies, kind].join('\0');
      const known = groups.get(key);
      const count = (known?.count ?? 0) + 1;
      groups.set(key, {
        ...(known ?? memory),
        label: `${engine}${count === 1 ? name : `${plain}s`}`,
        count,
        bits: count * width * depth * copies,
      });
    }
  }
  return [...groups.values()];
}

/** Bits of the memories of a design, by what they hold. */
export function memoryPicture(
  { hardware }: Pick<ReportInput, 'hardware'>,
  palette: Palette,
): Picture {
  const groups = groupsOf(hardware);
  const total = groups.reduce((sum, { bits }) => sum + bits, 0);
  return {
    id: 'memory',
    title: 'Memories',
    label: `${figure(total)} bits in ${groups.reduce((sum, { count, copies }) => sum + count * copies, 0)} memories`,
    spec: barChart(
      {
        rows: groups.map(({ label }) => label),
        parts: KINDS.map((kind, n) => [KIND_TEXTS[kind], palette.series[n] as string]),
        values: groups.map((one) => ({
          ...{ row: one.label, part: KIND_TEXTS[one.kind], value: one.bits },
          text: `${one.label}: ${one.count * one.copies} x ${one.depth} words of ${one.width} bits, ${figure(one.bits)} bits`,
        })),
        title: 'bits',
      },
      palette,
    ),
  };
}

/** The stores of a design, and what they become on a device or a chip. */
export function memorySection(input: ReportInput): Section {
  const { figures, hardware, device, synth } = input;
  const chips = synth.filter(({ macros }) => macros.length > 0);
  return section('memory', 'Memories', {
    text: [
      `${figures.load === undefined ? 'ROM' : 'Loaded'} bits: weights ${figure(figures.weightBits)}, positions ${figure(figures.indexBits)} (${figures.indexBitsPerKeptWeight.toFixed(3)} a kept weight), biases ${figure(figures.biasBits)}, tables ${figure(figures.tableBits)}, control ${figure(figures.controlBits)}; RAM bits ${figure(figures.ramBits)}.`,
    ],
    pictures: [memoryPicture(input, PAGE)],
    tables: [
      {
        caption: 'Stores',
        head: ['store', 'holds', 'memories', 'words', 'width', 'bits'],
        rows: groupsOf(hardware).map((one) => [
          one.label,
          KIND_TEXTS[one.kind],
          one.count * one.copies,
          one.depth,
          one.width,
          figure(one.bits),
        ]),
      },
      ...(device === null ? [] : [deviceTable(device)]),
      ...chips.map(macroTable),
    ],
    missing:
      device === null && chips.length === 0
        ? [
            'What they become on a device: --target FAMILY; of a chip, --synth FILE of a design with macros.',
          ]
        : [],
  });
}

function deviceTable(device: NonNullable<ReportInput['device']>): Table {
  return {
    caption: `Predicted on ${device.device}`,
    head: ['memory', 'words', 'bits', 'becomes'],
    rows: device.memories.map(({ path, words, bits, place }) => [
      path.replace(/^u_core\./, '').replace(/\.words$/, ''),
      words,
      bits,
      place.cell === null ? 'logic' : `${place.cells} ${place.cell}`,
    ]),
  };
}

function macroTable({ macros, file }: SynthEvidence): Table {
  return {
    caption: `Macros of ${file}`,
    head: ['macro', 'words', 'bits', 'instances', 'area of all, µm²'],
    rows: macros.map(({ macro, words, bits, instances, area }) => [
      macro,
      words,
      bits,
      instances.length,
      area === null ? '-' : figure(area * instances.length),
    ]),
  };
}
