import type { Random } from '../../base/random.js';
import type { CosimDesign } from '../design.js';
import { beatPacker } from '../driver/beats.js';
import { streamShape } from '../driver/bounds.js';
import type { Operation } from '../driver/operations.js';
import type { Tape } from './tape.js';

const TUSER = 2;
const TUSER_LAST = 4;
/** Share of later beats that carry a tuser, which does not count. */
const LATE_TUSER = 0.2;
/** Of the wrong frames one in so many is of a stream that there is not. */
const STRANGERS = 3;

export interface Traffic {
  /** Frames say whether they are the last of an utterance. */
  readonly marksEnds: boolean;
  /** A frame of the right length. `tuser`: on its first beat, and its second bit, where there is one. */
  good(input: Int32Array, tuser: boolean, end: boolean, stream: number): Uint8Array;
  /** Most frames of an utterance where whole ones are computed; else null. */
  readonly longest: number | null;
  /** A frame of the wrong length, of random values; without `end` a mark of its own. */
  wrong(tuser: boolean, end?: boolean, stream?: number): Uint8Array;
  /** A frame of a stream that there is not, of the right length or another one; null where a tid can say no such thing. */
  readonly stranger: (() => Uint8Array) | null;
  /** The shortest wrong frame. */
  shortest(): Uint8Array;
}

/**
 * Frames as beats for the harness, with what a core has to ignore in them: values in unused lanes of the last beat, tuser on
 * later beats.
 */
export function trafficOf(design: CosimDesign, bits: number, random: Random): Traffic {
  const { ports, inputs } = design;
  const pack = beatPacker(ports);
  const lanes = ports.streamLanes;
  const stride = 1 + lanes * ports.xBytes;
  const { inputBeats } = streamShape(design);
  const lengths = wrongLengths(inputBeats);
  const code = () => random.between(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);

  const whole = design.order === 'sequence';
  // numbers that a tid has
  const strangers = 2 ** Math.ceil(Math.log2(design.streams));
  const marksEnds = whole || design.emit === 'last';
  const marks = marksEnds ? [TUSER, TUSER_LAST] : [TUSER];
  const packed = (
    values: ArrayLike<number>,
    tuser: boolean,
    end: boolean,
    stream = 0,
  ): Uint8Array => {
    const bytes = pack(values, tuser, end, stream);
    for (let at = stride; at < bytes.length; at += stride) {
      for (const mark of marks) {
        if (random.unit() < LATE_TUSER) bytes[at] = (bytes[at] as number) | mark;
      }
    }
    return bytes;
  };
  // the mark of the last frame of an utterance is lost with a frame that is discarded
  const anyEnd = () => design.emit === 'last' && random.below(2) === 0;
  const noise = (beats: number) => Int32Array.from({ length: beats * lanes }, code);
  return {
    marksEnds,
    longest: whole ? (design.maxFrames ?? 1) : null,
    good: (input, tuser, end, stream) => {
      const values = noise(inputBeats);
      values.set(input.subarray(0, inputs));
      return packed(values, tuser, end, stream);
    },
    wrong: (tuser, end = anyEnd(), stream = 0) =>
      packed(noise(lengths[random.below(lengths.length)] as number), tuser, end, stream),
    stranger:
      design.streams === strangers
        ? null
        : () => {
            const beats = random.below(2) === 0 ? inputBeats : (lengths[0] as number);
            const stream = random.between(design.streams, strangers - 1);
            return packed(noise(beats), random.below(2) === 0, anyEnd(), stream);
          },
    shortest: () => packed(noise(Math.min(...lengths)), false, whole || anyEnd()),
  };
}

/**
 * Beats of frames of the wrong length: one beat, one too few, one too many, twice as many, and so many that a counter of
 * beats that wraps would take them for right.
 */
export function wrongLengths(inputBeats: number): readonly number[] {
  const wrapped = inputBeats + 2 ** Math.ceil(Math.log2(Math.max(inputBeats, 2)));
  const all = [1, inputBeats - 1, inputBeats + 1, 2 * inputBeats, wrapped];
  return [...new Set(all)].filter((beats) => beats > 0 && beats !== inputBeats);
}

/**
 * The first frames of a tape. `wrong`: probability of a wrong frame before a good one, repeated; the tuser of an utterance is
 * then on any of them, and stays for the good one.
 */
export function* tapeFrames(
  traffic: Traffic,
  tape: Tape,
  count: number,
  random: Random,
  wrong: number,
): Generator<Extract<Operation, { kind: 'beats' }>> {
  if (traffic.longest !== null) {
    yield* tapeUtterances(traffic, tape, count, random, wrong);
    return;
  }
  for (let n = 0; n < count; n++) {
    const starts = tape.starts(n);
    // after a reset a frame starts an utterance also without tuser
    let owed = starts && (!tape.first(n) || random.below(2) === 0);
    while (wrong > 0 && random.unit() < wrong) {
      const { stranger } = traffic;
      if (stranger !== null && random.below(STRANGERS) === 0) {
        yield { kind: 'beats', bytes: stranger() };
        continue;
      }
      const tuser = starts && random.below(2) === 0;
      yield { kind: 'beats', bytes: traffic.wrong(tuser, undefined, tape.stream(n)) };
      if (tuser) owed = random.below(4) === 0;
    }
    const end = traffic.marksEnds && tape.ends(n);
    const bytes = traffic.good(tape.input(n), owed, end, tape.stream(n));
    yield { kind: 'beats', bytes };
  }
}

/** Longest utterance that is sent one frame too long. */
const LONG_UTTERANCE = 64;

/**
 * The same of whole utterances, with probability `wrong` a wrong one before each, repeated: with a frame of another length, without
 * a last frame, or too long. A first frame is marked, or need not be, as an utterance has ended before it.
 */
function* tapeUtterances(
  traffic: Traffic,
  tape: Tape,
  count: number,
  random: Random,
  wrong: number,
): Generator<Extract<Operation, { kind: 'beats' }>> {
  const beats = (bytes: Uint8Array) => ({ kind: 'beats', bytes }) as const;
  const longest = traffic.longest as number;
  let unfinished = false;
  const start = () => unfinished || random.below(2) === 0;
  for (let n = 0; n < count; n++) {
    while (tape.starts(n) && wrong > 0 && random.unit() < wrong) {
      const first = start();
      const input = () => tape.input(random.below(tape.frames));
      const kind = random.below(longest > LONG_UTTERANCE ? 2 : 3);
      const frames = kind === 2 ? longest + 1 : random.between(1, Math.min(longest, 3));
      const odd = kind === 0 ? random.below(frames) : -1;
      for (let f = 0; f < frames; f++) {
        const end = kind !== 1 && f === frames - 1;
        const begins = f === 0 && first;
        yield beats(f === odd ? traffic.wrong(begins, end) : traffic.good(input(), begins, end, 0));
      }
      unfinished = kind === 1;
    }
    const begins = tape.starts(n) && start();
    if (tape.starts(n)) unfinished = false;
    yield beats(traffic.good(tape.input(n), begins, tape.ends(n), 0));
  }
}
