import { UserError } from '../../base/errors.js';
import type { Target } from '../../golden/words/target.js';
import { badValue, choice, type OptionValues, text } from './options.js';

/** Options that leave the word lengths to a search. */
export const autoOptions = {
  words: choice(
    'chooses the smallest word lengths with which the golden model meets --error or --accuracy-loss',
    ['auto'],
  ),
  error: text(
    'with --words auto: r.m.s. error of the outputs, in percent of the float outputs, at most (1% without --labels)',
    { valueName: 'P%' },
  ),
  accuracyLoss: text(
    'with --words auto: points of accuracy below the float network, at most (0.5 with --labels)',
    { valueName: 'P' },
  ),
};

type Given = OptionValues<typeof autoOptions> & { readonly labels?: string | undefined };

/** What a search has to reach where nobody says it. */
const DEFAULT_ERROR = 0.01;
const DEFAULT_LOSS = 0.005;

/** The target of a search, or null where the words are given. @throws UserError BAD_USAGE or BAD_OPTION_VALUE */
export function targetOf({ words, error, accuracyLoss, labels }: Given): Target | null {
  if (words === undefined) {
    const given = error !== undefined ? '--error' : accuracyLoss !== undefined && '--accuracy-loss';
    if (given) throw usage(`${given} needs --words auto, which looks for word lengths`, given);
    return null;
  }
  if (error !== undefined && accuracyLoss !== undefined) {
    throw usage('--error and --accuracy-loss exclude each other', '--accuracy-loss');
  }
  if (accuracyLoss !== undefined && labels === undefined) {
    throw usage('--accuracy-loss needs --labels', '--accuracy-loss');
  }
  if (error !== undefined) {
    const limit = percentOf(error, '--error');
    if (limit === 0) throw badValue('--error', 'a percentage above 0', error);
    return { kind: 'error', limit };
  }
  if (accuracyLoss !== undefined) {
    return { kind: 'accuracy-loss', limit: percentOf(accuracyLoss, '--accuracy-loss') };
  }
  return labels === undefined
    ? { kind: 'error', limit: DEFAULT_ERROR }
    : { kind: 'accuracy-loss', limit: DEFAULT_LOSS };
}

/** `1%` or `1` as 0.01. */
function percentOf(given: string, field: string): number {
  const percent = /^(\d+(\.\d*)?|\.\d+)\s*%?$/.test(given) ? Number.parseFloat(given) : Number.NaN;
  if (percent >= 0 && percent <= 100) return percent / 100;
  throw badValue(field, 'a percentage, 0 to 100', given);
}

function usage(message: string, field: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message, field });
}
