import { UserError } from '../../../base/errors.js';
import type { Steps } from '../../../base/steps.js';
import type { FloatModel } from '../../float/model.js';
import { choosePatterns, type Form, withPatterns } from './choice.js';
import type { SearchMatrix } from './matrices.js';
import type { Shares } from './shares.js';

/** What a network takes in hardware, exactly. */
export interface Price {
  readonly cycles: number;
  /** Of the weights and of the index. */
  readonly bits: number;
}

/** Where to begin, with the kept weights of another mix, and what part of a budget is near enough to it. */
export interface Near {
  readonly guess: number;
  readonly enough: number;
}

/** What hardware may take at most. */
export interface Budget {
  readonly kind: keyof Price;
  readonly limit: number;
}

/** The network, and what it takes in hardware. */
export interface Priced {
  readonly model: FloatModel;
  readonly matrices: readonly SearchMatrix[];
  readonly shares: Shares;
  /** The price of the network with patterns. @throws UserError where no hardware runs it */
  readonly price: (model: FloatModel) => Price;
}

/** Forms of the matrices, and how much the outputs mind an error of each. */
export interface Mix {
  readonly forms: readonly Form[];
  readonly minds: readonly number[];
}

/** How many weights of a mix a budget allows. */
export type Fitted =
  | { readonly fits: true; readonly kept: number; readonly price: Price }
  /** `least`: the least that the mix takes; null where no hardware runs it, for the reason `why`. */
  | { readonly fits: false; readonly least: number | null; readonly why: string };

/** Prices that are asked for at most. */
const MOST = 8;
/** Those above the budget after which the fewest weights are asked for: they say whether it can be met. */
const LOOKS = 2;
/** Of two numbers of kept weights that are nearer than this share, one within the budget and one above it, the first is taken. */
const NEAR = 0.01;

/** About the most weights of a mix with which a budget is met. */
export function* fitSteps(
  priced: Priced,
  mix: Mix,
  { kind, limit }: Budget,
  { guess, enough }: Near,
): Steps<Fitted> {
  const { total } = priced.shares;
  const least = mix.forms.length;
  let low: { readonly kept: number; readonly price: Price } | null = null;
  let high: { readonly kept: number; readonly price: Price } | null = null;
  let next = Math.min(total, Math.max(least, Math.round(guess)));
  try {
    for (let asked = 0; asked < MOST; asked++) {
      const price = yield* priceOf(priced, mix, next);
      if (price[kind] <= limit) low = { kept: next, price };
      else high = { kept: next, price };
      if (low?.kept === total || high?.kept === least) break;
      if (low !== null && low.price[kind] >= enough * limit) break;
      if (low !== null && high !== null && high.kept - low.kept <= NEAR * high.kept) break;
      next =
        low === null && asked >= LOOKS ? least : between(low, high, { kind, limit }, least, total);
    }
    if (low !== null) return { fits: true, ...low };
    const fewest = high?.price[kind] ?? null;
    return { fits: false, least: fewest, why: `takes ${fewest} ${kind} at least` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { fits: false, least: null, why: error.report.message };
  }
}

type Point = { readonly kept: number; readonly price: Price } | null;

/**
 * Kept weights to ask for next: of one end a way towards the limit, between ends far apart the middle of their logarithms, else where a
 * line through both meets the limit.
 */
function between(
  low: Point,
  high: Point,
  { kind, limit }: Budget,
  least: number,
  total: number,
): number {
  if (low === null || high === null) {
    const { kept, price } = (low ?? high) as NonNullable<Point>;
    const ratio = limit / price[kind];
    // a part of what hardware takes does not hang on the weights
    const step =
      low === null ? Math.min(0.98, ratio ** 1.5) : Math.max(1.02, Math.min(4, ratio ** 2));
    return Math.min(total, Math.max(least, Math.round(kept * step)));
  }
  const share = (limit - low.price[kind]) / (high.price[kind] - low.price[kind]);
  const inside = Math.min(0.85, Math.max(0.15, share));
  const next =
    high.kept > 2 * low.kept
      ? Math.sqrt(low.kept * high.kept)
      : low.kept + inside * (high.kept - low.kept);
  return Math.min(high.kept - 1, Math.max(low.kept + 1, Math.round(next)));
}

/** What a mix takes with so many weights, chosen by the trained ones. */
function* priceOf(
  { model, matrices, shares, price }: Priced,
  mix: Mix,
  kept: number,
): Steps<Price> {
  const rates = shares.rates(kept, mix.minds);
  const patterns = yield* choosePatterns(matrices, mix.forms, rates);
  yield;
  return price(withPatterns(model, matrices, patterns));
}
