import type { CellKind } from '../../../generator/network/cells/registry.js';
import type { Model, ModelPass, SparseMatrix } from '../../../generator/network/model.js';
import { randomModel } from '../../../generator/network/random.js';

/** Layers of the stateless cell, of random weights: the first three gates of an LSTM. */
export function statelessModel(hidden: readonly number[]): Model {
  const model = randomModel({
    ...{ inputs: 6, hidden, outputs: 0, sharing: 'shared', seed: 11, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });
  const three = (matrix: SparseMatrix): SparseMatrix => ({
    ...matrix,
    patterns: matrix.patterns.slice(0, 3),
    codes: matrix.codes.slice(0, 3 * matrix.rows * matrix.columns),
  });
  const passes = model.passes.map(
    (pass): ModelPass => ({
      ...pass,
      cell: 'stateless' as CellKind,
      bias: pass.bias.slice(0, 3 * pass.rows),
      stateFraction: null,
      operands: pass.operands.map((one) => ({ ...one, matrix: three(one.matrix) })),
    }),
  );
  return { ...model, passes };
}
