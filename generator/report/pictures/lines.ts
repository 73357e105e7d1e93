import type { Spec } from 'vega';
import { chart, numberAxis, type Palette } from './picture.js';

export interface LineChart {
  /** A point per place and line. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly line: string }[];
  readonly lines: readonly string[];
  readonly x: string;
  readonly y: string;
}

const HEIGHT = 190;

/** Lines over whole numbers, each told apart by colour and dashes. */
export function lineChart({ points, lines, x, y }: LineChart, palette: Palette): Spec {
  const range = lines.map((_, i) => palette.series[i % palette.series.length] as string);
  const dashes = lines.map(
    (_, i) =>
      (
        [
          [1, 0],
          [6, 3],
          [2, 2],
          [8, 3, 2, 3],
        ] as const
      )[i % 4],
  );
  return chart(palette, HEIGHT, {
    data: [{ name: 'points', values: [...points] }],
    scales: [
      {
        name: 'x',
        type: 'linear',
        domain: { data: 'points', field: 'x' },
        range: 'width',
        zero: false,
      },
      {
        name: 'y',
        type: 'linear',
        domain: { data: 'points', field: 'y' },
        range: 'height',
        nice: true,
        zero: true,
      },
      { name: 'colour', type: 'ordinal', domain: [...lines], range },
      { name: 'dash', type: 'ordinal', domain: [...lines], range: dashes as never },
    ],
    axes: [numberAxis('x', 'bottom', x), numberAxis('y', 'left', y)],
    legends: [{ stroke: 'colour', strokeDash: 'dash', symbolType: 'stroke', columns: 3 }],
    marks: [
      {
        type: 'group',
        aria: false,
        from: { facet: { name: 'line', data: 'points', groupby: 'line' } },
        marks: [
          {
            type: 'line',
            aria: false,
            from: { data: 'line' },
            encode: {
              enter: {
                stroke: { scale: 'colour', field: 'line' },
                strokeDash: { scale: 'dash', field: 'line' },
                strokeWidth: { value: 1.6 },
              },
              update: { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } },
            },
          },
        ],
      },
    ],
  });
}
