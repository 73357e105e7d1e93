import { patternKind } from '../sparsity/kind-of.js';
import type { Model, ModelPass } from './model.js';
import { isPaired, type UnitOrders, unitsOf } from './unit-order.js';

/**
 * Orders in which rows that keep as many columns stand together, so that the row groups of a set end together: the compile-time
 * half of what RTMobile calls matrix reorder. First rows that keep columns of all operands, those with the most first; then those
 * that keep none of an operand, which so has sets without tiles. Rows of the last layer stay, its outputs leave as the network has
 * them. Null where nothing moves.
 */
export function ordersByWork(model: Model): UnitOrders | null {
  const { passes } = model;
  const orders = passes.map((_, n) => {
    if (n === passes.length - 1 || isPaired(passes, n) || isPaired(passes, n + 1)) return null;
    return orderOf(passes, n);
  });
  return orders.some((order) => order !== null) ? orders : null;
}

function orderOf(passes: readonly ModelPass[], n: number): readonly number[] | null {
  const { rows, operands } = passes[n] as ModelPass;
  const unit = unitsOf(passes, n);
  const whole = Math.floor(rows / unit);
  if (whole < 2) return null;
  const work = operands.map(({ matrix }) => keptOfRows(matrix.patterns));
  const blocks = Array.from({ length: whole }, (_, block) => {
    const own = work.map((of) => {
      let sum = 0;
      for (let row = block * unit; row < (block + 1) * unit; row++) sum += of[row] as number;
      return sum;
    });
    return {
      block,
      // operands without work, the last one as the lowest bit
      without: own.reduce((mask, sum) => 2 * mask + (sum === 0 ? 1 : 0), 0),
      total: own.reduce((sum, one) => sum + one, 0),
    };
  });
  blocks.sort((a, b) => a.without - b.without || b.total - a.total || a.block - b.block);
  if (blocks.every(({ block }, i) => block === i)) return null;
  const order = blocks.flatMap(({ block }) =>
    Array.from({ length: unit }, (_, i) => block * unit + i),
  );
  return [...order, ...Array.from({ length: rows - order.length }, (_, i) => order.length + i)];
}

/** Columns that each row keeps, of the gate that keeps most. */
function keptOfRows(patterns: ModelPass['operands'][number]['matrix']['patterns']): Int32Array {
  const [{ rows, columns }] = patterns as [(typeof patterns)[number]];
  const most = new Int32Array(rows);
  for (const pattern of patterns) {
    const { runsOfRow } = patternKind(pattern);
    for (let row = 0; row < rows; row++) {
      let kept = 0;
      for (const [first, width] of runsOfRow(pattern, row)) {
        kept += Math.max(0, Math.min(first + width, columns) - first);
      }
      if (kept > (most[row] as number)) most[row] = kept;
    }
  }
  return most;
}
