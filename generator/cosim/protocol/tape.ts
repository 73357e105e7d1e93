import type { FrameMarks } from '../design.js';
import { randomFrames } from '../driver/random-frames.js';
import { type Reference, type ReferenceFrame, utteranceOf } from '../scoreboard/reference.js';
import { utteranceSpans } from '../utterance-spans.js';

/** Random frames that a life of the protocol pass may send, from the first on, and what they must give. */
export interface Tape {
  readonly frames: number;
  /** Input codes of frame `n`. */
  input(n: number): Int32Array;
  /** Whether frame `n` starts an utterance; the first one always does. */
  starts(n: number): boolean;
  golden(n: number): ReferenceFrame;
  /** Whether the outputs of frame `n` leave, and whether it ends an utterance: the same on all tapes, for it decides when things happen. */
  emits(n: number): boolean;
  ends(n: number): boolean;
}

/** Lives take turns with tapes: what an old one has left behind is wrong for the new one. */
export function tapeOf(tapes: readonly Tape[], life: number): Tape {
  return tapes[life % tapes.length] as Tape;
}

/** A tape of random codes. `reference` is used at once and left in any state. */
export function randomTape(options: {
  readonly frames: number;
  readonly inputs: number;
  readonly bits: number;
  readonly seed: number;
  readonly reference: Reference;
  readonly pattern: readonly FrameMarks[];
}): Tape {
  const { inputs, reference, pattern } = options;
  const drawn = randomFrames(options);
  const { frames, codes } = drawn;
  const whole = pattern.some(({ last }) => last);
  const utteranceStarts = whole
    ? [...pattern.keys()].filter((n) => n === 0 || pattern[n - 1]?.last)
    : drawn.utteranceStarts;
  const starts = new Set(utteranceStarts);
  const input = (n: number) => codes.subarray(n * inputs, (n + 1) * inputs);
  const golden = utteranceSpans({ frames, utteranceStarts }).flatMap(({ first, length }) =>
    utteranceOf(
      reference,
      Array.from({ length }, (_, n) => input(first + n)),
    ),
  );
  return {
    frames,
    input,
    starts: (n) => starts.has(n),
    golden: (n) => golden[n] as ReferenceFrame,
    emits: (n) => pattern[n]?.emits === true,
    ends: (n) => (whole ? pattern[n]?.last : pattern[n]?.emits) === true,
  };
}
