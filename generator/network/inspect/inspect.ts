import type { ErrorReport } from '../../base/errors.js';
import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { findPatterns } from '../../sparsity/find.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { MatrixMasks } from '../../sparsity/mask.js';
import { notesOnZeros } from '../../sparsity/notes.js';
import type { PatternChoice } from '../../sparsity/registry.js';
import { gatesIn } from '../cells/registry.js';
import { type Direction, directionsOf } from '../directions.js';
import { inOrder } from '../float/layer-matrices.js';
import { matrixMasks } from '../float/masks.js';
import { type FloatLayer, type FloatModel, hiddenOf, timedLayers } from '../float/model.js';
import { statistics, type TensorStatistics } from './statistics.js';
import { type ZeroReport, zeroReport } from './zeros.js';

/** What is in a float network. */
export interface NetworkReport {
  readonly layers: readonly (Pick<FloatLayer, 'cell' | 'inputs' | 'cells'> & Direction)[];
  readonly output: { readonly inputs: number; readonly outputs: number } | null;
  /** Weights of recurrent layers, and those of them that are not zero. */
  readonly weights: number;
  readonly nonZero: number;
  /** x, h, bias and initial state of layer 0, of layer 1 ..., then weights and bias of the output layer. */
  readonly tensors: readonly TensorStatistics[];
  /** In the order of reports: x, h of layer 0, x, h of layer 1 ... */
  readonly matrices: readonly ZeroReport[];
  /** What `compress` does with these zeros when it is told nothing about them. */
  readonly search: SearchOutcome;
  /** What it does with `--fill`; null where that is not needed. */
  readonly filled: SearchOutcome | null;
  /** What a user has to know of how zeros are taken, a sentence each. */
  readonly notes: readonly string[];
}

/** The patterns that the search takes, matrix by matrix, or why it refuses. */
export type SearchOutcome =
  | { readonly found: readonly PatternChoice[]; readonly refused: null }
  | { readonly found: null; readonly refused: ErrorReport };

/** Whether a pattern explains the zeros: they are not merely taken as they are. */
export function isExplained({ found }: SearchOutcome): boolean {
  return found !== null && !found.some((choice) => patternKind(choice).find.holdsAny === true);
}

/** Figures and patterns of a network, matrix by matrix. `tick` is told after each. */
export function* inspectSteps(
  model: FloatModel,
  file: string,
  tick: (done: number, total: number) => void = () => undefined,
): Steps<NetworkReport> {
  const masks = inOrder(matrixMasks(model));
  const search = yield* searched(masks, false, file);
  const matrices: ZeroReport[] = [];
  for (const [i, matrix] of masks.entries()) {
    matrices.push(yield* zeroReport(matrix, search.found?.[i]));
    tick(matrices.length, masks.length);
  }
  const weights = matrices.reduce((sum, matrix) => sum + matrix.weights, 0);
  const zeros = matrices.reduce((sum, matrix) => sum + matrix.zeros, 0);
  const { output } = model;
  const explained = isExplained(search);
  const directions = directionsOf(timedLayers(model));
  return {
    layers: model.layers.map(({ cell, inputs, cells }, l) => ({
      ...{ cell, inputs, cells },
      ...(directions[l] as Direction),
    })),
    output: output && { inputs: output.inputs, outputs: output.outputs },
    weights,
    nonZero: weights - zeros,
    tensors: tensorsOf(model),
    matrices,
    search,
    filled: explained ? null : yield* searched(masks, true, file),
    notes: search.found === null ? [] : yield* notesOnZeros(masks, search.found),
  };
}

function tensorsOf(model: FloatModel): readonly TensorStatistics[] {
  const { layers, output } = model;
  return [
    ...layers.flatMap(({ cell, x, h, bias, initial, inputs, cells }, l) => [
      statistics(x.name, [gatesIn(cell) * cells, inputs], x.values),
      ...(h === null
        ? []
        : [statistics(h.name, [gatesIn(cell) * cells, hiddenOf(model, l)], h.values)]),
      statistics(bias.name, [bias.values.length], bias.values),
      ...(initial === undefined
        ? []
        : [initial.h, initial.c].flatMap((one) =>
            one === null ? [] : [statistics(one.name, [one.values.length], one.values)],
          )),
    ]),
    ...(output === null
      ? []
      : [
          statistics(output.weights.name, [output.outputs, output.inputs], output.weights.values),
          statistics(output.bias.name, [output.outputs], output.bias.values),
        ]),
  ];
}

function* searched(
  matrices: readonly MatrixMasks[],
  fill: boolean,
  file: string,
): Steps<SearchOutcome> {
  try {
    return { found: yield* findPatterns(matrices, { fill, file }), refused: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { found: null, refused: error.report };
  }
}
