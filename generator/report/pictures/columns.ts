import type { Spec } from 'vega';
import { chart, numberAxis, type Palette } from './picture.js';

const HEIGHT = 90;

/** Standing bars side by side, from `from` to before `to`, with the least that an axis of values shows. */
export function columnChart(
  columns: readonly {
    readonly from: number;
    readonly to: number;
    readonly value: number;
    readonly text: string;
  }[],
  titles: { readonly x: string; readonly y: string },
  palette: Palette,
): Spec {
  return chart(palette, HEIGHT, {
    data: [{ name: 'columns', values: [...columns] }],
    scales: [
      {
        name: 'x',
        type: 'linear',
        domain: { data: 'columns', fields: ['from', 'to'] },
        range: 'width',
        zero: false,
        nice: false,
      },
      {
        name: 'y',
        type: 'linear',
        domain: { data: 'columns', field: 'value' },
        range: 'height',
        zero: true,
        nice: true,
      },
    ],
    axes: [
      numberAxis('x', 'bottom', titles.x),
      { ...numberAxis('y', 'left', titles.y), tickCount: 3 },
    ],
    marks: [
      {
        type: 'rect',
        aria: false,
        from: { data: 'columns' },
        encode: {
          enter: { fill: { value: palette.accent }, tooltip: { field: 'text' } },
          update: {
            x: { scale: 'x', field: 'from' },
            x2: { scale: 'x', field: 'to', offset: columns.length > 80 ? 0 : -1 },
            y: { scale: 'y', field: 'value' },
            y2: { scale: 'y', value: 0 },
          },
        },
      },
    ],
  });
}
