import type { Histogram } from '../values/bins.js';
import { chart, numberAxis, type Palette, type Picture } from './picture.js';

const HEIGHT = 110;

/** How often values occur, on a logarithmic scale, with the ends of their format. */
export function histogramPicture(h: Histogram, palette: Palette, id: string): Picture {
  const unit = 2 ** -h.fraction;
  const values = h.counts.flatMap((count, bin) => {
    if (count === 0) return [];
    const from = h.first + bin * h.step;
    const to = from + h.step;
    const codes = h.step === 1 ? `code ${from}` : `codes ${from} to ${to - 1}`;
    const text = `${codes}: ${count} (${percent(count, h.values)})`;
    return [{ from: from * unit, to: to * unit, count, text }];
  });
  const ends = [h.low, h.high + 1].map((code) => ({ at: code * unit }));
  const spec = chart(palette, HEIGHT, {
    data: [
      { name: 'bins', values },
      { name: 'ends', values: ends },
    ],
    scales: [
      {
        name: 'x',
        type: 'linear',
        domain: { fields: [{ data: 'ends', field: 'at' }] },
        range: 'width',
        zero: false,
        nice: false,
      },
      {
        name: 'y',
        type: 'log',
        domain: [0.7, Math.max(2, ...values.map(({ count }) => count))],
        range: 'height',
        nice: false,
      },
    ],
    axes: [
      numberAxis('x', 'bottom', `value (${h.fraction} fraction bits)`),
      { ...numberAxis('y', 'left', 'values'), tickCount: 3, format: '~s' },
    ],
    marks: [
      {
        type: 'rect',
        aria: false,
        from: { data: 'bins' },
        encode: {
          enter: { fill: { value: palette.accent }, tooltip: { field: 'text' } },
          update: {
            x: { scale: 'x', field: 'from' },
            x2: { scale: 'x', field: 'to', offset: h.counts.length > 80 ? 0 : -0.5 },
            y: { scale: 'y', field: 'count' },
            y2: { field: { group: 'height' } },
          },
        },
      },
      {
        type: 'rule',
        aria: false,
        from: { data: 'ends' },
        encode: {
          enter: { stroke: { value: palette.warning }, strokeDash: { value: [3, 3] } },
          update: {
            x: { scale: 'x', field: 'at' },
            y: { value: 0 },
            y2: { field: { group: 'height' } },
          },
        },
      },
    ],
  });
  return { id, title: h.name, label: labelOf(h, unit), spec };
}

function labelOf(h: Histogram, unit: number): string {
  if (h.least === null || h.largest === null) return `${h.name}: no values`;
  const shown = (code: number) => Number((code * unit).toPrecision(5));
  const format = `a format of ${shown(h.low)} to ${shown(h.high)}`;
  const ends = h.atEnds === 0 ? 'none' : `${h.atEnds} (${percent(h.atEnds, h.values)})`;
  return `${h.values} values from ${shown(h.least)} to ${shown(h.largest)} in ${format}; at its ends: ${ends}`;
}

function percent(part: number, all: number): string {
  return `${((100 * part) / all).toPrecision(3)} %`;
}
