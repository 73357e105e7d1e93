import type { Spec } from 'vega';
import { chart, numberAxis, type Palette, rowAxis } from './picture.js';

/** A part of a bar. */
export interface BarPart {
  /** The bar that it belongs to, and what of it. */
  readonly row: string;
  readonly part: string;
  readonly value: number;
  /** What a reader is told who points at it. */
  readonly text: string;
}

export interface BarChart {
  /** From the top. */
  readonly rows: readonly string[];
  /** In the order in which they stand in a bar, with their colours. */
  readonly parts: readonly (readonly [part: string, colour: string])[];
  readonly values: readonly BarPart[];
  /** Title of the axis of values. */
  readonly title: string;
}

const STEP = 24;

/** The colour of a part that only moves the next one. */
export const NOTHING = 'transparent';

/** Lying bars, each of one part or several. */
export function barChart({ rows, parts, values, title }: BarChart, palette: Palette): Spec {
  const names = parts.map(([part]) => part);
  const shown = parts.flatMap(([part, colour]) => (colour === NOTHING ? [] : [part]));
  const ordered = [...values].sort((a, b) => names.indexOf(a.part) - names.indexOf(b.part));
  return chart(palette, rows.length * STEP, {
    data: [
      {
        name: 'bars',
        values: ordered,
        transform: [{ type: 'stack', groupby: ['row'], field: 'value' }],
      },
    ],
    scales: [
      { name: 'y', type: 'band', domain: [...rows], range: 'height', padding: 0.22 },
      {
        name: 'x',
        type: 'linear',
        domain: { data: 'bars', field: 'y1' },
        range: 'width',
        nice: true,
        zero: true,
      },
      { name: 'colour', type: 'ordinal', domain: names, range: parts.map(([, colour]) => colour) },
    ],
    axes: [rowAxis('y'), numberAxis('x', 'bottom', title)],
    legends: shown.length > 1 ? [{ fill: 'colour', values: shown, columns: 3 }] : [],
    marks: [
      {
        type: 'rect',
        aria: false,
        from: { data: 'bars' },
        encode: {
          enter: {
            y: { scale: 'y', field: 'row' },
            height: { scale: 'y', band: 1 },
            fill: { scale: 'colour', field: 'part' },
            tooltip: { field: 'text' },
          },
          update: { x: { scale: 'x', field: 'y0' }, x2: { scale: 'x', field: 'y1' } },
        },
      },
    ],
  });
}
