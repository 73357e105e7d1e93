import { unexpected } from '../../base/errors.js';
import { existingPositions, keptBlocksPerRow } from './count.js';
import { checkNesting } from './parse.js';
import { blockRows, blocksPerRow, type HcgsPattern } from './pattern.js';

/**
 * Checks everything that a pattern promises: sizes, nesting, counts, and index lists that are complete, in
 * range and ascending within each block row of each block. `field` names the pattern in errors.
 * @throws UserError PATTERN_INVALID or BLOCKS_NOT_NESTED with the two values that disagree.
 */
export function validatePattern(pattern: HcgsPattern, field: string, file?: string): void {
  const fail = (what: string, expected: string | number, got: string | number): never => {
    throw unexpected({ code: 'PATTERN_INVALID', file, field, expected, got }, `${field}: ${what}`);
  };
  const natural = (value: number) => Number.isSafeInteger(value) && value >= 1;
  if (!natural(pattern.rows)) fail('rows', 'at least 1', pattern.rows);
  if (!natural(pattern.columns)) fail('columns', 'at least 1', pattern.columns);
  const levels = pattern.blocks.length;
  if (pattern.keep.length !== levels) fail('kept counts', levels, pattern.keep.length);
  if (pattern.indices.length !== levels) fail('index lists', levels, pattern.indices.length);
  for (const size of pattern.blocks) {
    if (!natural(size)) fail('block size', 'at least 1', size);
  }
  checkNesting(pattern.blocks, field, file);
  pattern.indices.forEach((list, level) => {
    const keep = pattern.keep[level] as number;
    const across = blocksPerRow(pattern, level);
    if (!natural(keep) || keep > across) {
      fail(`kept blocks of level ${level}`, `1 to ${across}`, keep);
    }
    const length = blockRows(pattern, level) * keptBlocksPerRow(pattern, level);
    if (list.length !== length) fail(`indices of level ${level}`, length, list.length);
    list.forEach((index, at) => {
      if (index < 0 || index >= across) {
        fail(`index ${at} of level ${level}`, `0 to ${across - 1}`, index);
      }
      const before = at % keep === 0 ? -1 : (list[at - 1] as number);
      if (index <= before) fail(`index ${at} of level ${level}`, `above ${before}`, index);
    });
  });
  const filled = pattern.filledPositions ?? 0;
  const most = existingPositions(pattern);
  if (!Number.isSafeInteger(filled) || filled < 0 || filled > most) {
    fail('filled positions', `0 to ${most}`, filled);
  }
}
