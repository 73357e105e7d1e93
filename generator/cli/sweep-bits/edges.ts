import { WORD_LIMITS } from '../../network/limits.js';

/** Word lengths of a point: of weights, of x and h, of c. */
export interface PointWords {
  readonly weightBits: number;
  readonly activationBits: number;
  readonly cellBits: number;
}

/** The words that a sweep varies. */
export const WORDS = [
  'weightBits',
  'activationBits',
  'cellBits',
] as const satisfies (keyof PointWords)[];

const KINDS = { weightBits: 'weight', activationBits: 'activation', cellBits: 'cell' } as const;
const NAMES = { weightBits: 'weights', activationBits: 'x and h', cellBits: 'c' } as const;
const OPTIONS = {
  weightBits: '--weight-bits',
  activationBits: '--activation-bits',
  cellBits: '--cell-bits',
} as const;

type Ranges = { readonly [W in keyof PointWords]: readonly number[] };

interface Swept extends Ranges {
  readonly points: readonly (PointWords & { readonly relativeError: number | null })[];
  readonly smallest: readonly PointWords[];
}

/**
 * Where the smallest word lengths close to float lie on the edge of a range that could be wider, or, where none is close,
 * those with the smallest error.
 */
export function edgeNotes(sweep: Swept): readonly string[] {
  const best = sweep.smallest.length > 0 ? sweep.smallest : leastError(sweep.points);
  const what = sweep.smallest.length > 0 ? 'the smallest' : 'the best';
  return WORDS.flatMap((word) => {
    const [low, high] = [sweep[word][0] as number, sweep[word].at(-1) as number];
    const [least, most] = WORD_LIMITS[KINDS[word]];
    const at = (bits: number) => best.some((point) => point[word] === bits);
    const wider = (bits: number, direction: string) =>
      `${what} of these lie at ${bits} bits of ${NAMES[word]}, the ${direction} that ${OPTIONS[word]} tries: there may be better ones beyond`;
    return [
      ...(at(high) && high < most ? [wider(high, 'most')] : []),
      ...(sweep.smallest.length > 0 && at(low) && low > least ? [wider(low, 'fewest')] : []),
    ];
  });
}

function leastError<P extends Swept['points'][number]>(points: readonly P[]): readonly P[] {
  const known = points.filter(({ relativeError }) => relativeError !== null);
  const least = Math.min(...known.map(({ relativeError }) => relativeError as number));
  return known.filter(({ relativeError }) => relativeError === least).slice(0, 1);
}
