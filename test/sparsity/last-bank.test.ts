import { expect, it } from 'vitest';
import { unlikeIn } from '../../generator/sparsity/banks/find.js';
import { banksOf } from '../../generator/sparsity/banks/pattern.js';
import { listsFrom } from '../../generator/sparsity/lists/lists.js';

it('a last bank that keeps another number than those of other rows is named', () => {
  const rows = [
    [0, 8],
    [1, 9],
    [2, 8, 9],
  ];
  const lists = listsFrom({ rows: 3, columns: 10 }, (row) => rows[row] ?? []);
  const odd = unlikeIn([banksOf(8, lists)], 8);
  expect(odd).toMatchObject({ where: 'the last bank of row 2 in banks of 8', usual: 1, got: 2 });
});
