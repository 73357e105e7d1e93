import { UserError } from '../base/errors.js';
import type { Steps } from '../base/steps.js';
import type { FormatChoices } from '../network/compress/formats.js';
import type { Prepared } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import type { WordLengths } from '../network/model.js';
import { type AgainstFloat, againstFloatSteps } from './against-float.js';

/** A network in one pair of word lengths, beside the float network on the same frames. */
export interface SweepPoint extends Pick<AgainstFloat, 'error' | 'correct'> {
  readonly words: WordLengths;
}

export interface SweepOptions {
  /** Word lengths to try, in the order in which the points come. */
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  /** Those that stay the same. */
  readonly words: Pick<WordLengths, 'cell' | 'bias'>;
  readonly formats?: FormatChoices;
  /** Class of each utterance. */
  readonly labels: Int32Array | null;
  /** Name of the network's file in errors. */
  readonly file: string;
  /** Told after each frame; counts the frames of all points. */
  readonly tick?: (done: number, total: number) => void;
}

/**
 * Quantises a prepared network in every pair of word lengths and runs the golden model on the calibration frames:
 * a point is what `compressSteps` and the golden model give for its words.
 * @throws UserError as `quantiseSteps`, with the word lengths at which it happened.
 */
export function* sweepSteps(
  prepared: Prepared,
  { weightBits, activationBits, words: fixed, formats, labels, file, tick }: SweepOptions,
): Steps<readonly SweepPoint[]> {
  const { outputs, frames } = prepared.calibration;
  const points: SweepPoint[] = [];
  const count = weightBits.length * activationBits.length;
  for (const weight of weightBits) {
    for (const activation of activationBits) {
      const words = { ...fixed, weight, activation };
      const { model } = yield* named(
        words,
        quantiseSteps(prepared, { words, provenance: {}, file, ...(formats && { formats }) }),
      );
      const { error, correct } = yield* againstFloatSteps(model, outputs, frames, {
        labels,
        tick: (done, total) => tick?.(points.length * total + done, count * total),
      });
      points.push({ words, error, correct });
    }
  }
  return points;
}

/** The same steps; an error says with which word lengths it came. */
function* named<T>({ weight, activation }: WordLengths, steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, ...report } = error.report;
    const where = `with weights of ${weight} and activations of ${activation} bits`;
    throw new UserError({ ...report, message: `${message}, ${where}` }, { cause: error });
  }
}
