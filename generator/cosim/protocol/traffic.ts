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

export interface Traffic {
  /** Frames say whether they are the last of an utterance. */
  readonly marksEnds: boolean;
  /** A frame of the right length. `tuser`: on its first beat, and its second bit, where there is one. */
  good(input: Int32Array, tuser: boolean, end: boolean): Uint8Array;
  /** A frame of the wrong length, of random values. */
  wrong(tuser: boolean): Uint8Array;
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

  const marks = design.emit === 'every' ? [TUSER] : [TUSER, TUSER_LAST];
  const packed = (values: ArrayLike<number>, tuser: boolean, end: boolean): Uint8Array => {
    const bytes = pack(values, tuser, end);
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
    marksEnds: design.emit === 'last',
    good: (input, tuser, end) => {
      const values = noise(inputBeats);
      values.set(input.subarray(0, inputs));
      return packed(values, tuser, end);
    },
    wrong: (tuser) =>
      packed(noise(lengths[random.below(lengths.length)] as number), tuser, anyEnd()),
    shortest: () => packed(noise(Math.min(...lengths)), false, anyEnd()),
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
  for (let n = 0; n < count; n++) {
    const starts = tape.starts(n);
    // after a reset a frame starts an utterance also without tuser
    let owed = starts && (n > 0 || random.below(2) === 0);
    while (wrong > 0 && random.unit() < wrong) {
      const tuser = starts && random.below(2) === 0;
      yield { kind: 'beats', bytes: traffic.wrong(tuser) };
      if (tuser) owed = random.below(4) === 0;
    }
    const end = traffic.marksEnds && tape.emits(n);
    yield { kind: 'beats', bytes: traffic.good(tape.input(n), owed, end) };
  }
}
