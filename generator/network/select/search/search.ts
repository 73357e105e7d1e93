import { unexpected } from '../../../base/errors.js';
import type { Steps } from '../../../base/steps.js';
import type { FloatModel } from '../../float/model.js';
import {
  type Budget,
  type Fitted,
  fitSteps,
  type Mix,
  type Near,
  type Price,
  type Priced,
} from './budget.js';
import { buildSteps, keptIn, lostShare } from './build.js';
import { type Form, formText } from './choice.js';
import type { Moments } from './moments.js';
import { sensitivitySteps } from './sensitivity.js';
import { builtSteps, type Candidate } from './within.js';

/** What a search works with. */
export interface SearchWays extends Priced {
  readonly budget: Budget;
  /** Forms that are tried. */
  readonly forms: readonly Form[];
  /** How a network is judged by frames; null: by what its patterns drop. */
  readonly judge: Judge | null;
  /** Networks that are built and judged at most. */
  readonly most: number;
  /** Told what the search is at. */
  readonly tell?: (text: string) => void;
}

export interface Judge {
  /** Of the frames that weights are fitted to; null: weights stay as they are. */
  readonly moments: readonly Moments[] | null;
  /** The error of a network, on other frames. */
  readonly error: (model: FloatModel) => Steps<number>;
}

/** One combination of forms that was tried. */
export interface Tried {
  /** The form of each matrix, in the order of reports. */
  readonly forms: readonly string[];
  /** Weights that are kept; null where the budget cannot be met. */
  readonly kept: number | null;
  readonly price: Price | null;
  /** With frames: of the outputs. Without: the share of the squares that is dropped. Null where it was not judged. */
  readonly error: number | null;
  /** Why it is out; null where it is not. */
  readonly refused: string | null;
}

export interface SearchResult {
  /** Forms, kept weights and factors of the best, from which it can be built again. */
  readonly mix: Mix;
  readonly kept: number;
  readonly model: FloatModel;
  readonly tried: readonly Tried[];
}

interface Judged extends Candidate {
  readonly model: FloatModel;
  readonly error: number;
}

/** Forms that are judged after a look at what they drop, and those of them that layers exchange. */
const JUDGED = 6;
const EXCHANGED = 3;
/** Factor by which the part of a matrix is changed. */
const FACTOR = 2;
/** What part of a budget is near enough to it, in a first look at forms and behind it. */
const ENOUGH = { first: 0.975, last: 0.99 };
/** Budgets beside the one that is asked for, for the front. */
const BESIDE = [0.5, 0.71, 1.41, 2];

/**
 * The patterns with the least error within a budget. First every form for all matrices alike; the best of them are judged; then the
 * parts of the matrices and the forms of single layers are changed as long as that makes the error smaller. The same ways give
 * the same result.
 * @throws UserError SEARCH_BUDGET where no form meets the budget
 */
export function* searchSteps(ways: SearchWays): Steps<SearchResult> {
  const search = new Search(ways);
  const minds = yield* search.minds();
  const candidates = yield* search.uniform(minds);
  const judged = yield* search.best(candidates);
  const [first] = judged;
  if (first === undefined) throw unmet(ways.budget, []);
  const own = judged.slice(0, EXCHANGED).map(({ mix }) => mix.forms[0] as Form);
  const best = yield* search.improved(first, own);
  yield* search.beside(best);
  const { mix, kept, model } = best;
  return { mix, kept, model, tried: search.tried };
}

class Search {
  readonly #ways: SearchWays;
  readonly tried: Tried[] = [];
  #judgements = 0;
  /** Kept weights of the last mix within the budget: where the next one begins to look. */
  #guess: number;

  constructor(ways: SearchWays) {
    this.#ways = ways;
    this.#guess = ways.shares.total / 8;
  }

  /** How much the outputs mind an error of each matrix, in mean 1. */
  *minds(): Steps<readonly number[]> {
    const { matrices, judge, model, tell } = this.#ways;
    if (judge === null) return matrices.map(() => 1);
    tell?.('sensitivity of the matrices');
    return yield* sensitivitySteps(model, matrices, judge.error);
  }

  /** Every form in all matrices, with as many weights as the budget allows. */
  *uniform(minds: readonly number[]): Steps<readonly Candidate[]> {
    const { matrices, forms, budget } = this.#ways;
    const found: Candidate[] = [];
    const misses: Extract<Fitted, { fits: false }>[] = [];
    for (const form of forms) {
      const mix = { forms: matrices.map(() => form), minds };
      const fitted = yield* this.#fit(mix, budget, { enough: ENOUGH.first });
      if (fitted.fits) found.push({ mix, ...fitted });
      else misses.push(fitted);
    }
    if (found.length === 0) throw unmet(budget, misses);
    return found;
  }

  /** The forms that drop least, judged, the best first. */
  *best(candidates: readonly Candidate[]): Steps<readonly Judged[]> {
    const { model, matrices, shares } = this.#ways;
    const looked: { readonly candidate: Candidate; readonly lost: number }[] = [];
    for (const candidate of candidates) {
      const { mix, kept } = candidate;
      const rates = shares.rates(kept, mix.minds);
      const built = yield* buildSteps(model, matrices, mix.forms, rates, null);
      looked.push({ candidate, lost: lostShare(built, matrices, mix.minds) });
    }
    looked.sort((a, b) => a.lost - b.lost);
    const most = Math.max(1, Math.min(JUDGED, Math.floor(this.#ways.most / 2)));
    const judged: Judged[] = [];
    for (const { candidate } of looked.slice(0, most)) {
      const one = yield* this.#judge(candidate, this.#ways.budget);
      if (one !== null) judged.push(one);
    }
    for (const { candidate } of looked.slice(most)) this.#note(candidate, null);
    return judged.sort((a, b) => a.error - b.error);
  }

  /** Changes of the best, each kept where it makes the error smaller. */
  *improved(first: Judged, forms: readonly Form[]): Steps<Judged> {
    const { budget, most } = this.#ways;
    let best = first;
    for (const change of this.#changes(first.mix, forms)) {
      if (this.#judgements >= most) return best;
      const mix = change(best.mix);
      if (mix === null) continue;
      const fitted = yield* this.#fit(mix, budget, { guess: best.kept });
      const other = fitted.fits ? yield* this.#judge({ mix, ...fitted }, budget) : null;
      if (other !== null && other.error < best.error) best = other;
    }
    return best;
  }

  /** The best with less and more than the budget, for the front. */
  *beside({ mix, kept }: Judged): Steps<void> {
    const { budget } = this.#ways;
    for (const share of BESIDE) {
      const limit = Math.round(budget.limit * share);
      const fitted = yield* this.#fit(mix, { ...budget, limit }, { guess: kept * share }, false);
      if (fitted.fits) yield* this.#judge({ mix, ...fitted }, { ...budget, limit });
    }
  }

  /** Layer by layer another form, then matrix by matrix a larger and a smaller part; null where a change changes nothing. */
  #changes({ forms }: Mix, others: readonly Form[]): readonly ((mix: Mix) => Mix | null)[] {
    const { matrices, judge } = this.#ways;
    const layers = [...new Set(matrices.map(({ layer }) => layer))];
    const exchanges = layers.flatMap((layer) =>
      others.map((form) => (mix: Mix) => {
        const changed = mix.forms.map((own, m) => (matrices[m]?.layer === layer ? form : own));
        return changed.every((own, m) => own === mix.forms[m]) ? null : { ...mix, forms: changed };
      }),
    );
    const parts = forms.flatMap((_, m) =>
      [FACTOR, 1 / FACTOR].map((times) => (mix: Mix) => ({
        ...mix,
        minds: mix.minds.map((mind, n) => (n === m ? mind * times : mind)),
      })),
    );
    // what is dropped is least with the parts as they are
    const alone = judge === null || matrices.length === 1;
    return [...(layers.length > 1 ? exchanges : []), ...(alone ? [] : parts)];
  }

  *#fit(mix: Mix, budget: Budget, near: Partial<Near> = {}, noted = true): Steps<Fitted> {
    this.#ways.tell?.(`${mixText(mix)}: ${this.tried.length} tried`);
    const fitted = yield* fitSteps(this.#ways, mix, budget, {
      guess: this.#guess,
      enough: ENOUGH.last,
      ...near,
    });
    // far below the budget it says little about others
    if (fitted.fits && fitted.price[budget.kind] > 0.9 * budget.limit) this.#guess = fitted.kept;
    if (!fitted.fits && noted) {
      const forms = mix.forms.map(formText);
      this.tried.push({ forms, kept: null, price: null, error: null, refused: fitted.why });
    }
    return fitted;
  }

  /** The candidate as it is built, within the budget, and its error; null where what is built never is within it. */
  *#judge(candidate: Candidate, { kind, limit }: Budget): Steps<Judged | null> {
    const { judge, matrices } = this.#ways;
    const { mix } = candidate;
    this.#judgements += 1;
    this.#ways.tell?.(`${mixText(mix)}: error, ${this.#judgements} of at most ${this.#ways.most}`);
    const built = yield* builtSteps(this.#ways, candidate, { kind, limit }, judge?.moments ?? null);
    if (built === null) {
      this.#note(candidate, null, `takes more than ${limit} ${kind} once it is built`);
      return null;
    }
    const error = judge
      ? yield* judge.error(built.model)
      : lostShare(built.model, matrices, mix.minds);
    const judged = { mix, ...built, error };
    this.#note({ ...judged, kept: keptIn(judged.model) }, error);
    return judged;
  }

  #note(
    { mix, kept, price }: Candidate,
    error: number | null,
    refused: string | null = null,
  ): void {
    this.tried.push({ forms: mix.forms.map(formText), kept, price, error, refused });
  }
}

function mixText({ forms }: Mix): string {
  return [...new Set(forms.map(formText))].join(' / ');
}

/** The error of a budget that no form meets. */
function unmet({ kind, limit }: Budget, misses: readonly Extract<Fitted, { fits: false }>[]) {
  const least = misses.flatMap((miss) => (miss.least === null ? [] : [miss.least]));
  const expected =
    least.length === 0
      ? `a network that hardware runs (${misses[0]?.why ?? 'no form was tried'})`
      : `at least ${Math.min(...least)}, the least of all forms that were tried`;
  const field = `--budget ${kind}`;
  return unexpected({ code: 'SEARCH_BUDGET', field, expected, got: limit });
}
