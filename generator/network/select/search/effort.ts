import { type FloatModel, hiddenOf } from '../../float/model.js';

/** Multiplications that a search spends on the networks that it judges: about two minutes. */
const WORK = 1e11;
/** Networks that it judges at least and at most. */
const LEAST = 4;
const MOST = 24;

/**
 * How many networks a search judges: fewer of larger ones, and as many on every machine. To judge one is to fit the rows of its matrices,
 * a third of their columns kept, and to run it on frames.
 */
export function effortOf(model: FloatModel, frames: number): number {
  const each = model.layers.reduce((sum, { x, h, inputs, cells }, l) => {
    const columns = (inputs + (h === null ? 0 : hiddenOf(model, l))) / 3;
    const rows = x.values.length / inputs;
    const weights = x.values.length + (h?.values.length ?? 0);
    return cells === 0 ? sum : sum + (rows * columns ** 3) / 6 + frames * weights;
  }, 0);
  return Math.max(LEAST, Math.min(MOST, Math.floor(WORK / Math.max(1, each))));
}
