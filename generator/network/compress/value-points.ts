import { unexpected } from '../../base/errors.js';
import { CELLS } from '../cells/registry.js';
import { type FloatLayer, type FloatModel, sourcesOf } from '../float/model.js';
import type { WordLengths } from '../words.js';

/** Binary points of one layer that is asked for. */
export interface PointsOf {
  /** Of the values of a layer whose cell leaves them to it; null: it writes what it reads, at the point of that. */
  readonly value: (l: number) => number | null;
  /** Of the state of a layer that has one. */
  readonly state: (l: number) => number;
}

/**
 * Fraction bits of the values of each layer. What is read side
 * by side gets one binary point, the coarsest of all.
 * @throws UserError SIDE_BY_SIDE where a layer beside h of fixed range has larger values, or the input frame stands there
 */
export function valuePoints(
  source: FloatModel,
  words: WordLengths,
  of: PointsOf,
  file: string,
): readonly number[] {
  const fixed = source.layers.map(({ cell }, l) => {
    const { valueFraction, state } = CELLS[cell];
    if (typeof valueFraction !== 'function') return null;
    return valueFraction(words, state === null ? null : of.state(l));
  });
  const own = fixed.map((point, l) => point ?? of.value(l));
  const points = own.map((point) => point ?? Number.POSITIVE_INFINITY);
  const joins = [...source.layers, source.output].flatMap((_, l) => {
    const sources = sourcesOf(source, l);
    return sources.length > 1 ? [sources] : [];
  });
  // a point that is lowered for one join counts in the others
  for (let changed = true; changed; ) {
    changed = false;
    for (const [l, point] of own.entries()) {
      const least = Math.min(...sourcesOf(source, l).map((one) => points[one] as number));
      if (point !== null || (points[l] as number) <= least) continue;
      points[l] = least;
      changed = true;
    }
    for (const join of joins) {
      const names = join.map((l) => nameOf(source, l)).join(' and ');
      const refuse = (expected: string, got: string) =>
        unexpected({ code: 'SIDE_BY_SIDE', file, field: names, expected, got });
      if (join.includes(-1)) throw refuse('layers side by side', 'the input frame beside a layer');
      const least = Math.min(...join.map((l) => points[l] as number));
      for (const l of join) {
        if (points[l] === least) continue;
        if (fixed[l] !== null) {
          const largest = join.find((one) => points[one] === least) as number;
          const reach = (point: number) => 2 ** (words.activation - 1 - point);
          const most = reach(points[l] as number);
          throw refuse(
            `values within [-${most}, ${most}), as those of ${nameOf(source, l)} beside them (a tanh, a sigmoid or a limit behind a layer keeps them there)`,
            `${nameOf(source, largest)}, whose values need [-${reach(least)}, ${reach(least)})`,
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
