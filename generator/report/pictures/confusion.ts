import type { Confusion } from '../../golden/confusion.js';
import { chart, type Palette, type Picture } from './picture.js';

const CELL = 30;
/** Classes above which counts are not written into the cells. */
const MOST_WRITTEN = 16;

/** Utterances by class, down, and the class decided, across. */
export function confusionPicture({ matrix }: Confusion, palette: Palette): Picture {
  const classes = matrix.map((_, n) => n);
  const most = Math.max(1, ...matrix.flat());
  const written = classes.length <= MOST_WRITTEN;
  const size = written ? CELL : Math.max(6, Math.floor((CELL * MOST_WRITTEN) / classes.length));
  const values = matrix.flatMap((row, own) =>
    row.map((count, decided) => ({
      ...{ own, decided, count },
      shade: count === 0 ? 0 : 0.15 + 0.75 * Math.sqrt(count / most),
      text: `class ${own} taken for ${decided}: ${count}`,
    })),
  );
  const right = classes.reduce((sum, n) => sum + (matrix[n]?.[n] ?? 0), 0);
  const all = matrix.flat().reduce((sum, count) => sum + count, 0);
  const spec = chart(palette, classes.length * size, {
    autosize: { type: 'pad' },
    width: classes.length * size,
    data: [{ name: 'cells', values }],
    scales: [
      { name: 'x', type: 'band', domain: classes, range: 'width' },
      { name: 'y', type: 'band', domain: classes, range: 'height' },
    ],
    axes: [
      {
        scale: 'x',
        orient: 'bottom',
        title: 'class decided',
        ticks: false,
        domain: false,
        labelOverlap: true,
      },
      {
        scale: 'y',
        orient: 'left',
        title: 'class',
        ticks: false,
        domain: false,
        labelOverlap: true,
      },
    ],
    marks: [
      {
        type: 'rect',
        aria: false,
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'decided' },
            y: { scale: 'y', field: 'own' },
            width: { scale: 'x', band: 1 },
            height: { scale: 'y', band: 1 },
            fill: { value: palette.accent },
            fillOpacity: { field: 'shade' },
            stroke: { value: palette.line },
            tooltip: { field: 'text' },
          },
        },
      },
      ...(written
        ? [
            {
              type: 'text' as const,
              aria: false,
              from: { data: 'cells' },
              encode: {
                enter: {
                  x: { scale: 'x', field: 'decided', band: 0.5 },
                  y: { scale: 'y', field: 'own', band: 0.5 },
                  align: { value: 'center' as const },
                  baseline: { value: 'middle' as const },
                  text: { signal: "datum.count === 0 ? '' : datum.count" },
                  fill: [
                    { test: 'datum.shade > 0.55', value: palette.paper },
                    { value: palette.ink },
                  ],
                },
              },
            },
          ]
        : []),
    ],
  });
  const label = `${right} of ${all} utterances of ${classes.length} classes are on the diagonal, decided as labelled`;
  return { id: 'confusion', title: 'Confusion matrix', label, spec };
}
