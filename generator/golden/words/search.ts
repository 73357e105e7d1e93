import type { FormatChoices } from '../../network/compress/formats.js';
import type { Prepared } from '../../network/compress/prepare.js';
import type { Measurer } from '../measure/measurer.js';
import {
  type Candidate,
  CHOSEN,
  type Chosen,
  type Lengths,
  LIMITS,
  meets,
  type Tried,
} from './candidate.js';
import { betterExponents, type ChangedExponent, changedExponents } from './exponents.js';
import { widerRanges } from './headroom.js';
import { noHeadroom } from './ranges.js';
import { largerError, type Target } from './target.js';
import { Trials } from './trials.js';
import { unusedLengths } from './unused.js';

export interface SearchOptions {
  readonly target: Target;
  /** Lengths that the user has given: they stay. */
  readonly fixed: Partial<Lengths>;
  /** Formats that the user has given: they stay too. */
  readonly formats: FormatChoices;
  /** Name of the network's file in errors. */
  readonly file: string;
  /** Told after each golden run, with the words it was made in; how many there will be shows only as they are made. */
  readonly tick?: (runs: number, words: Lengths) => void;
}

/** What one bit less in one word gives. */
export interface OneLess {
  readonly word: Chosen;
  readonly bits: number;
  /** Relative error of the outputs (`largerError`); null where the words cannot hold the network. */
  readonly error: number | null;
  readonly correct: number | null;
}

/** The words of a search. */
export interface Found extends Tried {
  /** The target is met; otherwise this is the closest of all that were tried. */
  readonly reached: boolean;
  readonly exponents: readonly ChangedExponent[];
  /** What one bit less gives, for every word that could be shorter; empty where the target is not met. */
  readonly less: readonly OneLess[];
  readonly runs: number;
}

/** Least squares so far from the target are not worth better exponents. */
const HOPELESS = 4;

/**
 * The smallest words that meet a target: from the longest ones, each word in turn as short as the target allows while
 * those behind it are as long as can be, weights first, because they fill most of the memory; then one bit less wherever
 * that still does. The result meets the target, and with one bit less in any one word it would not. `measurer` has the
 * frames of the calibration.
 * @throws UserError as `quantiseSteps`, where not even the longest words hold the network
 */
export async function searchWords(
  prepared: Prepared,
  measurer: Measurer,
  { target, fixed: given, formats, file, tick = () => undefined }: SearchOptions,
): Promise<Found> {
  const fixed = { ...unusedLengths(prepared.source), ...given };
  const trials = new Trials(prepared, target, measurer, file, tick);
  const found = (tried: Tried, less: readonly OneLess[]): Found => ({
    ...tried,
    formats: trials.formatsOf(tried),
    reached: meets(tried),
    exponents: changedExponents(prepared.source, tried, formats),
    less,
    runs: trials.runs,
  });
  const longest = { ...longestWords(), ...fixed };
  const headroom = noHeadroom(prepared.calibration);
  const first = await trials.try({ words: longest, formats, headroom });
  let now = await refined(trials, meets(first) ? first : await widerRanges(trials, first), formats);
  if (!meets(now)) return found(trials.best ?? now, []);
  for (const kind of CHOSEN) {
    if (fixed[kind] !== undefined) continue;
    const from = now;
    now = await shortest(from, LIMITS[kind][0], from.words[kind], {
      trial: (bits) => trials.try(withBits(from, kind, bits, formats)),
      closer: (bits) => shortened(trials, from, kind, bits, formats),
      width: target.kind === 'error' ? trials.width : Number.POSITIVE_INFINITY,
    });
  }
  for (;;) {
    const less: OneLess[] = [];
    let better: Tried | null = null;
    for (const kind of CHOSEN) {
      const bits = now.words[kind] - 1;
      if (fixed[kind] !== undefined || bits < LIMITS[kind][0]) continue;
      const tried = await shortened(trials, now, kind, bits, formats);
      if (meets(tried)) {
        better = tried;
        break;
      }
      const { measured } = tried;
      const error = measured && largerError(measured);
      less.push({ word: kind, bits, error, correct: measured?.correct?.quantised ?? null });
    }
    if (better === null) return found(now, less);
    now = better;
  }
}

function longestWords(): Lengths {
  const longest = CHOSEN.map((kind) => [kind, LIMITS[kind][1]]);
  return Object.fromEntries(longest) as unknown as Lengths;
}

/** A candidate with `bits` in one word: exponents of weights of another length are those of least squares. */
function withBits(
  { words, formats, headroom }: Candidate,
  kind: Chosen,
  bits: number,
  given: FormatChoices,
): Candidate {
  const own = kind === 'weight' ? given : formats;
  return { words: { ...words, [kind]: bits }, formats: own, headroom };
}

/** The same tried, weights with better exponents where that may help. */
function shortened(
  trials: Trials,
  from: Candidate,
  kind: Chosen,
  bits: number,
  given: FormatChoices,
): Promise<Tried> {
  const candidate = withBits(from, kind, bits, given);
  return kind === 'weight' ? refined(trials, candidate, given) : trials.try(candidate);
}

/** With the exponents of least squares, and where these just miss the target with better ones. */
async function refined(trials: Trials, from: Candidate, given: FormatChoices): Promise<Tried> {
  const { words, formats, headroom } = from;
  const tried = await trials.try({ words, formats, headroom });
  if (meets(tried) || tried.distance > HOPELESS) return tried;
  return betterExponents(trials, tried, given);
}

/** How numbers of bits are tried. */
interface Narrowing {
  readonly trial: (bits: number) => Promise<Tried>;
  /** The same with more effort. */
  readonly closer: (bits: number) => Promise<Tried>;
  /** How many are tried at a time; all of them where results do not fall steadily, as accuracies. */
  readonly width: number;
}

/**
 * The candidate with the fewest bits, `low` to `high`, that meets the target: `from` with `high` bits does. Narrows the
 * range down, then looks closer at the two below, because errors do not fall steadily.
 */
async function shortest(
  from: Tried,
  low: number,
  high: number,
  { trial, closer, width }: Narrowing,
): Promise<Tried> {
  let [best, bottom, top] = [from, low, high];
  while (bottom < top) {
    const count = Math.min(width, top - bottom);
    const all = count === top - bottom;
    const probes = Array.from({ length: count }, (_, i) =>
      all ? bottom + i : bottom + Math.floor(((i + 1) * (top - bottom)) / (count + 1)),
    );
    const tried = await Promise.all(probes.map(trial));
    const first = tried.findIndex(meets);
    if (first >= 0) {
      best = tried[first] as Tried;
      top = probes[first] as number;
    }
    const failed = first < 0 ? probes.at(-1) : probes[first - 1];
    if (failed !== undefined) bottom = failed + 1;
  }
  const below = [top - 1, top - 2].filter((bits) => bits >= low);
  const tried = await Promise.all(below.map(closer));
  return tried.filter(meets).at(-1) ?? best;
}
