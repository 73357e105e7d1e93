import { patternKind } from '../sparsity/kind-of.js';
import type { Model, ModelPass } from './model.js';
import { isPaired, type UnitOrders, unitsOf } from './unit-order.js';

/** Rows that stand together, and how many neighbours of such take turns: 1: no matter. */
export interface Shares {
  readonly rows: number;
  readonly among: number;
}

const ONE_SHARE: Shares = { rows: 1, among: 1 };

/**
 * Orders in which rows that keep as many columns stand together, so that the row groups of a set end together: the compile-time
 * half of what RTMobile calls matrix reorder. First rows that keep columns of all operands, those with the most first; then those
 * that keep none of an operand, which so has sets without tiles. Rows of the last layer stay, its outputs leave as the network has
 * them. Null where nothing moves. `shares`: rows that share hardware, which get as much work of either operand as the others.
 */
export function ordersByWork(model: Model, shares: Shares = ONE_SHARE): UnitOrders | null {
  const { passes } = model;
  const orders = passes.map((_, n) => {
    if (n === passes.length - 1 || isPaired(passes, n) || isPaired(passes, n + 1)) return null;
    return orderOf(passes, n, shares);
  });
  return orders.some((order) => order !== null) ? orders : null;
}

function orderOf(
  passes: readonly ModelPass[],
  n: number,
  shares: Shares,
): readonly number[] | null {
  const { rows, operands } = passes[n] as ModelPass;
  const unit = unitsOf(passes, n);
  const whole = Math.floor(rows / unit);
  if (whole < 2) return null;
  const work = operands.map(({ matrix }) => keptOfRows(matrix.patterns, shares.among > 1));
  const blocks = Array.from({ length: whole }, (_, block) => {
    const own = work.map((of) => {
      let sum = 0;
      for (let row = block * unit; row < (block + 1) * unit; row++) sum += of[row] as number;
      return sum;
    });
    return {
      block,
      own,
      // operands without work, the last one as the lowest bit
      without: own.reduce((mask, sum) => 2 * mask + (sum === 0 ? 1 : 0), 0),
      total: own.reduce((sum, one) => sum + one, 0),
    };
  });
  blocks.sort((a, b) => a.without - b.without || b.total - a.total || a.block - b.block);
  const level = shares.among > 1 && shares.rows % unit === 0;
  const inOrder = level ? levelled(blocks, shares.rows / unit, shares.among) : blocks;
  if (inOrder.every(({ block }, i) => block === i)) return null;
  const order = inOrder.flatMap(({ block }) =>
    Array.from({ length: unit }, (_, i) => block * unit + i),
  );
  return [...order, ...Array.from({ length: rows - order.length }, (_, i) => order.length + i)];
}

/**
 * Neighbours of an order, `size` blocks each, in another order among `among` of them: each share gets the one that keeps the largest
 * part that it has of the work of any operand smallest.
 */
function levelled<B extends { readonly own: readonly number[] }>(
  blocks: readonly B[],
  size: number,
  among: number,
): readonly B[] {
  const operands = blocks[0]?.own.length ?? 0;
  const whole = Array.from({ length: operands }, (_, o) =>
    blocks.reduce((sum, { own }) => sum + (own[o] as number), 1),
  );
  const loads = Array.from({ length: among }, () => new Float64Array(operands));
  const result: B[] = [];
  for (let first = 0; first < blocks.length; first += size * among) {
    const parts = Array.from({ length: among }, (_, n) =>
      blocks.slice(first + n * size, first + (n + 1) * size),
    );
    if (parts.some(({ length }) => length < size)) {
      result.push(...parts.flat());
      break;
    }
    const places: (readonly B[])[] = [];
    for (const part of parts) {
      const added = (share: Float64Array) =>
        share.map((load, o) => load + part.reduce((sum, { own }) => sum + (own[o] as number), 0));
      let best = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let share = 0; share < among; share++) {
        if (places[share] !== undefined) continue;
        const most = Math.max(
          ...added(loads[share] as Float64Array).map((load, o) => load / (whole[o] as number)),
        );
        if (most < least) [best, least] = [share, most];
      }
      places[best] = part;
      loads[best] = added(loads[best] as Float64Array);
    }
    result.push(...places.flat());
  }
  return result;
}

/** Columns that each row keeps, of the gate that keeps most; `all`: of all gates together. */
function keptOfRows(
  patterns: ModelPass['operands'][number]['matrix']['patterns'],
  all: boolean,
): Int32Array {
  const [{ rows, columns }] = patterns as [(typeof patterns)[number]];
  const most = new Int32Array(rows);
  for (const pattern of patterns) {
    const { runsOfRow } = patternKind(pattern);
    for (let row = 0; row < rows; row++) {
      let kept = 0;
      for (const [first, width] of runsOfRow(pattern, row)) {
        kept += Math.max(0, Math.min(first + width, columns) - first);
      }
      const before = most[row] as number;
      most[row] = all ? before + kept : Math.max(before, kept);
    }
  }
  return most;
}
