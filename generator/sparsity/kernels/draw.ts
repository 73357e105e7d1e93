import type { Random } from '../../base/random.js';
import { densities } from '../lists/draw.js';
import { keptAtRate } from '../lists/parse.js';
import { sidesIn } from '../lists/sides.js';
import type { Size } from '../pattern.js';
import { keptPositions } from './count.js';
import type { KernelsSpec } from './parse.js';
import { type Block, type KernelsPattern, kernelsFrom } from './pattern.js';

/**
 * Draws a pattern. Rows and columns of a block are kept each with probability sqrt(d), so that a share d of its weights stays: with
 * balance `binomial`, the default, d = 1 / R in every block; with `skewed` d is drawn for the block. With `equal` a block keeps
 * max(1, round(rows / sqrt(R))) of its rows, and as many of its columns likewise. Where nothing of the whole matrix is left, one
 * weight of it stays.
 */
export function drawKernels(size: Size, spec: KernelsSpec, random: Random): KernelsPattern {
  const sides = sidesIn(size, spec);
  const drawn = kernelsFrom(size, sides, kernelDraw(spec, random));
  if (keptPositions(drawn) > 0) return drawn;
  const [row, column] = [random.below(size.rows), random.below(size.columns)];
  const within = (at: number, first: number, length: number) =>
    at >= first && at < first + length ? [at - first] : [];
  return kernelsFrom(size, sides, (block) => ({
    rows: within(row, block.row, block.height),
    columns: within(column, block.column, block.width),
  }));
}

/** Kept rows and columns of one block after the other, ascending, counted from its first ones. */
function kernelDraw({ rate, balance = 'binomial' }: KernelsSpec, random: Random) {
  if (balance === 'equal') {
    const some = (of: number) => random.sample(keptAtRate(of, Math.sqrt(rate)), of);
    return ({ height, width }: Block) => ({ rows: some(height), columns: some(width) });
  }
  const densityOf = densities(rate, balance, random);
  return ({ height, width }: Block) => {
    const share = Math.sqrt(densityOf());
    return { rows: each(height, share, random), columns: each(width, share, random) };
  };
}

/** Those of so many that are kept, each with the same probability. */
function each(count: number, share: number, random: Random): readonly number[] {
  const kept: number[] = [];
  for (let at = 0; at < count; at++) if (random.unit() < share) kept.push(at);
  return kept;
}
