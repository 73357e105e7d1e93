import type { ReportInput } from '../input.js';
import { barChart } from '../pictures/bars.js';
import { PAGE, type Picture } from '../pictures/picture.js';
import { figure, type Section, section } from './section.js';

/** What a frame takes, where a synthesis for a chip says it. */
export function energySection({ synth }: ReportInput): Section {
  const known = synth.flatMap(({ energy, file }) => (energy === null ? [] : [{ energy, file }]));
  return section('energy', 'Energy', {
    text: known.flatMap(({ energy, file }) => [
      `${file}: ${figure(energy.total)} nJ a frame at ${figure(energy.clockMHz)} MHz; standard cells at an assumed activity of ${energy.cellActivity} changes of a net in a cycle.`,
      ...(energy.uncounted.length === 0 ? [] : [`Not counted: ${energy.uncounted.join(', ')}.`]),
    ]),
    pictures: known.map(({ energy }, n): Picture => {
      const blocks = [...energy.blocks].sort(
        (a, b) => b.macros + b.cells + b.leakage - (a.macros + a.cells + a.leakage),
      );
      const parts = ['macros', 'cells', 'leakage'] as const;
      const [most] = blocks;
      return {
        id: `energy-${n}`,
        title: 'Energy of a frame by block',
        label: `${figure(energy.total)} nJ${most === undefined ? '' : `; most in ${most.block}`}`,
        spec: barChart(
          {
            rows: blocks.map(({ block }) => block),
            parts: parts.map((part, i) => [part, PAGE.series[i] as string]),
            values: blocks.flatMap((block) =>
              parts.map((part) => ({
                ...{ row: block.block, part, value: block[part] },
                text: `${block.block}, ${part}: ${figure(block[part])} nJ`,
              })),
            ),
            title: 'nJ a frame',
          },
          PAGE,
        ),
      };
    }),
    missing:
      known.length === 0
        ? [
            'Not known: --synth FILE of "hcgs synth --target asic --activity FILE --json-file FILE" has the energy of a frame.',
          ]
        : [],
  });
}
