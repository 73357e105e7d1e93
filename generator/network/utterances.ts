/** How frames that lie one after the other, without padding, make up utterances. */
export interface Utterances {
  /** Frames of each utterance, at least one. */
  readonly lengths: Int32Array;
}

/** Utterances of equal length. */
export function equalLengths(utterances: number, frames: number): Int32Array {
  return new Int32Array(utterances).fill(frames);
}

/** Frames of all utterances together. */
export function framesIn({ lengths }: Utterances): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** Number of the first frame of each utterance. */
export function utteranceStarts({ lengths }: Utterances): Int32Array {
  let next = 0;
  return lengths.map((length) => {
    next += length;
    return next - length;
  });
}
