import { atOnce, type Steps } from '../../base/steps.js';
import { indexBits, keptPositions } from '../../sparsity/hcgs/count.js';
import type { FloatModel } from '../float/model.js';
import { GATES, type SparseMatrix } from '../model.js';
import type { MatrixFit } from './patterns.js';
import { type PrepareOptions, prepareSteps } from './prepare.js';
import { type Quantised, type QuantiseOptions, quantiseSteps } from './quantise-network.js';

/** What happened to the pattern of one matrix. */
export interface PatternReport {
  readonly name: string;
  readonly sharing: SparseMatrix['sharing'];
  readonly blocks: readonly number[];
  readonly keep: readonly number[];
  /** Kept weights of all gates: positions of kept blocks, without padding and fill. */
  readonly kept: number;
  readonly weights: number;
  /** Bits of the index lists of all its patterns. */
  readonly indexBits: number;
  /** Zero blocks added by level. */
  readonly filledBlocks: readonly number[];
}

export interface Compressed extends Quantised {
  readonly patterns: readonly PatternReport[];
}

export interface CompressOptions extends PrepareOptions, QuantiseOptions {}

/** Finds the pattern, calibrates the formats and quantises. @throws UserError */
export function compress(source: FloatModel, options: CompressOptions): Compressed {
  return atOnce(compressSteps(source, options));
}

/** The same, matrix by matrix and frame by frame. */
export function* compressSteps(source: FloatModel, options: CompressOptions): Steps<Compressed> {
  const prepared = yield* prepareSteps(source, options);
  const quantised = yield* quantiseSteps(prepared, options);
  return { ...quantised, patterns: patternReports(prepared.fits) };
}

/** The patterns as `compress` reports them. */
export function patternReports(fits: readonly MatrixFit[]): readonly PatternReport[] {
  return fits.map(({ name, sharing, patterns, filledBlocks }) => {
    const copies = GATES.length / patterns.length;
    const kept = patterns.reduce((sum, pattern) => sum + copies * keptPositions(pattern), 0);
    const { blocks = [], keep = [], rows = 0, columns = 0 } = patterns[0] ?? {};
    return {
      name,
      sharing,
      blocks,
      keep,
      kept,
      weights: GATES.length * rows * columns,
      indexBits: patterns.reduce((sum, pattern) => sum + indexBits(pattern), 0),
      filledBlocks,
    };
  });
}
