import type { Steps } from '../../base/steps.js';
import type { MatrixMasks } from '../mask.js';
import type { Zeros } from '../pattern.js';
import { bestOf, type Candidate, candidates } from './candidates.js';
import { type Disagreement, disagreements } from './disagree.js';
import { isBlocks, nearest, type StripsChoice } from './find.js';
import { count } from './strip-maps.js';

/** One description of the zeros of a matrix, and what it costs. */
export interface StripsFinding extends StripsChoice {
  /** Positions kept in all gates. */
  readonly kept: number;
  /** Kept positions whose weight is zero. */
  readonly beyond: number;
  readonly indexBits: number;
  /** Rows that are dropped, all patterns together. */
  readonly droppedRows: number;
  /** The first rows that lack columns of their strip, where it does not explain the zeros. */
  readonly rows: readonly Disagreement[];
}

/** Looks at the zeros of a matrix as a search for strips does. `taken`: the choice of that search. */
export function* stripsZeros(
  masks: MatrixMasks,
  taken: StripsChoice | undefined,
): Steps<Zeros<StripsFinding>> {
  const list = yield* candidates(masks);
  const weights = masks.perGate.reduce((sum, { kept }) => sum + count(kept), 0);
  const finding = (candidate: Candidate): StripsFinding => {
    const { sharing, height, width, dense, kept, indexBits, dropped, explains } = candidate;
    const own = sharing === 'shared' ? [masks.shared] : masks.perGate;
    return {
      ...{ kind: 'strips', sharing, height, width, dense, kept, indexBits },
      beyond: kept - weights,
      droppedRows: dropped,
      rows: explains ? [] : disagreements(own, height),
    };
  };
  const same = (own: Candidate) =>
    own.height === taken?.height && own.width === taken.width && own.sharing === taken.sharing;
  const best = list.find((own) => own.dense === taken?.dense && same(own)) ?? bestOf(list);
  if (best === null) return { kind: 'near', findings: [finding(nearest(list))] };
  if (taken === undefined && isBlocks(masks, best)) {
    return { kind: 'near', findings: [finding(best)] };
  }
  return best.dense
    ? { kind: 'dense', findings: [] }
    : { kind: 'exact', findings: [finding(best)] };
}
