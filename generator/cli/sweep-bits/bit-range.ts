import { WORD_LIMITS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { badValue, type Option } from '../options/options.js';

/** `4-8`, `16-24/4` for every fourth of them, or `6` for one. */
const RANGE = /^\d{1,3}(-\d{1,3}(\/\d{1,2})?)?$/;

/** A range of word lengths as an option (`RANGE`). `bitsOf` turns it into the word lengths. */
export function bitRange(what: string, word: keyof WordLengths, standard: string): Option<string> {
  const [least, most] = WORD_LIMITS[word];
  return {
    kind: 'value',
    describe: `bits of ${what}: a range, with /STEP for some of it, or one word length`,
    required: false,
    fallback: standard,
    valueName: 'N-N',
    role: null,
    parse: (given, field) => {
      const [low, high, step] = RANGE.test(given) ? parts(given) : [0, 0, 0];
      if (low < least || high > most || low > high || step < 1) {
        throw badValue(
          field,
          `LOW-HIGH, LOW-HIGH/STEP or one number, from ${least} to ${most}`,
          given,
        );
      }
      return given;
    },
  };
}

/** The word lengths of a range, ascending. */
export function bitsOf(range: string): readonly number[] {
  const [low, high, step] = parts(range);
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
}

function parts(range: string): [low: number, high: number, step: number] {
  const [ends = '', step = '1'] = range.split('/');
  const [low, high = low] = ends.split('-').map(Number);
  return [low as number, high as number, Number(step)];
}
