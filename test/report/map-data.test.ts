import { inflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type Band, bandsOf, blockHeight, joined } from '../../generator/report/maps/bands.js';
import { decodeBands, encodeBands } from '../../generator/report/maps/codec.js';
import { bandsIn, keptByRows, type MatrixMap, mapOf } from '../../generator/report/maps/map.js';
import { densePattern } from '../../generator/sparsity/dense.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { Size } from '../../generator/sparsity/pattern.js';
import type { Pattern } from '../../generator/sparsity/registry.js';
import { drawn, matrixOf, STATED, seeded, sixteenth, unstructured } from './support/maps.js';

/** The positions of bands as a mask has them. */
function painted(bands: readonly Band[], { rows, columns }: Size): Uint8Array {
  const kept = new Uint8Array(rows * columns);
  for (const band of bands) {
    for (let row = band.row; row < band.row + band.rows; row++) {
      for (let i = 0; i < band.runs.length; i += 2) {
        const from = row * columns + (band.runs[i] as number);
        kept.fill(1, from, from + (band.runs[i + 1] as number));
      }
    }
  }
  return kept;
}

/** The bytes of the first pattern of a map. */
const bytesOf = ({ patterns: [first] }: MatrixMap): readonly number[] => [
  ...inflateSync(Buffer.from(first?.data ?? '', 'base64')),
];

const mask = (rows: readonly (readonly number[])[], columns: number): Pattern => ({
  ...{ kind: 'mask', rows: rows.length, columns },
  start: Int32Array.from([0, ...rows.map((_, r) => rows.slice(0, r + 1).flat().length)]),
  kept: Int32Array.from(rows.flat()),
});

describe('the map of a matrix', () => {
  test.each(STATED)('holds what %s keeps, padding left out', (...stated) => {
    const random = seeded();
    for (let n = 0; n < 12; n++) {
      const size = { rows: random.between(1, 70), columns: random.between(1, 70) };
      const pattern = drawn(stated, size, random);
      const map = mapOf(matrixOf([pattern]), 'w');
      const [own] = map.patterns as [(typeof map.patterns)[number]];
      const bands = bandsIn(map, own);
      const { kept } = keptMask(pattern);
      expect(painted(bands, size)).toEqual(kept);
      expect(own.kept + own.filled).toBe(kept.reduce((sum, one) => sum + one, 0));
      expect(own).toMatchObject({ gate: null, pattern: patternKind(pattern).report.text(pattern) });
      // rows of all bands follow each other, and neighbours differ
      expect(bands.reduce((row, band) => (band.row === row ? row + band.rows : -1), 0)).toBe(
        size.rows,
      );
      expect(joined(bands)).toEqual(bands);
    }
  });

  test('is the same in both forms of its bytes', () => {
    const random = seeded();
    const size = { rows: 37, columns: 300 };
    for (const rate of [1.1, 2, 9, 40, 3000]) {
      const bands = bandsOf(unstructured(size, random, rate));
      expect(decodeBands(encodeBands(bands, size), size)).toEqual(bands);
    }
    const forms = [2, 3000].map(
      (rate) => encodeBands(bandsOf(unstructured(size, random, rate)), size).form,
    );
    expect(forms).toEqual(['bits', 'runs']);
  });

  test('as runs is varints of bands', () => {
    // three rows alike, one without anything, one with columns 2, 3 and 200 ... 399
    const wide = Array.from({ length: 200 }, (_, i) => 200 + i);
    const alike = [2, 3, 5];
    const map = mapOf(matrixOf([mask([alike, alike, alike, [], [2, 3, ...wide]], 500)]), 'w');
    expect(map.patterns[0]?.form).toBe('runs');
    expect(bytesOf(map)).toEqual([
      ...[3, 2, 2, 2, 1, 1],
      ...[1, 0],
      // 196 = 0x44 + 128 * 1, 200 = 0x48 + 128 * 1
      ...[1, 2, 2, 2, 0xc4, 1, 0xc8, 1],
    ]);
  });

  test('as bits is a bit for each position, rows of whole bytes', () => {
    const map = mapOf(matrixOf([mask([[0, 2, 4, 6, 8], [9], [1, 3, 5, 7]], 10)]), 'w');
    expect(map.patterns[0]?.form).toBe('bits');
    expect(bytesOf(map)).toEqual([0b01010101, 0b01, 0, 0b10, 0b10101010, 0]);
  });

  test('has a part for each gate, by name or number', () => {
    const random = seeded();
    const size = { rows: 16, columns: 16 };
    const matrix = matrixOf([2, 4].map((rate) => unstructured(size, random, rate)));
    expect(mapOf(matrix, 'w').patterns.map(({ gate }) => gate)).toEqual(['0', '1']);
    expect(mapOf(matrix, 'w', ['reset', 'new']).patterns.map(({ gate }) => gate)).toEqual([
      'reset',
      'new',
    ]);
  });

  test('counts blocks that only fill a pattern apart from kept weights', () => {
    const pattern = { ...sixteenth({ rows: 64, columns: 64 }, seeded(), '16,4') };
    const filled = mapOf(matrixOf([{ ...pattern, filledPositions: 32 } as Pattern]), 'w');
    expect(filled.patterns[0]).toMatchObject({ kept: 64 * 4 - 32, filled: 32 });
  });

  test('of unstructured masks is small: two layers of 1024 cells, one weight in ten', () => {
    const random = seeded();
    const size = { rows: 1024, columns: 1024 };
    const bytes = [0, 1, 2, 3].map(() => {
      const gates = [0, 1, 2, 3].map(() => unstructured(size, random, 10));
      return JSON.stringify(mapOf(matrixOf(gates), 'w')).length;
    });
    expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(2e6);
  });
});

describe('kept weights by rows', () => {
  test('are of block rows, of several where there are many', () => {
    const pattern = sixteenth({ rows: 1024, columns: 512 }, seeded());
    const map = mapOf(matrixOf([pattern]), 'w');
    expect(blockHeight(bandsOf(pattern))).toBe(4);
    // two of eight blocks of 64, and of each of them four of 16 of 4: 2 * 4 * 4 columns of every row
    expect(keptByRows(map, 256)).toHaveLength(256);
    const groups = keptByRows(map);
    expect(groups).toHaveLength(64);
    for (const { rows, kept } of groups) expect([rows, kept]).toEqual([16, [16 * 32]]);
  });

  test('add up to what the matrix keeps, whatever its pattern, for each gate', () => {
    const random = seeded();
    for (const stated of STATED) {
      const size = { rows: random.between(1, 200), columns: random.between(1, 60) };
      const patterns = [0, 1].map(() => drawn(stated, size, random));
      const map = mapOf(matrixOf(patterns), 'w');
      const groups = keptByRows(map, 10);
      expect(groups.length).toBeLessThanOrEqual(10);
      const masks = patterns.map((pattern) => keptMask(pattern).kept);
      const { columns } = size;
      for (const { row, rows, kept } of groups) {
        expect(kept).toEqual(
          masks.map((own) =>
            own.subarray(row * columns, (row + rows) * columns).reduce((sum, one) => sum + one, 0),
          ),
        );
      }
      expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(size.rows);
    }
  });

  test('of a dense matrix are of single rows', () => {
    const map = mapOf(matrixOf([densePattern({ rows: 3, columns: 7 })]), 'w');
    expect(keptByRows(map)).toEqual([0, 1, 2].map((row) => ({ row, rows: 1, kept: [7] })));
  });
});
