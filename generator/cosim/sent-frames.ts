import { type CosimDesign, emittingFrames, type FrameMarks, type FrameSequence } from './design.js';
import { utteranceSpans } from './utterance-spans.js';

/** A frame on its way into the hardware. */
export interface SentFrame {
  /** Its number in the sequence. */
  readonly frame: number;
  /** By tid. */
  readonly stream: number;
}

/**
 * The frames of a sequence in the order in which they are sent. Of several streams each gets one utterance after another: the
 * u-th one is of stream u mod the number of streams, and a frame of every stream that has one comes in turn.
 */
export function sentFrames(
  sequence: Pick<FrameSequence, 'frames' | 'utteranceStarts'>,
  streams: number,
): readonly SentFrame[] {
  if (streams === 1) {
    return Array.from({ length: sequence.frames }, (_, frame) => ({ frame, stream: 0 }));
  }
  const queues = framesByStream(sequence, streams);
  const longest = Math.max(...queues.map(({ length }) => length));
  const sent: SentFrame[] = [];
  for (let n = 0; n < longest; n++) {
    for (const [stream, queue] of queues.entries()) {
      const frame = queue[n];
      if (frame !== undefined) sent.push({ frame, stream });
    }
  }
  return sent;
}

/** The frames of each stream in their order. */
export function framesByStream(
  sequence: Pick<FrameSequence, 'frames' | 'utteranceStarts'>,
  streams: number,
): readonly (readonly number[])[] {
  const queues = Array.from({ length: streams }, (): number[] => []);
  for (const [u, { first, length }] of utteranceSpans(sequence).entries()) {
    for (let n = 0; n < length; n++) queues[u % streams]?.push(first + n);
  }
  return queues;
}

/** What each frame of a sequence is to a design, in the order in which they are sent. */
export function frameMarks(
  sequence: Pick<FrameSequence, 'frames' | 'utteranceStarts'>,
  { emit, streams }: Pick<CosimDesign, 'emit' | 'streams'>,
): readonly FrameMarks[] {
  const ends = new Set(emittingFrames(sequence, 'last'));
  return sentFrames(sequence, streams).map(({ frame, stream }) => ({
    emits: emit === 'every' || ends.has(frame),
    last: ends.has(frame),
    stream,
  }));
}
