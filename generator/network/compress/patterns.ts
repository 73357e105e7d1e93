import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { densePattern } from '../../sparsity/dense.js';
import { findPatterns } from '../../sparsity/find.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { MatrixMasks } from '../../sparsity/mask.js';
import { notesOnZeros } from '../../sparsity/notes.js';
import type { Fit } from '../../sparsity/pattern.js';
import type { Pattern, PatternChoice, PatternShape } from '../../sparsity/registry.js';
import { inOrder, type LayerMatrices, mapMatrices } from '../float/layer-matrices.js';
import { matrixMasks } from '../float/masks.js';
import type { FloatModel, MatrixPattern } from '../float/model.js';

/** What the user says about the pattern. */
export interface PatternRequest {
  /** What is known of the pattern, once for all layers or once per layer; absent = search. */
  readonly shapes?: readonly PatternShape[] | undefined;
  /** Without shapes: the kinds among which the search looks, once for all layers or once per layer; absent = all kinds. */
  readonly kinds?: readonly Pick<Pattern, 'kind'>[] | undefined;
  /** Add what a pattern lacks to be complete, e.g. zero blocks where a block row uses too few. */
  readonly fill: boolean;
  /** Take every matrix as dense, whatever its zeros. */
  readonly dense: boolean;
}

/** The pattern of one matrix. */
export interface MatrixFit extends Fit<Pattern> {
  readonly name: string;
}

/** The patterns of a network. */
export interface NetworkFits {
  /** Layer by layer. */
  readonly fits: readonly LayerMatrices<MatrixFit>[];
  /** What a user has to know of how zeros were taken, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Patterns of the matrices of layers, layer by layer: those that were chosen for the network, else from the
 * exact zeros.
 * @throws UserError PATTERN_UNBALANCED, PATTERN_NOT_FOUND or BLOCKS_COUNT.
 */
export function* patternsOf(
  model: FloatModel,
  request: PatternRequest,
  file: string,
): Steps<NetworkFits> {
  if (model.patterns !== undefined) return { fits: chosen(model, model.patterns), notes: [] };
  const { shapes, kinds, fill, dense } = request;
  const masks = matrixMasks(model);
  if (dense) return { fits: masks.map((layer) => mapMatrices(layer, wholeMatrix)), notes: [] };
  const options = { fill, file };
  const layers = model.layers.length;
  if (shapes === undefined) {
    const matrices = inOrder(masks);
    if (kinds !== undefined) checkCount(kinds, layers, '--pattern');
    const ofMatrices = kinds && matrices.map(({ group }) => (kinds[group] ?? kinds[0]) as Pattern);
    const found = yield* findPatterns(matrices, options, ofMatrices);
    const choices = new Map(matrices.map((matrix, i) => [matrix, found[i] as PatternChoice]));
    const fit = (matrix: MatrixMasks): MatrixFit => {
      const choice = choices.get(matrix) as PatternChoice;
      return { name: matrix.name, ...patternKind(choice).find.fit(matrix, choice, options) };
    };
    const notes = kinds === undefined ? yield* notesOnZeros(matrices, found) : [];
    return { fits: masks.map((layer) => mapMatrices(layer, fit)), notes };
  }
  checkCount(shapes, layers, shapes[0] && patternKind(shapes[0]).parse.options[0]);
  const fits = masks.map((layer, l) => {
    const shape = (shapes[l] ?? shapes[0]) as PatternShape;
    return mapMatrices(layer, (matrix) => ({
      name: matrix.name,
      ...patternKind(shape).find.fitTo(matrix, shape, options),
    }));
  });
  return { fits, notes: [] };
}

/** @throws UserError BLOCKS_COUNT */
function checkCount(lists: readonly unknown[], layers: number, field: string | undefined): void {
  if (lists.length === 1 || lists.length === layers) return;
  throw new UserError({
    code: 'BLOCKS_COUNT',
    message: `${field ?? 'shapes'}: expected one list, or one for each of ${layers} layers, got ${lists.length}`,
    field,
    expected: `1 or ${layers} lists`,
    got: lists.length,
  });
}

/** A chosen pattern is taken as it is: what it keeps may be nothing but zeros. */
function chosen(
  { layers }: FloatModel,
  patterns: readonly LayerMatrices<MatrixPattern>[],
): readonly LayerMatrices<MatrixFit>[] {
  return patterns.map(({ x, h }, l) => {
    const layer = layers[l] as FloatModel['layers'][number];
    return { x: asItIs(layer.x.name, x), h: layer.h && h && asItIs(layer.h.name, h) };
  });
}

function wholeMatrix({ name, shared }: MatrixMasks): MatrixFit {
  return asItIs(name, { sharing: 'shared', patterns: [densePattern(shared)] });
}

function asItIs(name: string, matrix: MatrixPattern): MatrixFit {
  const pattern = matrix.patterns[0] as Pattern;
  return { name, ...matrix, added: patternKind(pattern).find.nothingAdded(pattern) };
}
