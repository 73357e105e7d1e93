import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { choosePattern } from '../../generator/sparsity/hcgs/choose.js';
import { existingPositions } from '../../generator/sparsity/hcgs/count.js';
import { drawPattern, keptCounts } from '../../generator/sparsity/hcgs/draw.js';
import { type HcgsPattern, keptBlocksOfRow } from '../../generator/sparsity/hcgs/pattern.js';
import { validatePattern } from '../../generator/sparsity/hcgs/validate.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { type GateValues, meanMagnitudes } from '../../generator/sparsity/magnitude.js';
import { patterns } from '../support/networks.js';

/** Random integers as weights, so that sums are exact and ties happen. */
function values(rows: number, columns: number, gates: number, seed: number): GateValues {
  const random = new Random(seed);
  const gate = () => Float64Array.from({ length: rows * columns }, () => random.between(-2, 2));
  return { rows, columns, gates: Array.from({ length: gates }, gate) };
}

/** Mean |w| of the block whose first row and column are given, from its definition. */
function mean({ rows, columns, gates }: GateValues, row: number, column: number, size: number) {
  const found: number[] = [];
  for (const gate of gates) {
    for (let r = row; r < Math.min(rows, row + size); r++) {
      for (let c = column; c < Math.min(columns, column + size); c++) {
        found.push(Math.abs(gate[r * columns + c] as number));
      }
    }
  }
  return found.reduce((a, b) => a + b, 0) / found.length;
}

/** First columns of the blocks kept for one matrix row, level by level from the definition. */
function keptColumns(
  matrix: GateValues,
  blocks: readonly number[],
  keep: readonly number[],
  row: number,
) {
  let parents = [{ first: 0, end: matrix.columns }];
  blocks.forEach((size, level) => {
    const top = Math.floor(row / size) * size;
    parents = parents.flatMap(({ first, end }) => {
      const inside: number[] = [];
      for (let column = first; column < Math.min(end, matrix.columns); column += size) {
        inside.push(column);
      }
      return inside
        .map((column) => ({ column, mean: mean(matrix, top, column, size) }))
        .sort((a, b) => b.mean - a.mean || a.column - b.column)
        .slice(0, keep[level])
        .map(({ column }) => ({ first: column, end: column + size }));
    });
  });
  return parents.map(({ first }) => first).sort((a, b) => a - b);
}

const guided = (matrix: GateValues, blocks: readonly number[], keep: readonly number[]) =>
  choosePattern(matrix, blocks, keep, (size) => meanMagnitudes(matrix, size));

describe('a pattern chosen by mean magnitude', () => {
  const size = fc.integer({ min: 1, max: 24 });
  const gates = fc.constantFrom(1, 4);
  const cases = fc.tuple(size, size, gates, patterns, fc.nat());

  it('keeps the blocks with the largest mean |w| of every block row, of equal ones the first', () => {
    fc.assert(
      fc.property(cases, ([rows, columns, count, { blocks, keep }, seed]) => {
        const matrix = values(rows, columns, count, seed);
        const counts = keptCounts(columns, blocks, keep);
        const pattern = guided(matrix, blocks, counts);
        validatePattern(pattern, 'chosen');
        if (blocks.length === 0) return;
        for (let row = 0; row < rows; row++) {
          const existing = keptBlocksOfRow(pattern, row).firstColumns.filter((c) => c < columns);
          expect(existing).toEqual(keptColumns(matrix, blocks, counts, row));
        }
      }),
    );
  });

  it('does not count padding: a narrow block of large weights wins', () => {
    const gate = Float64Array.from({ length: 4 * 9 }, (_, i) => (i % 9 === 8 ? 3 : 2));
    const pattern = guided({ rows: 4, columns: 9, gates: [gate] }, [4], [1]);
    expect([...(pattern.indices[0] as Int32Array)]).toEqual([2]);
  });

  it('looks at the sign of no weight', () => {
    const gate = Float64Array.of(-4, -4, 3, 3, -4, -4, 3, 3);
    const pattern = guided({ rows: 2, columns: 4, gates: [gate] }, [2], [1]);
    expect([...(pattern.indices[0] as Int32Array)]).toEqual([0]);
  });

  it('chooses outer blocks first: a large inner block of a small outer one is lost', () => {
    // outer block 0 holds 2 everywhere; outer block 1 holds one inner block of 5 and zeros
    const gate = Float64Array.from({ length: 4 * 8 }, (_, i) => {
      const [row, column] = [Math.floor(i / 8), i % 8];
      if (column < 4) return 2;
      return row < 2 && column < 6 ? 5 : 0;
    });
    const pattern = guided({ rows: 4, columns: 8, gates: [gate] }, [4, 2], [1, 1]);
    expect(pattern.indices.map((list) => [...list])).toEqual([[0], [0, 0]]);
  });
});

describe('the mask of a pattern', () => {
  it('has exactly the existing positions of its kept blocks', () => {
    const size = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(size, size, patterns, fc.nat(), (rows, columns, { blocks, keep }, seed) => {
        const counts = keptCounts(columns, blocks, keep);
        const drawn: HcgsPattern = drawPattern({ rows, columns }, blocks, counts, new Random(seed));
        const { kept } = keptMask(drawn);
        expect(kept.reduce((a, b) => a + b, 0)).toBe(existingPositions(drawn));
        for (let row = 0; row < rows; row++) {
          const { width, firstColumns } = keptBlocksOfRow(drawn, row);
          for (let column = 0; column < columns; column++) {
            const inside = firstColumns.some((first) => column >= first && column < first + width);
            expect(kept[row * columns + column]).toBe(inside ? 1 : 0);
          }
        }
      }),
    );
  });
});
