import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import type { MatrixMasks } from '../mask.js';
import type { Added, FindOptions, Fit } from '../pattern.js';
import { blocksOf } from './blocks-of.js';
import type { SizesChoice } from './candidates.js';
import { fitPatterns, type Fit as Held } from './fit.js';
import type { HcgsShape } from './parse.js';
import type { HcgsPattern } from './pattern.js';
import { searchSteps } from './search.js';
import { checkDense } from './unexplained.js';

/** How the zeros of a matrix are taken: block sizes, for all gates or for each. */
export interface HcgsChoice extends SizesChoice {
  readonly kind: 'hcgs';
}

/** Block sizes and sharing of every matrix, from its zeros. @throws UserError PATTERN_NOT_FOUND */
export function* searchHcgs(
  matrices: readonly MatrixMasks[],
  options: FindOptions,
): Steps<readonly HcgsChoice[]> {
  const choices = yield* searchSteps(matrices.map(blocksOf), options);
  return choices.map((choice) => ({ kind: 'hcgs', ...choice }));
}

/** The patterns of a choice. @throws UserError PATTERN_UNBALANCED without `fill` */
export function fitHcgs(
  matrix: MatrixMasks,
  choice: SizesChoice,
  options: FindOptions,
): Fit<HcgsPattern> {
  const { sharing } = choice;
  const { patterns, filledBlocks } = held(matrix, choice, options);
  return { sharing, patterns, added: addedBlocks(filledBlocks) };
}

/**
 * Given sizes: one mask for all gates or one per gate, whichever is balanced and keeps less, rather one mask; else
 * one mask, filled.
 * @throws UserError PATTERN_UNBALANCED, or PATTERN_NOT_FOUND where the sizes leave a matrix dense that is not.
 */
export function fitHcgsTo(
  matrix: MatrixMasks,
  { blocks }: HcgsShape,
  options: FindOptions,
): Fit<HcgsPattern> {
  const fits = (['shared', 'per-gate'] as const).flatMap((sharing) => {
    try {
      return [{ sharing, ...held(matrix, { blocks, sharing }, { ...options, fill: false }) }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [];
    }
  });
  const kept = ({ survey, patterns }: Held) => survey.positions / patterns.length;
  const [best] = fits.sort((a, b) => kept(a) - kept(b));
  const sharing = 'shared' as const;
  const fit = best ?? { sharing, ...held(matrix, { blocks, sharing }, options) };
  checkDense(blocksOf(matrix), fit.survey, fit.patterns.length, options.file);
  return { sharing: fit.sharing, patterns: fit.patterns, added: addedBlocks(fit.filledBlocks) };
}

/** Zero blocks added by level. */
export function addedBlocks(filledBlocks: readonly number[]): Added {
  const text = filledBlocks.some((count) => count > 0) ? filledBlocks.join() : '-';
  return { facts: { filledBlocks }, text };
}

function held(
  matrix: MatrixMasks,
  { blocks, sharing }: SizesChoice,
  { fill, file }: FindOptions,
): Held {
  const { name, shared, perGate } = blocksOf(matrix);
  return fitPatterns(sharing === 'shared' ? [shared] : perGate, blocks, { name, file, fill });
}
