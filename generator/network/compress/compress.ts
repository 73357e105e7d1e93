import { atOnce, type Steps } from '../../base/steps.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern, PatternFacts } from '../../sparsity/registry.js';
import { gatesIn } from '../cells/registry.js';
import { inOrder, type LayerMatrices } from '../float/layer-matrices.js';
import type { FloatModel } from '../float/model.js';
import type { SparseMatrix } from '../model.js';
import type { MatrixFit } from './patterns.js';
import { type PrepareOptions, prepareSteps } from './prepare.js';
import { type Quantised, type QuantiseOptions, quantiseSteps } from './quantise-network.js';

/** What happened to the pattern of one matrix, with the fields of its kind: sizes and counts, and what was added. */
export interface PatternFigures {
  readonly name: string;
  readonly sharing: SparseMatrix['sharing'];
  /** Kept weights of all gates: positions without padding and fill. */
  readonly kept: number;
  readonly weights: number;
  /** Bits of the index lists of all its patterns. */
  readonly indexBits: number;
}

export type PatternReport = PatternFigures & PatternFacts;

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
  return { ...quantised, patterns: patternReports(source, prepared.fits) };
}

/** The patterns as `compress` reports them: x, h of layer 0, x, h of layer 1 ... */
export function patternReports(
  { layers }: Pick<FloatModel, 'layers'>,
  fits: readonly LayerMatrices<MatrixFit>[],
): readonly PatternReport[] {
  const own = layers.flatMap((layer, l) =>
    inOrder([fits[l] as LayerMatrices<MatrixFit>]).map((fit) => [layer, fit] as const),
  );
  return own.map(([{ cell }, { name, sharing, patterns, added }]) => {
    const gates = gatesIn(cell);
    const first = patterns[0] as Pattern;
    const { report, counts } = patternKind(first);
    const total = (count: (pattern: Pattern) => number) =>
      patterns.reduce((sum, pattern) => sum + count(pattern), 0);
    return {
      name,
      sharing,
      ...report.facts(first),
      kept: (gates / patterns.length) * total(counts.kept),
      weights: gates * first.rows * first.columns,
      indexBits: total(counts.indexBits),
      ...added.facts,
    };
  });
}
