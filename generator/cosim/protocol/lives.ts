import type { Random } from '../../base/random.js';
import type { CosimDesign, FrameMarks } from '../design.js';
import { allowance, fillCycles, patience, type Stalls, streamShape } from '../driver/bounds.js';
import { heldFrames } from '../driver/buffers.js';
import type { Operation } from '../driver/operations.js';
import { parted } from '../driver/stall-phases.js';
import type { Life } from './life.js';
import { wholeFrames } from './pattern.js';
import { tapeFrames, trafficOf, wrongLengths } from './traffic.js';

/** Wrong frames behind which `error_count` stays at its top. */
const MOST_ERRORS = 65_535;
/** Share of frames with a long back-pressure before them, and of frames with a long gap, in a mixture: one in so many. */
const LONG_STALLS = 8;

/** How a life ends. */
export type Ends = Pick<Life, 'strike' | 'reset'>;

export interface LifeKinds {
  /** Cycles of a life of frames back to back in which resets are of interest: two frames until they have left. */
  readonly span: number;
  /** Frames back to back. */
  flow(frames: number, ends: Ends): Life;
  /** Frames while no output is taken, until the core is full. */
  held(ends: Ends): Life;
  /** Frames and, with probability `wrong`, wrong ones before them, under stalls, some of them long. */
  mixed(frames: number, stalls: Stalls, wrong: number, ends: Ends): Life;
  /** More wrong frames than `error_count` counts. */
  countedOut(ends: Ends): Life;
}

/**
 * The kinds of lives of a design, on tapes whose frames are as `pattern` says. Draws from `random` when they are made and when they
 * are driven.
 */
export function lifeKinds(
  design: CosimDesign,
  inputBits: number,
  random: Random,
  pattern: readonly FrameMarks[],
): LifeKinds {
  const most = heldFrames(design, pattern);
  const sent = wholeFrames(pattern, most + 1);
  const traffic = trafficOf(design, inputBits, random);
  const { inputBeats } = streamShape(design);
  const frame = Math.ceil(design.predicted.cyclesPerFrame);
  const latency = Math.ceil(design.predicted.latencyCycles);
  const full = fillCycles(design, sent);
  return {
    span: inputBeats + latency + 2 * frame,
    flow: (frames, ends) => ({
      ...ends,
      text: 'frames back to back',
      frames,
      rhythm: 'flow',
      allowed: allowance(design, frames),
      cost: inputBeats + latency + (frames - 1) * frame,
      operations: (tape) => tapeFrames(traffic, tape, frames, random, 0),
    }),
    held: (ends) => ({
      ...ends,
      text: `no output taken for ${full} cycles`,
      frames: sent,
      rhythm: 'held',
      allowed: allowance(design, sent),
      cost: full + latency + 2 * frame,
      *operations(tape) {
        yield { kind: 'pause', delay: 0, cycles: full };
        yield* tapeFrames(traffic, tape, sent, random, 0);
      },
    }),
    mixed: (frames, stalls, wrong, ends) => ({
      ...ends,
      text: `${wrong > 0 ? 'good and wrong frames' : 'frames'}, gaps ${stalls.gap}, back-pressure ${stalls.pause}`,
      frames,
      rhythm: null,
      allowed: allowance(design, 8 * frames, stalls.gap),
      cost: frames * (1 + 2 * wrong) * (frame + inputBeats) + latency,
      *operations(tape) {
        yield { kind: 'stall', ...stalls };
        for (const beats of tapeFrames(traffic, tape, frames, random, wrong)) {
          yield* withLongStalls(beats, stalls);
        }
      },
    }),
    countedOut: (ends) => {
      const count = MOST_ERRORS + 3;
      const cost = count * Math.min(...wrongLengths(inputBeats));
      return {
        ...ends,
        text: `${count} wrong frames`,
        frames: wholeFrames(pattern, 1),
        rhythm: null,
        allowed: 2 * cost + patience(design),
        cost,
        *operations(tape) {
          const bytes = traffic.shortest();
          for (let n = 0; n < count; n++) yield { kind: 'beats', bytes };
          yield* tapeFrames(traffic, tape, wholeFrames(pattern, 1), random, 0);
        },
      };
    },
  };

  function* withLongStalls(
    beats: Extract<Operation, { kind: 'beats' }>,
    { pause }: Stalls,
  ): Generator<Operation> {
    const drawn = random.below(LONG_STALLS);
    if (drawn === 0 && pause > 0) {
      yield { kind: 'pause', delay: random.between(0, frame), cycles: random.between(1, full) };
    }
    if (drawn === 1) yield* parted(beats, design, random, random.between(1, latency));
    else yield beats;
  }
}
