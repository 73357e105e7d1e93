import type { Candidate, Tried } from './candidate.js';
import type { Trials } from './trials.js';

/** A wider range has to make the distance smaller by this factor, or it stays as it is. */
const BETTER = 0.98;
/** Bits that a range is widened by at most. */
const MOST = 8;

/**
 * Ranges that hold frames which chose no formats: from what was tried, x and the layers from below, one bit wider as long
 * as that helps.
 */
export async function widerRanges(trials: Trials, tried: Tried): Promise<Tried> {
  let best = tried;
  for (const place of tried.headroom.keys()) {
    for (let bits = 1; bits <= MOST; bits++) {
      const headroom = best.headroom.map((own, i) => (i === place ? bits : own));
      const next = await trials.try({ ...candidateOf(best), headroom });
      if (next.distance >= BETTER * best.distance) break;
      best = next;
    }
  }
  return best;
}

function candidateOf({ words, formats, headroom }: Candidate): Candidate {
  return { words, formats, headroom };
}
