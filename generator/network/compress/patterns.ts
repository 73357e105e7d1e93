import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import { densePattern } from '../../sparsity/dense.js';
import { findPatterns } from '../../sparsity/find.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { MatrixMasks } from '../../sparsity/mask.js';
import type { Fit } from '../../sparsity/pattern.js';
import type { Pattern, PatternChoice, PatternShape } from '../../sparsity/registry.js';
import { matrixMasks } from '../float/masks.js';
import type { FloatModel, MatrixPattern } from '../float/model.js';

/** What the user says about the pattern. */
export interface PatternRequest {
  /** What is known of the pattern, once for all layers or once per layer; absent = search. */
  readonly shapes?: readonly PatternShape[] | undefined;
  /** Add what a pattern lacks to be complete, e.g. zero blocks where a block row uses too few. */
  readonly fill: boolean;
  /** Take every matrix as dense, whatever its zeros. */
  readonly dense: boolean;
}

/** The pattern of one matrix. */
export interface MatrixFit extends Fit<Pattern> {
  readonly name: string;
}

/**
 * Patterns of the matrices of recurrent layers in the order x, h of layer 0, x, h of layer 1 ...: those that were chosen
 * for the network, else from the exact zeros.
 * @throws UserError PATTERN_UNBALANCED, PATTERN_NOT_FOUND or BLOCKS_COUNT.
 */
export function* patternsOf(
  model: FloatModel,
  request: PatternRequest,
  file: string,
): Steps<readonly MatrixFit[]> {
  if (model.patterns !== undefined) return chosen(model, model.patterns);
  const { shapes, fill, dense } = request;
  const matrices = matrixMasks(model);
  if (dense) return matrices.map(wholeMatrix);
  const options = { fill, file };
  if (shapes === undefined) {
    const choices = yield* findPatterns(matrices, options);
    return matrices.map((matrix, i) => {
      const choice = choices[i] as PatternChoice;
      return { name: matrix.name, ...patternKind(choice).find.fit(matrix, choice, options) };
    });
  }
  const layers = model.layers.length;
  if (shapes.length !== 1 && shapes.length !== layers) {
    const field = shapes[0] === undefined ? undefined : patternKind(shapes[0]).parse.options[0];
    throw new UserError({
      code: 'BLOCKS_COUNT',
      message: `${field ?? 'shapes'}: expected one list, or one for each of ${layers} layers, got ${shapes.length}`,
      field,
      expected: `1 or ${layers} lists`,
      got: shapes.length,
    });
  }
  return matrices.map((matrix) => {
    const shape = (shapes[matrix.group] ?? shapes[0]) as PatternShape;
    return { name: matrix.name, ...patternKind(shape).find.fitTo(matrix, shape, options) };
  });
}

/** A chosen pattern is taken as it is: what it keeps may be nothing but zeros. */
function chosen({ layers }: FloatModel, patterns: readonly MatrixPattern[]): readonly MatrixFit[] {
  const names = layers.flatMap(({ x, h }) => [x.name, h.name]);
  return patterns.map((pattern, i) => asItIs(names[i] as string, pattern));
}

function wholeMatrix({ name, shared }: MatrixMasks): MatrixFit {
  return asItIs(name, { sharing: 'shared', patterns: [densePattern(shared)] });
}

function asItIs(name: string, matrix: MatrixPattern): MatrixFit {
  const pattern = matrix.patterns[0] as Pattern;
  return { name, ...matrix, added: patternKind(pattern).find.nothingAdded(pattern) };
}
