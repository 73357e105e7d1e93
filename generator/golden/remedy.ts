import { UserError } from '../base/errors.js';
import type { Steps } from '../base/steps.js';
import type { FormatChoices } from '../network/compress/formats.js';
import type { Prepared } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import { firstFrames } from '../network/float/frame-sets.js';
import { isBackward } from '../network/float/model.js';
import { floatOutputSteps } from '../network/float/outputs.js';
import { WORD_LIMITS } from '../network/limits.js';
import type { WordLengths } from '../network/model.js';
import { framesIn } from '../network/utterances.js';
import { againstFloatSteps } from './against-float.js';

/** What makes the output error of a quantised network smaller, measured on frames. */
export interface Remedy {
  /** Longer words, as few as it takes. */
  readonly words: Partial<WordLengths>;
  /** Relative r.m.s. error with them, as measured. */
  readonly relativeRms: number;
  /** Frames on which it was measured: the first utterances. */
  readonly frames: number;
}

export interface RemedyOptions {
  readonly words: WordLengths;
  readonly tableBits?: number;
  readonly formats: FormatChoices;
  /** The largest relative r.m.s. error that is good enough. */
  readonly limit: number;
  readonly file: string;
  /** Told before each of the runs. */
  readonly tick?: (done: number, total: number) => void;
}

/** Word lengths that are tried, besides the longest: where memories and multipliers get larger steps. */
const LADDER: Readonly<Record<keyof WordLengths, readonly number[]>> = {
  weight: [8, 10, 12, 14],
  activation: [14],
  cell: [18, 20, 22],
  bias: [20],
};
/** Frames that the remedy is looked for on: some dozens of runs over them have to be quick. */
const MOST_FRAMES = 400;
/** How much an error has to shrink to count as mended by a word. */
const HELPS = 0.95;

/**
 * Looks for the words whose lengths make the error: the one that, as long as it can be, helps most, as short as it
 * still helps; then, while the error is above the limit, the next one. Null where longer words do not help.
 */
export function* remedySteps(
  prepared: Prepared,
  { words, tableBits, formats, limit, file, tick = () => undefined }: RemedyOptions,
): Steps<Remedy | null> {
  const { frames: all, outputs: wide } = prepared.calibration;
  const frames = firstFrames(all, MOST_FRAMES);
  const { width } = wide;
  // an utterance that is cut short has other outputs where a layer begins with its end
  const outputs =
    isBackward(prepared.source) && frames.lengths[0] !== all.lengths[0]
      ? yield* floatOutputSteps(prepared.source, frames)
      : { width, outputs: wide.outputs.subarray(0, framesIn(frames) * width) };
  const kinds = Object.keys(LADDER) as (keyof WordLengths)[];
  let runs = 0;
  function* error(own: WordLengths): Steps<number> {
    tick(runs++, 4 * kinds.length);
    try {
      const options = { words: own, tableBits, formats, provenance: {}, file };
      const { model } = yield* quantiseSteps(prepared, options);
      const { error } = yield* againstFloatSteps(model, outputs, frames);
      return error.relativeRms ?? Number.POSITIVE_INFINITY;
    } catch (caught) {
      // these words cannot hold the network
      if (caught instanceof UserError) return Number.POSITIVE_INFINITY;
      throw caught;
    }
  }
  let now = { words, error: yield* error(words) };
  const longer: Partial<Record<keyof WordLengths, number>> = {};
  while (now.error > limit) {
    let best: { kind: keyof WordLengths; error: number } | null = null;
    for (const kind of kinds) {
      const [, most] = WORD_LIMITS[kind];
      if (now.words[kind] >= most) continue;
      const own = yield* error({ ...now.words, [kind]: most });
      if (own < (best?.error ?? HELPS * now.error)) best = { kind, error: own };
    }
    if (best === null) break;
    const { kind } = best;
    const enough = Math.max(limit, best.error / HELPS);
    let bits = WORD_LIMITS[kind][1];
    for (const fewer of LADDER[kind]) {
      if (fewer <= now.words[kind]) continue;
      const own = yield* error({ ...now.words, [kind]: fewer });
      if (own > enough) continue;
      bits = fewer;
      best = { kind, error: own };
      break;
    }
    longer[kind] = bits;
    now = { words: { ...now.words, [kind]: bits }, error: best.error };
  }
  if (Object.keys(longer).length === 0) return null;
  return { words: longer, relativeRms: now.error, frames: framesIn(frames) };
}
