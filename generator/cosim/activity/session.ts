import type { CosimDesign, FrameSequence } from '../design.js';
import { beatPacker } from '../driver/beats.js';
import { allowance } from '../driver/bounds.js';
import type { Operation } from '../driver/operations.js';
import { configured, models, WARMUP_FRAMES } from '../driver/session.js';

/** Frames of each of the two runs whose difference is counted, in the order of the runs. */
export interface CountedFrames {
  readonly few: number;
  readonly many: number;
}

/** Frames more in the second run than in the first one, where frames come one by one. */
const COUNTED_FRAMES = 8;
/** Utterances of the runs, where those are computed whole. */
const UTTERANCES = { few: 3, many: 6 };
const RESET_CYCLES = 4;

/** How many frames the runs have: so many of each stream, or of each of several whole utterances. */
export function countedFrames({ order, maxFrames, streams }: CosimDesign): CountedFrames {
  if (order === 'sequence') {
    const frames = maxFrames ?? 1;
    return { few: UTTERANCES.few * frames, many: UTTERANCES.many * frames };
  }
  return { few: WARMUP_FRAMES * streams, many: (WARMUP_FRAMES + COUNTED_FRAMES) * streams };
}

/**
 * Two runs from reset until all frames have left, back to back and without stalls. They fill and empty the hardware alike, so what the
 * second one has more is what its further frames do in a steady state. Counters are told before and after the frames of each.
 */
export function* countedRuns(
  design: CosimDesign,
  frames: FrameSequence,
  seed: number,
): Generator<Operation> {
  const { few, many } = countedFrames(design);
  const pack = beatPacker(design.ports);
  yield configured(design, seed, false);
  for (const [run, count] of [few, many].entries()) {
    yield { kind: 'mark', id: run };
    yield { kind: 'reset', cycles: RESET_CYCLES, offer: false };
    yield* models(design, false);
    yield { kind: 'accesses' };
    yield { kind: 'allow', cycles: allowance(design, count) };
    for (let n = 0; n < count; n++) yield beatsOf(n);
    yield { kind: 'drain' };
    yield { kind: 'accesses' };
    yield { kind: 'status' };
  }

  function beatsOf(n: number): Operation {
    const { order, streams, maxFrames } = design;
    const index = n % frames.frames;
    const values = frames.codes.subarray(index * frames.inputs, (index + 1) * frames.inputs);
    const length = order === 'sequence' ? (maxFrames ?? 1) : Number.POSITIVE_INFINITY;
    const step = order === 'sequence' ? n % length : Math.floor(n / streams);
    const last = order === 'sequence' && step === length - 1;
    return { kind: 'beats', bytes: pack(values, step === 0, last, n % streams) };
  }
}
