import type { Steps } from '../../../base/steps.js';
import type { FloatModel } from '../../float/model.js';
import { type SearchMatrix, scaled } from './matrices.js';

/** Part of the weights of a matrix that is dropped to see what the outputs say. */
const DROPPED = 0.75;
/** Factors lie within this of each other: one measurement says no more. */
const WIDEST = 100;

/**
 * How much the outputs mind an error of each matrix: the square of their error where a matrix alone loses its smallest weights, by
 * what it loses; in geometric mean 1.
 */
export function* sensitivitySteps(
  model: FloatModel,
  matrices: readonly SearchMatrix[],
  error: (model: FloatModel) => Steps<number>,
): Steps<readonly number[]> {
  const logs: number[] = [];
  for (const matrix of matrices) {
    const { values, lost } = withoutSmallest(matrix);
    const layers = model.layers.map((layer, l) =>
      l === matrix.layer ? { ...layer, [matrix.side]: { name: matrix.name, values } } : layer,
    );
    const own = yield* error({ ...model, layers });
    logs.push(own > 0 && lost > 0 ? Math.log((own * own) / lost) : Number.NaN);
  }
  const known = logs.filter((log) => !Number.isNaN(log));
  const mean = known.reduce((sum, log) => sum + log, 0) / Math.max(1, known.length);
  const limit = Math.log(WIDEST) / 2;
  return logs.map((log) =>
    Number.isNaN(log) ? 1 : Math.exp(Math.max(-limit, Math.min(limit, log - mean))),
  );
}

/** The weights of a matrix without those that contribute least to its sums, and the squares that are lost. */
function withoutSmallest(matrix: SearchMatrix): {
  readonly values: Float64Array;
  readonly lost: number;
} {
  const energies = scaled(matrix).map((value) => value * value);
  const limit = energies.slice().sort()[Math.floor(DROPPED * energies.length)] as number;
  const lost = energies.reduce((sum, energy) => sum + (energy < limit ? energy : 0), 0);
  const values = Float64Array.from(matrix.values, (value, i) =>
    (energies[i] as number) < limit ? 0 : value,
  );
  return { values, lost };
}
