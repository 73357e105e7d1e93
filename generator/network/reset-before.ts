import type { CellKind } from './cells/registry.js';
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

/** The two passes of each kind of GRU. */
const PASSES: Partial<Record<CellKind, readonly [CellKind, CellKind]>> = {
  gru: ['gru-reset', 'gru-new'],
  'gru-relu': ['gru-reset-relu', 'gru-new-relu'],
};

/**
 * A GRU with the reset before the product, gates and channels r, z, n, as two layers: r * h, which multiplies the recurrent
 * matrix of n, and the rest.
 */
export function resetBefore({
  cell,
  rows,
  x,
  h,
  bias,
  biasFraction,
  stateFraction,
  clip,
  initial,
  down = [1],
  direction,
  aligned,
}: Omit<StackLayer, 'h'> & { readonly h: SparseMatrix }): readonly StackLayer[] {
  const pair = PASSES[cell];
  if (pair === undefined) throw new Error(`${cell} has no reset gate`);
  const split = (codes: Int32Array) => [codes.slice(0, 2 * rows), codes.slice(2 * rows)] as const;
  const [gates, rest] = split(bias);
  const [firstGates, firstRest] = split(initial?.bias ?? bias);
  const shared = {
    ...(clip !== undefined && { clip }),
    ...(direction && { direction }),
    ...(aligned === false && { aligned }),
  };
  return [
    {
      ...{ cell: pair[0], rows, x: gatesOf(x, 0, 2), h: gatesOf(h, 0, 2), loop: 1, down },
      ...{ bias: gates, biasFraction, stateFraction: null },
      ...shared,
      ...(initial && { initial: { bias: firstGates, state: null } }),
    },
    {
      ...{
        cell: pair[1],
        rows,
        x: gatesOf(x, 2, 3),
        h: gatesOf(h, 2, 3),
        loop: -1,
        down: down.map((far) => far + 1),
      },
      ...{ bias: rest, biasFraction, stateFraction },
      ...shared,
      ...(initial && { initial: { bias: firstRest, state: initial.state } }),
    },
  ];
}
