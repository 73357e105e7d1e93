import { type Expr, int, repeat, type Scope, set } from '../../hdl/index.js';
import { delayed } from '../build/pipeline.js';
import type { Pipelined } from '../pipeline/registers.js';
import { decoderLatency } from '../pipeline/tracks.js';

/** Where the matrix of a tile ends, when its place is known. */
export interface MatrixEnd {
  /** Last word of the matrix, from its first one. */
  readonly lastWord: Expr<'u'>;
  /** Columns of that word which the matrix has, a bit each. */
  readonly tail: Expr<'u'>;
}

/** Takes the end of the matrix from the layer table, and lets it keep step with the tile. `field`: of the side, x or h. */
export function matrixEnd(
  m: Scope,
  c: Pipelined,
  clock: Expr<'u'>,
  field: (name: (side: 'x' | 'h') => string) => Expr<'u'>,
): MatrixEnd {
  const last = m.wire(
    'last_word',
    field((s) => `${s}_last`),
    'last word of the matrix, from its first one',
  );
  const rest = m.wire(
    'tail',
    field((s) => `${s}_tail`),
    'columns of that word which the matrix has',
  );
  const stage = m.local(
    'ADDRESS_STAGE',
    int(decoderLatency(c)),
    'cycles from `advance` to `address`',
  );
  const lastWord = delayed(m, clock, 'last_word', last, stage).at(stage);
  const tail = delayed(m, clock, 'tail', rest, stage).at(stage);
  return { lastWord, tail };
}

/**
 * Which columns of the word at `place` the matrix has. Blocks and tiles may reach beyond it, to words that nothing has
 * written.
 */
export function presentColumns(
  scope: Scope,
  clock: Expr<'u'>,
  place: Expr<'u'>,
  { lastWord, tail }: MatrixEnd,
  present: Expr<'u'>,
): void {
  const { width } = present;
  const beforeLast = scope.wire(place.lt(lastWord));
  const atLast = scope.wire(place.eq(lastWord));
  scope.always(clock, [
    set(present, repeat(width, beforeLast).or(repeat(width, atLast).and(tail))),
  ]);
}
