import type { SparseMatrix } from './model.js';
import type { StackLayer } from './stack.js';

/** Gates of a matrix from `first` to before `past`. */
function gatesOf(matrix: SparseMatrix, first: number, past: number): SparseMatrix {
  const { rows, columns, sharing, patterns, codes } = matrix;
  const size = rows * columns;
  return {
    ...matrix,
    sharing: past - first === 1 ? 'shared' : sharing,
    patterns: patterns.length === 1 ? patterns : patterns.slice(first, past),
    codes: codes.slice(first * size, past * size),
  };
}

/**
 * A GRU with the reset before the product, gates and channels r, z, n, as two layers: r * h, which multiplies the recurrent
 * matrix of n, and the rest.
 */
export function resetBefore({
  rows,
  x,
  h,
  bias,
  biasFraction,
  stateFraction,
  clip,
  initial,
  down = [1],
}: Omit<StackLayer, 'cell' | 'h'> & { readonly h: SparseMatrix }): readonly StackLayer[] {
  const split = (codes: Int32Array) => [codes.slice(0, 2 * rows), codes.slice(2 * rows)] as const;
  const [gates, rest] = split(bias);
  const [firstGates, firstRest] = split(initial?.bias ?? bias);
  return [
    {
      ...{ cell: 'gru-reset', rows, x: gatesOf(x, 0, 2), h: gatesOf(h, 0, 2), loop: 1, down },
      ...{ bias: gates, biasFraction, stateFraction: null },
      ...(clip !== undefined && { clip }),
      ...(initial && { initial: { bias: firstGates, state: null } }),
    },
    {
      ...{ cell: 'gru-new', rows, x: gatesOf(x, 2, 3), h: gatesOf(h, 2, 3), loop: -1 },
      down: down.map((far) => far + 1),
      ...{ bias: rest, biasFraction, stateFraction },
      ...(clip !== undefined && { clip }),
      ...(initial && { initial: { bias: firstRest, state: initial.state } }),
    },
  ];
}
