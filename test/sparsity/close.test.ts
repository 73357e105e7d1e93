import { expect, test } from 'vitest';
import { atOnce } from '../../generator/base/steps.js';
import { describeZeros } from '../../generator/sparsity/find.js';

/** Zeros of 64 x 64 in blocks of 8: block row r keeps as many blocks as said, from column r on. */
function zerosOf(counts: readonly number[]) {
  const kept = Uint8Array.from({ length: 64 * 64 }, (_, at) => {
    const [row, column] = [at >> 9, (at & 63) >> 3];
    return (column - row + 8) % 8 < (counts[row] as number) ? 1 : 0;
  });
  const mask = { rows: 64, columns: 64, kept };
  const matrix = { name: 'w', group: 0, shared: mask, perGate: [mask] };
  return atOnce(describeZeros(matrix, { kind: 'mask', sharing: 'shared' }));
}

test('zeros are near a pattern where at most a quarter of its block rows are odd', () => {
  const near = zerosOf([3, 3, 3, 3, 3, 3, 3, 2]);
  expect(near).toMatchObject({ kind: 'near', close: true });
  expect(near.findings[0]).toMatchObject({ kind: 'hcgs', oddRows: 1 });
  expect(zerosOf([3, 2, 3, 1, 2, 4, 3, 5])).toMatchObject({
    ...{ kind: 'exact', findings: [{ kind: 'mask', emptyRows: 0, longestRow: 40 }] },
  });
});
