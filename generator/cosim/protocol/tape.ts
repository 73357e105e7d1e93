import type { FrameMarks } from '../design.js';
import { randomFrames } from '../driver/random-frames.js';
import { type Reference, type ReferenceFrame, utteranceOf } from '../scoreboard/reference.js';

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
  /** By tid; on all tapes alike. */
  stream(n: number): number;
  /** Whether frame `n` is the first one of its stream. */
  first(n: number): boolean;
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
  const stream = (n: number) => pattern[n]?.stream ?? 0;
  const firsts = new Set(
    [...new Set(pattern.map((one) => one.stream))].map((own) =>
      pattern.findIndex((one) => one.stream === own),
    ),
  );
  const starts = new Set([...utteranceStarts, ...firsts]);
  const input = (n: number) => codes.subarray(n * inputs, (n + 1) * inputs);
  const golden: ReferenceFrame[] = [];
  for (const own of utterancesOf(pattern, starts)) {
    for (const [n, frame] of utteranceOf(reference, own.map(input)).entries()) {
      golden[own[n] as number] = frame;
    }
  }
  return {
    frames,
    input,
    starts: (n) => starts.has(n),
    stream,
    first: (n) => firsts.has(n),
    golden: (n) => golden[n] as ReferenceFrame,
    emits: (n) => pattern[n]?.emits === true,
    ends: (n) => (whole ? pattern[n]?.last : pattern[n]?.emits) === true,
  };
}

/** The frames of each utterance, which are those of one stream. */
function utterancesOf(
  pattern: readonly FrameMarks[],
  starts: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const utterances: number[][] = [];
  const open = new Map<number, number[]>();
  for (const [n, { stream }] of pattern.entries()) {
    if (starts.has(n) || !open.has(stream)) {
      const begun: number[] = [];
      open.set(stream, begun);
      utterances.push(begun);
    }
    open.get(stream)?.push(n);
  }
  return utterances;
}
