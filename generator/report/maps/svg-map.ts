import type { Axis, Mark, Spec } from 'vega';
import { printable } from '../../base/printable.js';
import { bandsIn, type MatrixMap, type PatternMap } from './map.js';
import { bandPath, largestShare, rectangleCount, shareGrid, stepPaths } from './rectangles.js';

/** How a map is drawn. */
export interface MapPictureOptions {
  /** Number of the pattern of the map that is drawn, from 0; default 0. */
  readonly pattern?: number;
  /** Width of the picture in pixels; default 480. */
  readonly width?: number;
}

/** Rectangles that a picture has at most; above that it shows shares of so many cells in either direction, in so many greys. */
const MOST_RECTANGLES = 20_000;
const MOST_CELLS = 128;
const GREYS = 8;

const WIDTH = 480;
const LEFT = 56;
const RIGHT = 24;
const BOTTOM = 16;
const LINE = 17;
/** Numbers and title of the axis above the matrix. */
const AXIS = 42;
/** Between how much lower and higher than wide a matrix is drawn. */
const LEAST_SHAPE = 0.3;
const MOST_SHAPE = 1.25;
/** Pixels between numbers at an axis. */
const LABEL_ROOM = 48;

/**
 * The sparsity map of one pattern as a Vega specification, for a still picture, black on white: a path of exact rectangles where
 * 20000 are enough, else shares of kept positions in cells, in greys, which the text at the top says. Paths are in rows and columns
 * of the matrix. All places are fixed.
 * @throws RangeError when the map has no such pattern
 */
export function mapPicture(map: MatrixMap, options: MapPictureOptions = {}): Spec {
  const { pattern: number = 0, width = WIDTH } = options;
  const pattern = map.patterns[number];
  if (pattern === undefined) throw new RangeError(`${map.name} has no pattern ${number}`);
  const drawn = shapesOf(map, pattern);
  const lines = textLines(map, pattern, drawn.notes);
  const top = 26 + LINE * lines.length + AXIS;
  const across = width - LEFT - RIGHT;
  const shape = Math.min(MOST_SHAPE, Math.max(LEAST_SHAPE, map.rows / map.columns));
  const down = Math.round(across * shape);
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    autosize: 'none',
    width,
    height: top + down + BOTTOM,
    background: 'white',
    marks: [
      ...headMarks(titleOf(map, pattern), lines),
      {
        type: 'group',
        encode: {
          enter: {
            x: { value: LEFT },
            y: { value: top },
            width: { value: across },
            height: { value: down },
            stroke: { value: '#bbb' },
          },
        },
        scales: [
          { name: 'column', type: 'linear', domain: [0, map.columns], range: [0, across] },
          { name: 'row', type: 'linear', domain: [0, map.rows], range: [0, down] },
        ],
        axes: [axisOf('column', 'top', map.columns, across), axisOf('row', 'left', map.rows, down)],
        marks: drawn.shapes.map(({ path, fill }) =>
          pathMark(path, fill, across / map.columns, down / map.rows),
        ),
      },
    ],
  };
}

/** Paths with their colours, and what has to be said of them. */
interface Shapes {
  readonly shapes: readonly { readonly path: string; readonly fill: string }[];
  readonly notes: readonly string[];
}

function shapesOf(map: MatrixMap, pattern: PatternMap): Shapes {
  const bands = bandsIn(map, pattern);
  if (rectangleCount(bands) <= MOST_RECTANGLES) {
    return { shapes: [{ path: bandPath(bands), fill: '#222' }], notes: [] };
  }
  const grid = shareGrid(bands, map, MOST_CELLS);
  const shapes = stepPaths(grid, map, GREYS)
    .map((path, step) => ({ path, fill: greyOf(step + 1) }))
    .filter(({ path }) => path !== '');
  const { rows, columns } = grid.cell;
  const most = (100 * largestShare(grid)).toFixed(1);
  const notes = [
    `aggregated: shares in cells of ${rows} x ${columns} positions`,
    `${GREYS} greys, black = ${most} % kept`,
  ];
  return { shapes, notes };
}

/** Grey of a step, 1 ... GREYS; the last one is black. */
function greyOf(step: number): string {
  const level = Math.round(235 * (1 - step / GREYS));
  return `rgb(${level},${level},${level})`;
}

function titleOf({ name }: MatrixMap, { gate }: PatternMap): string {
  return gate === null ? name : `${name}, gate ${gate}`;
}

/** Lines that fit into a narrow picture. */
function textLines(
  { rows, columns }: MatrixMap,
  { kept, filled, pattern }: PatternMap,
  notes: readonly string[],
): readonly string[] {
  const share = ((100 * kept) / (rows * columns)).toFixed(1);
  return [
    `${rows} rows x ${columns} columns`,
    `${kept} of ${rows * columns} weights kept (${share} %)`,
    ...(filled === 0 ? [] : [`${filled} added to fill blocks`]),
    pattern,
    ...notes,
  ];
}

function headMarks(title: string, lines: readonly string[]): readonly Mark[] {
  const all = [{ text: title, fontSize: 15, fontWeight: 'bold', fill: 'black' }].concat(
    lines.map((text) => ({ text, fontSize: 12, fontWeight: 'normal', fill: '#444' })),
  );
  return all.map(({ text, ...style }, n): Mark => {
    const enter = { x: 16, y: 26 + LINE * n, text: printable(text), ...style };
    return {
      type: 'text',
      encode: {
        enter: Object.fromEntries(Object.entries(enter).map(([key, value]) => [key, { value }])),
      },
    };
  });
}

/** An axis with numbers at multiples of a power of two, as blocks have them. */
function axisOf(
  name: 'row' | 'column',
  orient: 'top' | 'left',
  count: number,
  length: number,
): Axis {
  const step = Math.max(1, 2 ** Math.ceil(Math.log2((LABEL_ROOM * count) / length)));
  const values = Array.from({ length: Math.floor(count / step) + 1 }, (_, i) => i * step);
  return {
    ...{ scale: name, orient, values, title: name, format: 'd', domain: false },
    ...{ tickColor: '#bbb', tickSize: 4, labelFontSize: 11, labelColor: '#444' },
    ...{ titleFontSize: 12, titleFontWeight: 'normal', titleColor: '#444' },
    ...(orient === 'top' ? { titleY: -24 } : { titleX: -38 }),
  };
}

function pathMark(path: string, fill: string, scaleX: number, scaleY: number): Mark {
  return {
    type: 'path',
    encode: {
      enter: {
        x: { value: 0 },
        y: { value: 0 },
        path: { value: path },
        fill: { value: fill },
        scaleX: { value: scaleX },
        scaleY: { value: scaleY },
      },
    },
  };
}
