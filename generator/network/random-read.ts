import { UserError, unexpected } from '../base/errors.js';
import type { Random } from '../base/random.js';
import type { Steps } from '../base/steps.js';
import { densePattern } from '../sparsity/dense.js';
import { keptMask } from '../sparsity/kept-mask.js';
import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern } from '../sparsity/registry.js';
import { drawMatrix, type Gates, type RandomPattern, type Unscaled } from './random-draw.js';

/** What a layer reads: layers of the stack side by side, -1 is the input, and how many values they have. */
export interface Below {
  readonly layers: readonly number[];
  readonly length: number;
}

/** The matrix of what a layer reads: of two vectors that are summed it has two equal halves. */
export function* drawRead(
  rows: number,
  { layers, length }: Below,
  pattern: RandomPattern,
  options: Gates & { readonly bidirectional?: 'concat' | 'sum' | undefined },
  random: Random,
): Steps<Unscaled> {
  if (options.bidirectional !== 'sum' || layers.length === 1) {
    return yield* drawMatrix(rows, length, pattern, options, random);
  }
  const half = yield* drawMatrix(rows, length / 2, pattern, options, random);
  return twice(half, pattern, `a matrix of ${rows} rows`);
}

/** Layers from the layer at that place down to those that it reads. */
export const downTo = ({ layers }: Below, at: number) => layers.map((layer) => at - layer);

/**
 * [W | W]: what a matrix makes of the sum of two vectors, made of both of them side by side.
 * @throws UserError RANDOM_SHAPE where blocks of its pattern would lie across both vectors
 */
function twice(matrix: Unscaled, spec: RandomPattern, name: string): Unscaled {
  const { rows, columns, codes } = matrix;
  const patterns = matrix.patterns.map((own) => {
    if (spec === null) return densePattern({ rows, columns: 2 * columns });
    const { order, find } = patternKind(own);
    const unit = order.unit(own);
    const refused = (blocks: string, options?: { readonly cause: unknown }) => {
      const expected = `values of each direction that ${blocks} divide, for ${name}`;
      const field = '--bidirectional sum';
      return unexpected({ code: 'RANDOM_SHAPE', field, expected, got: columns }, field, options);
    };
    if (columns % unit !== 0) throw refused(`blocks of ${unit}`);
    const half = keptMask(own);
    const mask = { rows, columns: 2 * columns, kept: twiceEachRow(half.kept, columns) };
    const masks = { name, group: 0, shared: mask, perGate: [mask] };
    try {
      return find.fitTo(masks, spec, { fill: false }).patterns[0] as Pattern;
    } catch (cause) {
      if (!(cause instanceof UserError)) throw cause;
      throw refused('its blocks', { cause });
    }
  });
  return { ...matrix, columns: 2 * columns, patterns, codes: twiceEachRow(codes, columns) };
}

function twiceEachRow<T extends Int16Array | Uint8Array>(values: T, columns: number): T {
  const result = new (values.constructor as new (length: number) => T)(2 * values.length);
  for (let first = 0; first < values.length; first += columns) {
    const row = values.subarray(first, first + columns);
    result.set(row, 2 * first);
    result.set(row, 2 * first + columns);
  }
  return result;
}
