import { UserError } from '../../base/errors.js';
import { Random } from '../../base/random.js';
import type { CheckedSpace } from './space.js';

/** Points of a space; more are a mistake. */
export const MOST_POINTS = 1_000_000;

/** Which value each axis of a network takes, one list for each point. */
export type Indices = readonly number[];

/** A point of a sample: a network, and the values of its axes. */
export interface Drawn {
  readonly network: number;
  readonly indices: Indices;
}

/**
 * The sample of a space whose networks have axes of those lengths: the whole grid, the last axis fastest; points drawn
 * uniformly without replacement; or a Latin hypercube (McKay, Beckman and Conover 1979), in which each value of an axis comes as
 * often as each other, give or take one. The same seed gives the same points; of equal points there is one.
 * @throws UserError SWEEP_TOO_MANY
 */
export function sampled(
  lengths: readonly (readonly number[])[],
  sample: NonNullable<CheckedSpace['sample']>,
): readonly Drawn[] {
  const sizes = lengths.map((axes) => axes.reduce((size, length) => size * length, 1));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = sample.kind === 'grid' ? whole : Math.min(sample.points, whole);
  if (wanted > MOST_POINTS) {
    throw new UserError({
      code: 'SWEEP_TOO_MANY',
      message: `the space has ${whole} points, and a sweep at most ${MOST_POINTS}: let "sample" draw some of them`,
      field: 'sample',
      expected: MOST_POINTS,
      got: wanted,
    });
  }
  // all of them are all of them, however they are drawn
  if (sample.kind === 'grid' || wanted === whole) {
    return lengths.flatMap((axes, network) =>
      Array.from({ length: sizes[network] as number }, (_, i) => ({
        network,
        indices: gridPlace(i, axes),
      })),
    );
  }
  const random = new Random(sample.seed ?? 1);
  return sorted(
    sample.kind === 'random'
      ? uniform(lengths, sizes, wanted, random)
      : latin(lengths, wanted, random),
  );
}

function gridPlace(index: number, lengths: readonly number[]): Indices {
  const indices: number[] = [];
  let rest = index;
  for (const length of [...lengths].reverse()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return indices;
}

/** Different points, each as likely as each other. */
function uniform(
  lengths: readonly (readonly number[])[],
  sizes: readonly number[],
  wanted: number,
  random: Random,
): readonly Drawn[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const found = new Map<string, Drawn>();
  while (found.size < wanted) {
    let place = random.unit() * whole;
    const network = sizes.findIndex((size) => {
      place -= size;
      return place < 0;
    });
    const indices = (lengths[network] as readonly number[]).map((length) => random.below(length));
    const drawn = { network, indices };
    found.set(keyOf(drawn), drawn);
  }
  return [...found.values()];
}

function latin(
  lengths: readonly (readonly number[])[],
  wanted: number,
  random: Random,
): readonly Drawn[] {
  const networks = spread(lengths.length, wanted, random);
  const found = new Map<string, Drawn>();
  for (const [network, axes] of lengths.entries()) {
    const count = networks.filter((one) => one === network).length;
    const columns = axes.map((length) => spread(length, count, random));
    for (let i = 0; i < count; i++) {
      const drawn = { network, indices: columns.map((column) => column[i] as number) };
      found.set(keyOf(drawn), drawn);
    }
  }
  return [...found.values()];
}

/**
 * Numbers below `length` in `count` places, in random order: each as often as each other, or, where there are more numbers than
 * places, one out of each of `count` equal parts.
 */
function spread(length: number, count: number, random: Random): readonly number[] {
  const within = () => (length > count ? random.unit() : 0);
  const places = Array.from({ length: count }, (_, i) =>
    Math.floor(((i + within()) * length) / count),
  );
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places;
}

const keyOf = ({ network, indices }: Drawn): string => `${network}:${indices.join()}`;

/** In the order of the grid, so that points of one network stand together. */
function sorted(drawn: readonly Drawn[]): readonly Drawn[] {
  return [...drawn].sort((a, b) => {
    if (a.network !== b.network) return a.network - b.network;
    const at = a.indices.findIndex((index, i) => index !== b.indices[i]);
    return (a.indices[at] ?? 0) - (b.indices[at] ?? 0);
  });
}
