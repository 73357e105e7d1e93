import type { FrameSequence } from './design.js';

/** Frames of an utterance. */
export interface Span {
  readonly first: number;
  readonly length: number;
}

/** The utterances of a sequence. */
export function utteranceSpans({
  frames,
  utteranceStarts: starts,
}: Pick<FrameSequence, 'frames' | 'utteranceStarts'>): readonly Span[] {
  return starts.map((first, u) => ({ first, length: (starts[u + 1] ?? frames) - first }));
}

/** The frame that comes in place of another one where each utterance is turned round. */
export function mirrored(spans: readonly Span[], frame: number): number {
  let [low, high] = [0, spans.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((spans[middle] as Span).first <= frame) low = middle;
    else high = middle - 1;
  }
  const own = spans[low];
  return own === undefined || frame >= own.first + own.length
    ? frame
    : 2 * own.first + own.length - 1 - frame;
}
