import type { Steps } from '../../base/steps.js';
import { keepsHardlyZeros } from '../kept-zeros.js';
import { isNearlyWhole } from '../lists/hold.js';
import { type Sides, sidesIn } from '../lists/sides.js';
import type { Mask, MatrixMasks } from '../mask.js';
import type { Shared } from '../pattern.js';
import { type Figures, figuresOf, usedLines } from './in-mask.js';

/** Sides of the blocks of a matrix, for all gates or for each. One block that keeps everything is dense. */
export interface SidesChoice extends Shared, Sides {
  readonly dense: boolean;
}

/** A description of the zeros of a matrix, and what it costs. */
export interface Candidate extends SidesChoice {
  /** Positions kept in all gates. */
  readonly kept: number;
  readonly indexBits: number;
  /** Whether what it keeps holds hardly any zeros that are not those of single weights. */
  readonly explains: boolean;
  /** Whether zeros anywhere would be described worse by far: then it says something about them. */
  readonly says: boolean;
}

/** Sides of square blocks that are tried. */
const SIDES = [64, 32, 16, 8] as const;
/** Positions that kernels have to save, of zeros anywhere, before this says anything about the zeros. */
const ENOUGH = 64;
/** Share of them that may be kept after all. */
const AFTER_ALL = 0.25;
/** How many there have to be for each weight: with fewer, zeros anywhere are described as well. */
const FOR_EACH_WEIGHT = 0.125;

/** Every size that is tried, shared and per gate, the largest first; and dense. `named`: the user asks for kernels. */
export function* candidates(matrix: MatrixMasks, named = false): Steps<readonly Candidate[]> {
  const { shared, perGate } = matrix;
  const list: Candidate[] = isNearlyWhole(matrix) ? [wholeOf(matrix)] : [];
  const tried = new Set<string>();
  for (const side of SIDES) {
    const sides = sidesIn(shared, { height: side, width: side });
    const text = `${sides.height}x${sides.width}`;
    if (tried.has(text)) continue;
    tried.add(text);
    list.push(yield* candidateOf(matrix, 'shared', sides, named));
    if (perGate.length > 1) list.push(yield* candidateOf(matrix, 'per-gate', sides, named));
  }
  return list;
}

/** The candidate of given sides. */
export function* candidateOf(
  { shared, perGate }: MatrixMasks,
  sharing: Shared['sharing'],
  { height, width }: Sides,
  named: boolean,
): Steps<Candidate> {
  const masks = sharing === 'shared' ? [shared] : perGate;
  const figures: Figures[] = [];
  for (const mask of masks) {
    figures.push(figuresOf(usedLines(mask, { height, width })));
    yield;
  }
  const total = (of: keyof Figures) => figures.reduce((sum, own) => sum + own[of], 0);
  const [kept, beyond, expected] = [total('kept'), total('beyond'), total('expected')];
  const enough = expected >= ENOUGH;
  const few = beyond <= AFTER_ALL * expected;
  const zeros = { kept, beyond, paired: total('paired'), zeros: total('zeros') };
  return {
    ...{ sharing, height, width, dense: false },
    ...{ kept: (perGate.length / masks.length) * kept, indexBits: total('indexBits') },
    explains: keepsHardlyZeros(zeros) && (named || few || !enough),
    says: enough && few && expected >= FOR_EACH_WEIGHT * (kept - beyond),
  };
}

function wholeOf({ shared, perGate }: MatrixMasks): Candidate {
  const { rows, columns, kept }: Mask = shared;
  return {
    ...{ sharing: 'shared', height: rows, width: columns, dense: true, indexBits: 0 },
    ...{ kept: perGate.length * kept.length, explains: true, says: false },
  };
}
