import { unexpected } from '../../base/errors.js';
import { CELLS } from '../cells/registry.js';
import { type FloatLayer, type FloatModel, sourcesOf } from '../float/model.js';
import type { WordLengths } from '../words.js';

/**
 * Fraction bits of the values of each layer. `own` is asked for those of a layer whose cell leaves them to it. What is read side
 * by side gets one binary point, the coarsest of all.
 * @throws UserError SIDE_BY_SIDE where a layer beside h of fixed range has larger values, or the input frame stands there
 */
export function valuePoints(
  source: FloatModel,
  words: WordLengths,
  own: (l: number) => number,
  file: string,
): readonly number[] {
  const fixed = source.layers.map(({ cell }) => {
    const { valueFraction } = CELLS[cell];
    return typeof valueFraction === 'function' ? valueFraction(words) : null;
  });
  const points = fixed.map((point, l) => point ?? own(l));
  const joins = [...source.layers, source.output].flatMap((_, l) => {
    const sources = sourcesOf(source, l);
    return sources.length > 1 ? [sources] : [];
  });
  // a point that is lowered for one join counts in the others
  for (let changed = true; changed; ) {
    changed = false;
    for (const join of joins) {
      const names = join.map((l) => nameOf(source, l)).join(' and ');
      const refuse = (expected: string, got: string) =>
        unexpected({ code: 'SIDE_BY_SIDE', file, field: names, expected, got });
      if (join.includes(-1)) throw refuse('layers side by side', 'the input frame beside a layer');
      const least = Math.min(...join.map((l) => points[l] as number));
      for (const l of join) {
        if (points[l] === least) continue;
        if (fixed[l] !== null) {
          const expected = `values within [-1, 1), as those of ${nameOf(source, l)}, beside it`;
          throw refuse(
            expected,
            `a layer that needs ${words.activation - 1 - least} bits before the point`,
          );
        }
        points[l] = least;
        changed = true;
      }
    }
  }
  return points;
}

const nameOf = ({ layers }: FloatModel, l: number): string =>
  l < 0 ? 'the input frame' : `layer ${l} (${(layers[l] as FloatLayer).x.name})`;
