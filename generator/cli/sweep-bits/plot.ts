import { basename, extname } from 'node:path';
import type { GroupMark, Spec, TextMark } from 'vega';
import { printable } from '../../base/printable.js';
import { type Panel, panels } from './panels.js';
import type { SweepReport } from './report.js';
import { closeText, conditionsText } from './text.js';

/** Size of a cell, and the space around the heat maps, in pixels. */
const CELL = { width: 50, height: 26 };
const MARGIN = { left: 64, right: 24, top: 76 };
/** Above the cells of a heat map stands its title, below them the axis. */
const TITLE = 26;
const AXIS = 58;
/** The lines of text at the top need so much, whatever the number of columns. */
const LEAST_WIDTH = 520;

/**
 * The sweep as a Vega specification: heat maps with numbers, weight bits up and activation bits across; of the
 * accuracy where there are labels, and of the output error. The smallest word lengths close to float have a frame. All
 * places are fixed, so that the picture does not depend on how wide a machine takes a text to be.
 */
export function sweepPlot(report: SweepReport): Spec {
  const width = CELL.width * report.activationBits.length;
  const height = CELL.height * report.weightBits.length;
  const drawn = panels(report);
  const top = (i: number) => MARGIN.top + i * (TITLE + height + AXIS) + TITLE;
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    autosize: 'none',
    width: Math.max(LEAST_WIDTH, MARGIN.left + width + MARGIN.right),
    height: top(drawn.length) - TITLE,
    background: 'white',
    marks: [
      ...headLines(report),
      ...drawn.map((panel, i) => heatMap(report, panel, { top: top(i), width, height })),
    ],
  };
}

/** What the picture is about and under which conditions, above the heat maps. */
function headLines(report: SweepReport): TextMark[] {
  const name = basename(report.model, extname(report.model));
  const smallest = report.smallest.length === 0 ? 'none' : 'the smallest';
  return [
    textAt(16, 26, `Word lengths of ${name}`, HEAD),
    ...[conditionsText(report), `framed: ${smallest} with ${closeText(report)}`].map((line, i) =>
      textAt(16, 46 + 17 * i, line, { fill: '#444' }),
    ),
  ];
}

const HEAD = { fontSize: 15, fontWeight: 'bold' } as const;

/** A line of text that begins at a place. */
function textAt(
  x: number,
  y: number,
  text: string,
  { fontSize = 12, fontWeight = 'normal', fill = 'black' },
): TextMark {
  const enter = { x, y, text: printable(text), fontSize, fontWeight, fill };
  return {
    type: 'text',
    encode: {
      enter: Object.fromEntries(Object.entries(enter).map(([key, value]) => [key, { value }])),
    },
  };
}

interface Place {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function heatMap(
  { weightBits, activationBits }: SweepReport,
  { name, title, scheme, cells }: Panel,
  { top, width, height }: Place,
): GroupMark {
  const own = (kind: string) => `${name}-${kind}`;
  const [x, y, colour] = [own('x'), own('y'), own('colour')];
  const place = {
    x: { scale: x, field: 'activationBits' },
    y: { scale: y, field: 'weightBits' },
    width: { scale: x, band: 1 },
    height: { scale: y, band: 1 },
  };
  return {
    type: 'group',
    encode: {
      enter: {
        x: { value: MARGIN.left },
        y: { value: top },
        width: { value: width },
        height: { value: height },
      },
    },
    data: [{ name: own('cells'), values: [...cells] }],
    scales: [
      { name: x, type: 'band', domain: [...activationBits], range: [0, width] },
      { name: y, type: 'band', domain: [...weightBits], range: [height, 0] },
      { name: colour, type: 'linear', domain: [0, 1], range: { scheme, extent: [0.05, 0.85] } },
    ],
    axes: [
      {
        ...AXIS_STYLE,
        scale: x,
        orient: 'bottom',
        title: 'activation bits (x and h)',
        titleY: 32,
      },
      {
        ...AXIS_STYLE,
        scale: y,
        orient: 'left',
        title: 'weight bits',
        titleX: -38,
      },
    ],
    marks: [
      textAt(0, -10, title, { fontWeight: 'bold' }),
      {
        type: 'rect',
        from: { data: own('cells') },
        encode: {
          enter: { ...place, fill: { scale: colour, field: 'shade' }, stroke: { value: 'white' } },
        },
      },
      {
        type: 'text',
        from: { data: own('cells') },
        encode: {
          enter: {
            x: { ...place.x, band: 0.5 },
            y: { ...place.y, band: 0.5 },
            text: { field: 'text' },
            align: { value: 'center' },
            baseline: { value: 'middle' },
            fontSize: { value: 12 },
            fontWeight: [{ test: 'datum.smallest', value: 'bold' }, { value: 'normal' }],
            fill: [{ test: 'datum.shade > 0.6', value: 'white' }, { value: 'black' }],
          },
        },
      },
      {
        type: 'rect',
        from: { data: own('cells') },
        encode: {
          enter: {
            ...place,
            stroke: { value: 'black' },
            strokeWidth: [{ test: 'datum.smallest', value: 2.5 }, { value: 0 }],
          },
        },
      },
    ],
  };
}

const AXIS_STYLE = {
  domain: false,
  ticks: false,
  labelFontSize: 12,
  titleFontSize: 12,
  titleFontWeight: 'normal',
  labelPadding: 6,
} as const;
