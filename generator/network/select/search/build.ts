import type { Steps } from '../../../base/steps.js';
import { patternKind } from '../../../sparsity/kind-of.js';
import { gatesIn } from '../../cells/registry.js';
import type { FloatModel } from '../../float/model.js';
import { choosePatterns, type Form, lostEnergy, withPatterns } from './choice.js';
import type { SearchMatrix } from './matrices.js';
import type { Moments } from './moments.js';
import { refitSteps } from './refit.js';

/** Patterns are chosen by stages, of which each keeps half of what the one before kept; the first one is not below this rate. */
const FIRST_RATE = 3;

/**
 * The network with patterns of such forms and rates. With moments by stages: each chooses by the weights that the one before
 * fitted, so that what is left takes over what was dropped; without at once, by the trained weights, which stay as they are.
 */
export function* buildSteps(
  model: FloatModel,
  matrices: readonly SearchMatrix[],
  forms: readonly Form[],
  rates: readonly number[],
  moments: readonly Moments[] | null,
): Steps<FloatModel> {
  let now = model;
  for (const own of moments === null ? [rates] : stages(rates)) {
    const { layers } = now;
    const valuesOf = ({ layer, side, values }: SearchMatrix) =>
      layers[layer]?.[side]?.values ?? values;
    const patterns = yield* choosePatterns(matrices, forms, own, valuesOf);
    now = withPatterns(model, matrices, patterns);
    if (moments !== null) now = yield* refitSteps(model, now, moments);
  }
  return now;
}

/** The rates of each stage; the last one has the rates themselves. */
function stages(rates: readonly number[]): readonly (readonly number[])[] {
  const largest = Math.max(...rates);
  const before = Math.max(0, Math.floor(Math.log2(largest / FIRST_RATE)));
  return Array.from({ length: before + 1 }, (_, stage) =>
    rates.map((rate) => Math.max(1, Math.min(rate, rate / 2 ** (before - stage)))),
  );
}

/** The share of the sums of squares of all matrices that patterns drop, as the trained weights have them; 0 to 1. */
export function lostShare(
  { patterns = [] }: FloatModel,
  matrices: readonly SearchMatrix[],
  minds: readonly number[],
): number {
  let [lost, all] = [0, 0];
  for (const [m, matrix] of matrices.entries()) {
    const pattern = patterns[matrix.layer]?.[matrix.side];
    if (!pattern) continue;
    const own = lostEnergy(matrix, pattern);
    lost += own.lost * (minds[m] as number);
    all += own.all * (minds[m] as number);
  }
  return all === 0 ? 0 : lost / all;
}

/** Weights that a network with patterns keeps in its layers. */
export function keptIn({ patterns = [], layers }: FloatModel): number {
  return layers.reduce((sum, { cell }, l) => {
    const own = patterns[l];
    const all = own === undefined ? [] : [own.x, ...(own.h === null ? [] : [own.h])];
    const kept = all.map(({ patterns: sets }) => {
      const counts = sets.map((pattern) => patternKind(pattern).counts.kept(pattern));
      return (gatesIn(cell) / sets.length) * counts.reduce((a, b) => a + b, 0);
    });
    return sum + kept.reduce((a, b) => a + b, 0);
  }, 0);
}
