import { describe, expect, it } from 'vitest';
import { keptCount, parseBlocks, parseKeep } from '../../generator/sparsity/hcgs/parse.js';
import { refusal } from '../support/refusal.js';

describe('block sizes', () => {
  it('are read outermost first', () => {
    expect(parseBlocks('32,4')).toEqual([32, 4]);
    expect(parseBlocks(' 64, 8 ,1')).toEqual([64, 8, 1]);
  });

  it.each(['32,5', '4,32', '4,4'])('that do not nest are refused: %s', (text) => {
    expect(refusal(() => parseBlocks(text))).toMatchObject({
      code: 'BLOCKS_NOT_NESTED',
      field: '--blocks',
    });
  });

  it.each(['', '0', '-4', '4.5', 'a', '8,', '99999999'])('are integers: %s is refused', (text) => {
    expect(refusal(() => parseBlocks(text)).code).toBe('BLOCKS_INVALID');
  });
});

describe('kept fractions', () => {
  it('are read outermost first', () => {
    expect(parseKeep('4/16,2/8')).toEqual([
      { k: 4, n: 16 },
      { k: 2, n: 8 },
    ]);
  });

  it.each(['0/4', '5/4', '0/0', '4', '1/2/3', '', '-1/4', '1.5/4'])('refuse %s', (text) => {
    expect(refusal(() => parseKeep(text))).toMatchObject({ code: 'KEEP_INVALID', field: '--keep' });
  });

  it('are rounded half up to a whole count, at least one', () => {
    expect(keptCount({ k: 4, n: 16 }, 14)).toBe(4); // 3.5
    expect(keptCount({ k: 3, n: 8 }, 8)).toBe(3);
    expect(keptCount({ k: 1, n: 16 }, 2)).toBe(1); // 0.125
    expect(keptCount({ k: 1, n: 4 }, 5)).toBe(1); // 1.25
    expect(keptCount({ k: 1, n: 1 }, 7)).toBe(7);
    expect(keptCount({ k: 2, n: 4 }, 1)).toBe(1); // 0.5
  });
});
