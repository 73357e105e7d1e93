import type { Steps } from '../../base/steps.js';
import { cheapest } from '../kept-zeros.js';
import type { ListCosts } from '../lists/report.js';
import type { MatrixMasks } from '../mask.js';
import type { Zeros } from '../pattern.js';
import { type Candidate, candidates } from './candidates.js';
import { isBlocks, type KernelsChoice, nearest, weightsIn } from './find.js';

/** One description of the zeros of a matrix, and what it costs. */
export interface KernelsFinding extends KernelsChoice, ListCosts {
  /** Whether it is near them only. */
  readonly near: boolean;
}

/** Looks at the zeros of a matrix as a search for kernels does. `taken`: the choice of that search. */
export function* kernelsZeros(
  matrix: MatrixMasks,
  taken: KernelsChoice | undefined,
): Steps<Zeros<KernelsFinding>> {
  const list = yield* candidates(matrix, taken !== undefined);
  const weights = weightsIn(matrix);
  const finding = (own: Candidate, near: boolean): KernelsFinding => {
    const { sharing, height, width, dense, kept, indexBits } = own;
    const beyond = kept - weights;
    return { kind: 'kernels', sharing, height, width, dense, kept, beyond, indexBits, near };
  };
  const isTaken = (own: Candidate) =>
    own.dense === taken?.dense &&
    own.height === taken.height &&
    own.width === taken.width &&
    own.sharing === taken.sharing;
  const best = list.find(isTaken) ?? cheapest(list);
  if (best === null) return { kind: 'near', findings: [finding(nearest(list), true)] };
  if (best.dense) return { kind: 'dense', findings: [] };
  if (taken === undefined && (!best.says || isBlocks(matrix, best))) {
    return { kind: 'near', findings: [finding(best, true)] };
  }
  return { kind: 'exact', findings: [finding(best, false)] };
}
