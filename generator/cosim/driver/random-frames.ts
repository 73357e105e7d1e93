import { Random } from '../../base/random.js';
import type { FrameSequence } from '../design.js';

/**
 * Frames with every input uniform over all codes of `bits` bits, cut into utterances at random, two or more where there are
 * two frames. The same seed gives the same frames and cuts.
 */
export function randomFrames(options: {
  readonly frames: number;
  readonly inputs: number;
  readonly bits: number;
  readonly seed: number;
  /** Most frames of an utterance; absent: any number. */
  readonly most?: number | undefined;
}): FrameSequence {
  const { frames, inputs, bits, seed, most = frames } = options;
  const random = new Random(seed);
  const half = 2 ** (bits - 1);
  const codes = Int32Array.from({ length: frames * inputs }, () => random.between(-half, half - 1));
  if (frames < 2) return { inputs, frames, codes, utteranceStarts: [0] };
  const cuts = random.between(1, Math.min(frames - 1, Math.ceil(frames / 5)));
  const starts = random.sample(cuts, frames - 1).map((cut) => cut + 1);
  return { inputs, frames, codes, utteranceStarts: cutAt([0, ...starts], frames, most) };
}

/** Starts of utterances, with those that are too long cut again. */
function cutAt(starts: readonly number[], frames: number, most: number): readonly number[] {
  return starts.flatMap((first, u) => {
    const length = (starts[u + 1] ?? frames) - first;
    return Array.from({ length: Math.ceil(length / most) }, (_, n) => first + n * most);
  });
}
