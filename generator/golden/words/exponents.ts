import type { FormatChoices } from '../../network/compress/formats.js';
import { exponentOf } from '../../network/compress/quantise.js';
import { type FloatModel, isIdentity } from '../../network/float/model.js';
import type { Reals } from '../../network/float/reals.js';
import type { Candidate, Tried } from './candidate.js';
import type { Trials } from './trials.js';

/** An exponent of weights within the formats of a network. */
interface Place {
  readonly name: string;
  readonly values: Reals;
  readonly given: (formats: FormatChoices) => number | undefined;
  readonly with: (formats: FormatChoices, exponent: number) => FormatChoices;
}

/** A change of an exponent has to make the distance smaller by this factor, or least squares stay. */
const BETTER = 0.98;

/** An exponent that is not the one of least squares. */
export interface ChangedExponent {
  readonly name: string;
  readonly leastSquares: number;
  readonly exponent: number;
}

/**
 * Exponents chosen by the outputs where least squares is worse: from what was tried, matrix by matrix, one step up or down
 * as long as that helps. `fixed` are exponents of the user, which stay.
 */
export async function betterExponents(
  trials: Trials,
  tried: Tried,
  fixed: FormatChoices,
): Promise<Tried> {
  let best = tried;
  for (const place of placesOf(trials.prepared.source)) {
    if (place.given(fixed) !== undefined) continue;
    const first = exponentIn(best, place, fixed);
    const around = await Promise.all(
      [1, -1].map((step) => moved(trials, best, place, first + step)),
    );
    const [up, down] = around as [Tried, Tried];
    const step = up.distance < down.distance ? 1 : -1;
    let next = step === 1 ? up : down;
    for (let e = first + 2 * step; next.distance < BETTER * best.distance; e += step) {
      best = next;
      next = await moved(trials, best, place, e);
    }
  }
  return best;
}

/** Which exponents of a candidate are not those that least squares would give. */
export function changedExponents(
  source: FloatModel,
  { words, formats }: Candidate,
  fixed: FormatChoices,
): readonly ChangedExponent[] {
  return placesOf(source).flatMap((place) => {
    const exponent = place.given(formats);
    if (exponent === undefined || place.given(fixed) !== undefined) return [];
    const leastSquares = exponentOf(place.values, words.weight, fixed.weightRange);
    return exponent === leastSquares ? [] : [{ name: place.name, leastSquares, exponent }];
  });
}

function exponentIn({ words, formats }: Candidate, place: Place, fixed: FormatChoices): number {
  return place.given(formats) ?? exponentOf(place.values, words.weight, fixed.weightRange);
}

function moved(trials: Trials, from: Candidate, place: Place, exponent: number): Promise<Tried> {
  const { words, formats, headroom } = from;
  return trials.try({ words, formats: place.with(formats, exponent), headroom });
}

/** The matrices of a network, in the order of computation; one of ones alone is exact as it is. */
function placesOf(model: FloatModel): readonly Place[] {
  const { layers, output } = model;
  const own = layers.flatMap((layer, l) =>
    (['x', 'h'] as const).flatMap((side): readonly Place[] => {
      const key = side === 'x' ? 'xExponent' : 'hExponent';
      const tensor = layer[side];
      if (tensor === null || isIdentity(model, l)) return [];
      const place: Place = {
        ...tensor,
        given: ({ layers = [] }) => layers[l]?.[key],
        with: (formats, exponent) => {
          const all = layers.map((_, i) => formats.layers?.[i] ?? {});
          all[l] = { ...all[l], [key]: exponent };
          return { ...formats, layers: all };
        },
      };
      return [place];
    }),
  );
  if (output === null) return own;
  const last: Place = {
    name: output.weights.name,
    values: output.weights.values,
    given: (formats) => formats.output?.exponent,
    with: (formats, exponent) => ({ ...formats, output: { ...formats.output, exponent } }),
  };
  return [...own, last];
}
