import { describe, expect, it } from 'vitest';
import { BlockMaps } from '../../generator/sparsity/blocks.js';
import { searchPatterns } from '../../generator/sparsity/hcgs/search.js';
import { isBalanced, survey } from '../../generator/sparsity/hcgs/survey.js';
import type { Mask } from '../../generator/sparsity/mask.js';

/** A mask from rows of text: `#` holds a weight. */
function mask(...rows: string[]): BlockMaps {
  const kept = Uint8Array.from(rows.join(''), (letter) => (letter === '#' ? 1 : 0));
  return new BlockMaps({ rows: rows.length, columns: rows[0]?.length ?? 0, kept });
}

describe('a survey', () => {
  it('counts what a pattern has to keep, what is missing, and where', () => {
    const found = survey([mask('#...', '....', '#.#.', '....', '..#.', '....')], [2]);
    expect(found).toMatchObject({ keep: [2], missing: [2], oddCounts: [1], positions: 16 });
    expect(found.odd).toEqual([
      { mask: 0, level: 0, blockRow: 1, parentColumn: 0, used: 2, existing: 2, usual: 1 },
    ]);
    expect(isBalanced(found)).toBe(false);
  });

  it('asks for no more blocks than exist', () => {
    // inside the last block of 4 there is one column of 2-blocks only
    const found = survey([mask('####..', '####..', '######', '######')], [4, 2]);
    expect(found).toMatchObject({ keep: [2, 2], missing: [0, 1], oddCounts: [0, 1] });
    const ragged = survey([mask('#.#.....#', '........#', '#.#.....#', '........#')], [4, 2]);
    expect(ragged).toMatchObject({ keep: [2, 2], missing: [0, 0], oddCounts: [0, 0], odd: [] });
    expect(isBalanced(ragged)).toBe(true);
  });

  it('takes the masks of all gates together, and names the gate', () => {
    const found = survey([mask('##..', '##..'), mask('####', '####'), mask('..##', '..##')], [2]);
    expect(found).toMatchObject({ keep: [2], missing: [2], oddCounts: [1], positions: 16 });
    expect(found.odd).toMatchObject([{ mask: 1, used: 2, usual: 1 }]);
  });

  it('counts all odd block rows and names the first three', () => {
    const rows = Array.from({ length: 9 }, (_, r) => (r < 5 ? '#.' : '##'));
    const found = survey([mask(...rows)], [1]);
    expect(found.oddCounts).toEqual([4]);
    expect(found.odd.map(({ blockRow }) => blockRow)).toEqual([5, 6, 7]);
  });
});

describe('the search', () => {
  it('finds patterns per gate that leave no zero common to all gates', () => {
    const own = (gate: number): Mask => ({
      rows: 8,
      columns: 8,
      kept: Uint8Array.from({ length: 64 }, (_, i) => ((i % 8) >> 1 === gate ? 1 : 0)),
    });
    const perGate = [0, 1, 2, 3].map((gate) => new BlockMaps(own(gate)));
    const shared = new BlockMaps({ rows: 8, columns: 8, kept: new Uint8Array(64).fill(1) });
    const [found] = searchPatterns([{ name: 'w', group: 0, shared, perGate }], { fill: false });
    expect(found).toMatchObject({ sharing: 'per-gate' });
    expect(found?.blocks.at(-1)).toBe(2);
  });
});
