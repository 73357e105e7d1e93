import { describe, expect, test } from 'vitest';
import { svgOf } from '../../generator/base/svg.js';
import { type MatrixMap, mapOf } from '../../generator/report/maps/map.js';
import { mapPicture } from '../../generator/report/maps/svg-map.js';
import { densePattern } from '../../generator/sparsity/dense.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import type { Pattern } from '../../generator/sparsity/registry.js';
import { drawn, matrixOf, STATED, seeded, sixteenth, unstructured } from './support/maps.js';

interface Path {
  readonly fill: string;
  readonly scale: readonly [number, number];
  /** Of each rectangle: left, top, width, height. */
  readonly rectangles: readonly (readonly [number, number, number, number])[];
}

/** The paths of rectangles in an SVG, in rows and columns. */
function pathsOf(svg: string): readonly Path[] {
  return [...svg.matchAll(/<path [^>]*>/g)].flatMap(([tag]) => {
    const [, sx, sy] = /scale\(([\d.e-]+),([\d.e-]+)\)/.exec(tag) ?? [];
    if (sx === undefined) return [];
    const rectangles = [...tag.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z/g)].map((found) => {
      const [, x, y, width, height, back] = found.map(Number) as [number, ...number[]];
      expect(back).toBe(width);
      return [x, y, width, height] as [number, number, number, number];
    });
    const fill = /fill="([^"]+)"/.exec(tag)?.[1] ?? '';
    return [{ fill, scale: [Number(sx), Number(sy)] as const, rectangles }];
  });
}

/** The mask that rectangles paint; none may lie on another. */
function painted(paths: readonly Path[], { rows, columns }: MatrixMap): Uint8Array {
  const kept = new Uint8Array(rows * columns);
  for (const [x, y, width, height] of paths.flatMap(({ rectangles }) => rectangles)) {
    for (let at = 0; at < width * height; at++) {
      const column = x + (at % width);
      const row = y + Math.floor(at / width);
      expect(column < columns && row < rows).toBe(true);
      kept[row * columns + column] = (kept[row * columns + column] as number) + 1;
    }
  }
  return kept;
}

const textsOf = (svg: string) => [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);

describe('the picture of a map', () => {
  test.each(STATED)('has a rectangle for each run of %s, and no more', async (...stated) => {
    const pattern = drawn(stated, { rows: 61, columns: 45 }, seeded());
    const map = mapOf(matrixOf([pattern]), 'w');
    const svg = await svgOf(mapPicture(map));
    expect(painted(pathsOf(svg), map)).toEqual(keptMask(pattern).kept);
    expect(svg.includes('aggregated')).toBe(false);
  });

  test('says what it shows, in places that fit', async () => {
    const pattern = sixteenth({ rows: 1024, columns: 512 }, seeded());
    const svg = await svgOf(mapPicture(mapOf(matrixOf([pattern]), 'h of layer <0>')));
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        'h of layer &lt;0&gt;',
        '1024 rows x 512 columns',
        '32768 of 524288 weights kept (6.3 %)',
        'blocks 64,4 keep 2,4',
        ...['row', 'column', '0', '64', '128', '512', '1024'],
      ]),
    );
    const [{ scale, rectangles }] = pathsOf(svg) as [Path];
    expect(scale).toEqual([400 / 512, 500 / 1024]);
    expect(rectangles.reduce((sum, [, , width, height]) => sum + width * height, 0)).toBe(32_768);
    // 26 + 3 * 17 of text, 42 of the axis, 500 rows of pixels, 16 below
    expect(svg.includes('width="480" height="635"')).toBe(true);
    expect(svg.length).toBeLessThan(60_000);
  });

  test('of the gate that is asked for', async () => {
    const size = { rows: 16, columns: 16 };
    const patterns = [unstructured(size, seeded(), 3), densePattern(size) as Pattern];
    const map = mapOf(matrixOf(patterns), 'w', ['reset', 'new']);
    const svg = await svgOf(mapPicture(map, { pattern: 1, width: 300 }));
    expect(textsOf(svg)).toContain('w, gate new');
    expect(pathsOf(svg)[0]?.rectangles).toEqual([[0, 0, 16, 16]]);
    expect(svg.includes('width="300"')).toBe(true);
    expect(() => mapPicture(map, { pattern: 2 })).toThrow('w has no pattern 2');
  });

  test('of a matrix of no weights is empty', async () => {
    const none = { rows: 4, columns: 4, start: new Int32Array(5), kept: new Int32Array() };
    const svg = await svgOf(mapPicture(mapOf(matrixOf([{ kind: 'mask', ...none }]), 'w')));
    expect(pathsOf(svg).flatMap(({ rectangles }) => rectangles)).toEqual([]);
    expect(textsOf(svg)).toContain('0 of 16 weights kept (0.0 %)');
  });

  test('shows shares where there are too many rectangles, and says so', async () => {
    const size = { rows: 1000, columns: 600 };
    const pattern = unstructured(size, seeded(), 9);
    const { kept } = keptMask(pattern);
    const map = mapOf(matrixOf([pattern]), 'w');
    const svg = await svgOf(mapPicture(map));
    const cells = { rows: 8, columns: 5 };
    const shareOf = (top: number, left: number): number => {
      let sum = 0;
      for (let row = top; row < top + cells.rows; row++) {
        for (let column = left; column < left + cells.columns; column++) {
          sum += kept[row * size.columns + column] as number;
        }
      }
      return sum / cells.rows / cells.columns;
    };
    const shares = Array.from({ length: 125 * 120 }, (_, at) =>
      shareOf(cells.rows * Math.floor(at / 120), cells.columns * (at % 120)),
    );
    const most = Math.max(...shares);
    const percent = (100 * most).toFixed(1);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        'aggregated: shares in cells of 8 x 5 positions',
        `8 greys, black = ${percent} % kept`,
      ]),
    );
    const step = new Uint8Array(125 * 120);
    for (const { fill, rectangles } of pathsOf(svg)) {
      const grey = Number(/\d+/.exec(fill)?.[0]);
      for (const [x, y, width, height] of rectangles) {
        expect([x % 5, y % 8, width % 5, height]).toEqual([0, 0, 0, 8]);
        const from = (y / 8) * 120 + x / 5;
        step.fill(Math.round(8 * (1 - grey / 235)), from, from + width / 5);
      }
    }
    expect(step).toEqual(Uint8Array.from(shares, (share) => Math.ceil((8 * share) / most - 1e-9)));
    expect(svg.length).toBeLessThan(500_000);
  });

  test('has last cells of what is left', async () => {
    const size = { rows: 300, columns: 301 };
    const pattern = unstructured(size, seeded(), 2);
    const { kept } = keptMask(pattern);
    const map = mapOf(matrixOf([pattern]), 'w');
    const svg = await svgOf(mapPicture(map));
    expect(svg.includes('aggregated: shares in cells of 3 x 3')).toBe(true);
    const cellOf = (at: number) =>
      Math.floor(at / size.columns / 3) * 1000 + Math.floor((at % size.columns) / 3);
    const used = new Set([...kept.keys()].filter((at) => kept[at] === 1).map(cellOf));
    const wanted = kept.map((_, at) => (used.has(cellOf(at)) ? 1 : 0));
    expect(painted(pathsOf(svg), map)).toEqual(wanted);
  });
});
