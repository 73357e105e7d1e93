import { UserError } from '../../base/errors.js';
import type { Budget } from '../../network/select/search/budget.js';
import type { Shared } from '../../sparsity/pattern.js';
import { optionName } from '../frame/command.js';
import { firstGiven, searchDesignOptions } from './design-options.js';
import { badValue, flag, type OptionValues, output, text } from './options.js';
import { optionWords, type selectOptions } from './select-options.js';

/** Options that leave the pattern of a dense network to a search. */
export const searchOptions = {
  search: flag(
    'looks for the pattern of each layer with which a dense network meets --budget and its outputs change least',
  ),
  budget: text(
    'with --search: cycles of a frame, or bits of weights and index, at most, on the design of --macs and the like',
    { valueName: 'cycles=N|bits=N' },
  ),
  keepWeights: flag(
    'with --search: kept weights stay as trained, instead of being fitted to the frames',
  ),
  ...searchDesignOptions,
};

/** Where kept positions go, whatever chooses them. */
export const maskOptions = {
  exportMasks: output(
    'with --select or --search: a safetensors file of 1 where a weight is kept and 0 elsewhere, under the names of the weights',
  ),
};

type Given = OptionValues<typeof searchOptions> &
  OptionValues<typeof selectOptions> & { readonly words?: 'auto' | undefined };

/** What the options say about a search. */
export interface SearchPlan {
  readonly budget: Budget;
  /** Kept weights stay as trained. */
  readonly keepWeights: boolean;
  /** Ways in which the gates of a matrix may share a pattern. */
  readonly sharing: readonly Shared['sharing'][];
}

/** What a search excludes: what says the pattern otherwise. */
const EXCLUDED = [
  ...['select', 'pattern', 'blocks', 'keep', 'rate', 'balance', 'seed', 'fill', 'dense'],
] as const;

/** The search, or null where there is none. @throws UserError BAD_USAGE or BAD_OPTION_VALUE */
export function searchPlan(args: Given): SearchPlan | null {
  const { search, budget, keepWeights, mask, words } = args;
  const design = firstGiven({ ...args, config: undefined, fit: [] });
  if (!search) {
    const given = [
      ...(budget === undefined ? [] : ['--budget']),
      ...(keepWeights ? ['--keep-weights'] : []),
      ...(design === undefined ? [] : [design]),
    ];
    if (given[0] !== undefined) throw usage(`${given[0]} needs --search`, given[0]);
    return null;
  }
  for (const name of EXCLUDED) {
    const value = args[name as keyof Given];
    if (value === undefined || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    const option = optionName(name);
    throw usage(`--search and ${option} exclude each other: the search says the pattern`, option);
  }
  if (budget === undefined) {
    throw usage('--search needs --budget cycles=N or --budget bits=N', '--budget');
  }
  const own = budgetOf(budget);
  if (own.kind === 'bits' && words === 'auto') {
    const why = 'the bits of a weight have to be known before';
    throw usage(`--budget bits=N and --words auto exclude each other: ${why}`, '--words');
  }
  return { budget: own, keepWeights, sharing: mask ? [mask] : ['shared', 'per-gate'] };
}

/** From `cycles=N` or `bits=N`. @throws UserError BAD_OPTION_VALUE */
function budgetOf(given: string): Budget {
  const [, kind, number] = /^(cycles|bits)=(\d+)$/.exec(given) ?? [];
  const limit = Number(number);
  if (kind === undefined || limit < 1 || !Number.isSafeInteger(limit)) {
    throw badValue('--budget', 'cycles=N or bits=N, N a whole number of at least 1', given);
  }
  return { kind: kind as Budget['kind'], limit };
}

/** The same options, as another command line has them. */
export function searchWords(args: OptionValues<typeof searchOptions>): readonly string[] {
  const { search, budget, keepWeights } = args;
  if (!search) return [];
  const design = Object.keys(searchDesignOptions).flatMap((key) => {
    const value = args[key as keyof typeof searchDesignOptions];
    if (value === undefined || value === false) return [];
    const name = optionName(key);
    return value === true ? [name] : optionWords(name.slice(2), value);
  });
  return [
    '--search',
    ...optionWords('budget', budget),
    ...(keepWeights ? ['--keep-weights'] : []),
    ...design,
  ];
}

function usage(message: string, field: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message, field });
}
