import { cellOf } from '../../network/cells/registry.js';
import type { Operand, Pass, Vector } from '../../network/program.js';
import type { PassWalk } from './pass-walk.js';

/** Numbers of the vectors of operands that read several. */
function joins(passes: readonly Pick<Pass, 'operands'>[]): readonly (readonly number[])[] {
  return passes.flatMap(({ operands }) =>
    operands.flatMap(({ vectors }) => (vectors.length > 1 ? [vectors.map(({ id }) => id)] : [])),
  );
}

/**
 * Passes in the order in which the h memory has their vectors: that of their execution, but vectors that an operand reads
 * side by side are neighbours. Null where operands want neighbours that no order has.
 */
export function orderInMemory(
  passes: readonly Pick<Pass, 'operands' | 'cell' | 'index'>[],
): readonly number[] | null {
  let order = passes.flatMap(({ cell, index }) =>
    cellOf(cell).leaves === 'values' ? [index] : [],
  );
  const groups = joins(passes).map((vectors) => vectors.map((vector) => vector - 1));
  for (const [first, ...others] of groups) {
    const left = order.filter((pass) => !others.includes(pass));
    const at = left.indexOf(first as number) + 1;
    order = [...left.slice(0, at), ...others, ...left.slice(at)];
  }
  const together = groups.every((group) => {
    const at = order.indexOf(group[0] as number);
    return group.every((pass, i) => order[at + i] === pass);
  });
  return together ? order : null;
}

/**
 * Whether vectors that are read side by side follow each other without a gap: all but the last one fill the row group sets of
 * their pass, and whole words.
 */
export function joinsFit(walks: readonly PassWalk[], tileColumns: number): boolean {
  return joins(walks.map(({ pass }) => pass)).every((vectors) =>
    vectors.slice(0, -1).every((vector) => {
      // the input stands in a memory of its own
      if (vector === 0) return true;
      const { rows, rowsPerGroup } = walks[vector - 1] as PassWalk;
      return rows % rowsPerGroup === 0 && rows % tileColumns === 0;
    }),
  );
}

/** The vector that has a column of an operand, and the place of the column in it. */
export function placeOf(
  { vectors }: Operand,
  column: number,
): { readonly vector: Vector; readonly row: number } {
  let row = column;
  for (const vector of vectors) {
    if (row < vector.length) return { vector, row };
    row -= vector.length;
  }
  throw new RangeError(`an operand has no column ${column}`);
}

/** Whether a pass reads the input of the frame. */
export function readsInput({ operands: [x] }: Pick<Pass, 'operands'>): boolean {
  return x.vectors[0].id === 0;
}
