import type { Steps } from '../../../base/steps.js';
import type { FloatModel } from '../../float/model.js';
import type { Budget, Mix, Price, Priced } from './budget.js';
import { buildSteps } from './build.js';
import type { Moments } from './moments.js';

/** A mix within the budget. */
export interface Candidate {
  readonly mix: Mix;
  readonly kept: number;
  readonly price: Price;
}

/** Times that a network which takes more than the budget once it is built is built again with fewer weights. */
const AGAIN = 4;

/**
 * The network with the patterns of a candidate. What weights by stages keep may take more than what the trained ones keep; then it is
 * built with fewer of them. Null where that does not help.
 */
export function* builtSteps(
  ways: Priced,
  { mix, kept: first }: Pick<Candidate, 'mix' | 'kept'>,
  { kind, limit }: Budget,
  moments: readonly Moments[] | null,
): Steps<(Omit<Candidate, 'mix'> & { readonly model: FloatModel }) | null> {
  const { model, matrices, shares, price } = ways;
  let kept = first;
  for (let again = 0; again <= AGAIN; again++) {
    const rates = shares.rates(kept, mix.minds);
    const built = yield* buildSteps(model, matrices, mix.forms, rates, moments);
    const own = price(built);
    if (own[kind] <= limit) return { model: built, kept, price: own };
    kept = Math.floor(Math.min(0.99, limit / own[kind]) * kept);
    if (kept < matrices.length) return null;
  }
  return null;
}
