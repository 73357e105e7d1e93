import { unexpected } from '../../base/errors.js';
import { type Part, splitFrames } from '../../network/float/frame-sets.js';
import type { RealFrames } from '../../network/float/run.js';
import { framesIn } from '../../network/utterances.js';

/** Part of the utterances with which nothing is chosen, and of the others that with which networks are judged. */
const HELD_OUT = 0.2;
const JUDGED = 0.25;
/** Frames that judge at most, and that weights are fitted to. */
const MOST = { judged: 1024, fitted: 16_384 };
const LEAST = 8;

/** The frames of a search, of which no two sets share one. */
export interface SearchFrames {
  readonly fitted: RealFrames;
  readonly judged: RealFrames;
  readonly heldOut: Part;
}

/** @throws UserError HELD_OUT where there are too few frames */
export function searchFrames(all: RealFrames, file: string): SearchFrames {
  const total = framesIn(all);
  const { first, second: heldOut } =
    total < LEAST ? tooFew(total, file) : splitFrames(all, HELD_OUT);
  const left = framesIn(first.frames);
  if (left < 2) tooFew(total, file);
  const share = Math.min(JUDGED, MOST.judged / left);
  const { first: rest, second: judged } = splitFrames(first.frames, share);
  return { fitted: atMost(rest.frames, MOST.fitted), judged: judged.frames, heldOut };
}

/** Utterances spread over a set that have about so many frames at most. */
function atMost(all: RealFrames, most: number): RealFrames {
  const total = framesIn(all);
  return total <= most ? all : splitFrames(all, most / total).second.frames;
}

function tooFew(got: number, file: string): never {
  const expected = `at least ${LEAST} frames, in utterances of which some fit weights, some judge and some are held out`;
  throw unexpected({ code: 'HELD_OUT', file, field: 'shape', expected, got });
}
