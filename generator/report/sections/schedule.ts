import { isOfChain, type LayerEstimate } from '../../accelerator/index.js';
import type { ReportInput } from '../input.js';
import { barChart } from '../pictures/bars.js';
import { PAGE, type Palette, type Picture } from '../pictures/picture.js';
import { schedulePicture } from '../pictures/schedule.js';
import { playSchedule } from '../schedule/playing.js';
import { CAUSE_TEXTS, CAUSES } from '../schedule/spans.js';
import { figure, percent, type Section, section } from './section.js';

/** Cycles of a layer on its engine, and multipliers of that. */
interface LayerCycles extends LayerEstimate {
  readonly name: string;
  readonly macs: number;
}

function layersWith({ figures }: ReportInput): readonly LayerCycles[] {
  const macsOf = (engine: number) =>
    isOfChain(figures) ? (figures.engines[engine]?.macs ?? figures.macs) : figures.macs;
  return figures.layers.map((layer, l) => ({
    ...layer,
    name: layer.kind === 'output' ? 'output layer' : `layer ${l}, ${layer.kind}`,
    macs: macsOf('engine' in layer ? Number(layer.engine) : 0),
  }));
}

/** Cycles by layer: those that all multipliers would need, what tiles take beyond, and those without a tile. */
export function cyclesPicture(input: ReportInput, palette: Palette): Picture {
  const layers = layersWith(input);
  const [kept, rest, waits] = ['kept weights', 'tiles not full', 'waiting'];
  const values = layers.flatMap(({ name, macs, keptWeights, tiles, stallCycles }) => {
    const ideal = keptWeights / macs;
    const parts = [
      [kept, ideal],
      [rest, Math.max(0, tiles - ideal)],
      [waits, stallCycles],
    ] as const;
    return parts.map(([part, value]) => ({
      ...{ row: name, part: part as string, value },
      text: `${name}: ${part} ${figure(value)} cycles`,
    }));
  });
  const total = layers.reduce((sum, { tiles, stallCycles }) => sum + tiles + stallCycles, 0);
  return {
    id: 'cycles',
    title: 'Cycles of a frame by layer',
    label: `${figure(total)} cycles of the array over ${layers.length} layers`,
    spec: barChart(
      {
        rows: layers.map(({ name }) => name),
        parts: [
          [kept as string, palette.accent],
          [rest as string, palette.series[5]],
          [waits as string, palette.series[4]],
        ],
        values,
        title: 'cycles a frame',
      },
      palette,
    ),
  };
}

/** What the hardware does in which cycle. */
export function scheduleSection(input: ReportInput): Section {
  const { figures, hardware, placed, cuts, time } = input;
  const played = playSchedule(hardware, placed, cuts);
  const waits = CAUSES.filter((cause) => played.waits[cause] > 0);
  return section('schedule', 'Schedule', {
    text: [
      `${figures.macs} multipliers: ${figure(figures.cyclesPerFrame)} cycles a frame, latency ${figure(figures.latencyCycles)} cycles; ${percent(figures.macUtilization)} of the multiplier cycles are products of kept weights.`,
      `Of the others ${percent(figures.balance)} stand behind row groups with more tiles, ${percent(figures.padding)} are positions of tiles without a kept weight, ${percent(figures.waiting)} wait.`,
      ...time,
      waits.length === 0
        ? `In ${played.shown} the array never waits.`
        : `In ${played.shown}, ${played.cycles} cycles, the array waits: ${waits.map((cause) => `${played.waits[cause]} cycles, ${CAUSE_TEXTS[cause]}`).join('; ')}.`,
      'Sums that are done ahead are lighter. Colours of work change from frame to frame.',
    ],
    pictures: [schedulePicture(played, PAGE), cyclesPicture(input, PAGE)],
    tables: [
      {
        caption: 'Cycles and utilization by layer',
        head: ['layer', 'rows', 'kept weights', 'tiles', 'waiting', 'cycles', 'utilization'],
        rows: layersWith(input).map((layer) => {
          const cycles = layer.tiles + layer.stallCycles;
          return [
            layer.name,
            layer.rows,
            layer.keptWeights,
            figure(layer.tiles),
            figure(layer.stallCycles),
            figure(cycles),
            cycles === 0 ? '-' : percent(layer.keptWeights / layer.macs / cycles),
          ];
        }),
      },
    ],
  });
}
