import { UserError } from '../base/errors.js';
import { inSlices } from '../base/steps.js';
import type { FormatChoices } from '../network/compress/formats.js';
import type { Prepared } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import type { WordLengths } from '../network/model.js';
import type { AgainstFloat } from './against-float.js';
import { measurerFor } from './measure/measurer.js';

/** A network in some word lengths, beside the float network on the same frames. */
export interface SweepPoint extends Pick<AgainstFloat, 'error' | 'correct'> {
  readonly words: WordLengths;
}

export interface SweepOptions {
  /** Word lengths to try: points come by weights, then by activations, then by c. */
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  readonly cellBits: readonly number[];
  readonly biasBits: number;
  readonly formats?: FormatChoices;
  /** Class of each utterance. */
  readonly labels: Int32Array | null;
  /** Name of the network's file in errors. */
  readonly file: string;
  /** Told after each point. */
  readonly tick?: (done: number, total: number) => void;
}

/**
 * Quantises a prepared network in all these word lengths and runs the golden model on the calibration frames, as many
 * points at a time as there are processors: a point is what `compressSteps` and the golden model give for its words.
 * @throws UserError as `quantiseSteps`, with the word lengths at which it happened.
 */
export async function sweep(
  prepared: Prepared,
  { weightBits, activationBits, cellBits, biasBits, formats, labels, file, tick }: SweepOptions,
): Promise<readonly SweepPoint[]> {
  const { outputs, frames, heldOut } = prepared.calibration;
  const all = weightBits.flatMap((weight) =>
    activationBits.flatMap((activation) =>
      cellBits.map((cell): WordLengths => ({ weight, activation, cell, bias: biasBits })),
    ),
  );
  const points = new Array<SweepPoint>(all.length);
  const measurer = measurerFor({ frames, outputs, labels, heldOut }, prepared.source);
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < all.length) {
      const index = next++;
      const words = all[index] as WordLengths;
      const options = { words, provenance: {}, file, ...(formats && { formats }) };
      const { model } = await named(words, inSlices(quantiseSteps(prepared, options)));
      const { error, correct } = await measurer.measure(model);
      points[index] = { words, error, correct };
      tick?.(++done, all.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: measurer.width }, work));
  } finally {
    await measurer.close();
  }
  return points;
}

/** The same; an error says with which word lengths it came. */
async function named<T>({ weight, activation, cell }: WordLengths, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, ...report } = error.report;
    const where = `with weights of ${weight}, activations of ${activation} and c of ${cell} bits`;
    throw new UserError({ ...report, message: `${message}, ${where}` }, { cause: error });
  }
}
