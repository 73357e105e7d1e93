import { WORD_LIMITS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { badValue, type Option } from '../options/options.js';

/** A range of word lengths as an option: `4-8`, or `6` for one. `bitsOf` turns it into the word lengths. */
export function bitRange(what: string, word: keyof WordLengths, standard: string): Option<string> {
  const [least, most] = WORD_LIMITS[word];
  return {
    kind: 'value',
    describe: `bits of ${what}: a range, or one word length`,
    required: false,
    fallback: standard,
    valueName: 'N-N',
    role: null,
    parse: (given, field) => {
      const [low = 0, high = 0] = /^\d{1,3}(-\d{1,3})?$/.test(given) ? ends(given) : [];
      if (low < least || high > most || low > high) {
        throw badValue(field, `LOW-HIGH or one number, from ${least} to ${most}`, given);
      }
      return given;
    },
  };
}

/** The word lengths of a range, ascending. */
export function bitsOf(range: string): readonly number[] {
  const [low, high] = ends(range);
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

function ends(range: string): [low: number, high: number] {
  const [low, high = low] = range.split('-').map(Number);
  return [low as number, high as number];
}
