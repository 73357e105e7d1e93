import { UserError } from '../../base/errors.js';
import type { Steps } from '../../base/steps.js';
import type { MatrixMasks, PatternChoice } from '../../sparsity/hcgs/candidates.js';
import { type Fit, fitPatterns } from '../../sparsity/hcgs/fit.js';
import { searchSteps } from '../../sparsity/hcgs/search.js';
import { checkDense } from '../../sparsity/hcgs/unexplained.js';
import { matrixMasks } from '../float/masks.js';
import type { FloatModel, MatrixPattern } from '../float/model.js';

/** What the user says about the pattern. */
export interface PatternRequest {
  /** Block sizes, one list for all layers or one per layer; absent = search. */
  readonly blocks?: readonly (readonly number[])[] | undefined;
  /** Add zero blocks where a block row uses too few. */
  readonly fill: boolean;
  /** Take every matrix as dense, whatever its zeros. */
  readonly dense: boolean;
}

/** The pattern of one matrix. */
export interface MatrixFit extends MatrixPattern, Pick<Fit, 'filledBlocks'> {
  readonly name: string;
}

/**
 * Patterns of all LSTM matrices in the order x, h of layer 0, x, h of layer 1 ...: those that were chosen for the
 * network, else from the exact zeros.
 * @throws UserError PATTERN_UNBALANCED, PATTERN_NOT_FOUND or BLOCKS_COUNT.
 */
export function* patternsOf(
  model: FloatModel,
  request: PatternRequest,
  file: string,
): Steps<readonly MatrixFit[]> {
  if (model.patterns !== undefined) return chosen(model, model.patterns);
  const { blocks, fill, dense } = request;
  const matrices = matrixMasks(model);
  if (dense) return matrices.map((matrix) => fitted(matrix, DENSE, fill, file));
  if (blocks === undefined) {
    const choices = yield* searchSteps(matrices, { fill, file });
    return matrices.map((matrix, i) => fitted(matrix, choices[i] as PatternChoice, fill, file));
  }
  const layers = model.layers.length;
  if (blocks.length !== 1 && blocks.length !== layers) {
    throw new UserError({
      code: 'BLOCKS_COUNT',
      message: `--blocks: expected one list, or one for each of ${layers} layers, got ${blocks.length}`,
      field: '--blocks',
      expected: `1 or ${layers} lists`,
      got: blocks.length,
    });
  }
  return matrices.map((matrix) => {
    const sizes = (blocks[matrix.group] ?? blocks[0]) as readonly number[];
    const fit = fittedTo(matrix, sizes, fill, file);
    checkDense(matrix, fit.survey, fit.patterns.length, file);
    return fit;
  });
}

/** A chosen pattern is taken as it is: a kept block may hold nothing but zeros. */
function chosen({ layers }: FloatModel, patterns: readonly MatrixPattern[]): readonly MatrixFit[] {
  const names = layers.flatMap(({ x, h }) => [x.name, h.name]);
  return patterns.map((pattern, i) => {
    const filledBlocks = pattern.patterns[0]?.blocks.map(() => 0) ?? [];
    return { name: names[i] as string, ...pattern, filledBlocks };
  });
}

const DENSE: PatternChoice = { blocks: [], sharing: 'shared' };

type Fitted = MatrixFit & Fit;

/**
 * Given sizes: one mask for all gates or one per gate, whichever is balanced and keeps less, rather one mask; else
 * one mask, filled.
 */
function fittedTo(
  matrix: MatrixMasks,
  blocks: readonly number[],
  fill: boolean,
  file: string,
): Fitted {
  const fits = (['shared', 'per-gate'] as const).flatMap((sharing) => {
    try {
      return [fitted(matrix, { blocks, sharing }, false, file)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [];
    }
  });
  const kept = ({ survey, patterns }: Fitted) => survey.positions / patterns.length;
  const [best] = fits.sort((a, b) => kept(a) - kept(b));
  return best ?? fitted(matrix, { blocks, sharing: 'shared' }, fill, file);
}

function fitted(
  matrix: MatrixMasks,
  { blocks, sharing }: PatternChoice,
  fill: boolean,
  file: string,
): Fitted {
  const masks = sharing === 'shared' ? [matrix.shared] : matrix.perGate;
  const { name } = matrix;
  return { name, sharing, ...fitPatterns(masks, blocks, { name, file, fill }) };
}
