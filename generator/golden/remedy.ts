import { UserError } from '../base/errors.js';
import type { Steps } from '../base/steps.js';
import type { FormatChoices } from '../network/compress/formats.js';
import type { Prepared } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import type { RealOutputs } from '../network/float/outputs.js';
import type { RealFrames } from '../network/float/run.js';
import { WORD_LIMITS } from '../network/limits.js';
import type { WordLengths } from '../network/model.js';
import { againstFloatSteps } from './against-float.js';

/** What makes the output error of a quantised network smaller, measured on frames. */
export interface Remedy {
  /** Longer words, as few as it takes. */
  readonly words: Partial<WordLengths>;
  /** Relative r.m.s. error with them, as measured. */
  readonly relativeRms: number;
  /** Frames on which it was measured: the first of each of the first utterances. */
  readonly frames: number;
}

export interface RemedyOptions {
  readonly words: WordLengths;
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
  { words, formats, limit, file, tick = () => undefined }: RemedyOptions,
): Steps<Remedy | null> {
  const { frames, outputs } = firstFrames(prepared.calibration);
  const kinds = Object.keys(LADDER) as (keyof WordLengths)[];
  let runs = 0;
  function* error(own: WordLengths): Steps<number> {
    tick(runs++, 4 * kinds.length);
    try {
      const options = { words: own, formats, provenance: {}, file };
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
  const total = frames.utterances * frames.frames;
  if (Object.keys(longer).length === 0) return null;
  return { words: longer, relativeRms: now.error, frames: total };
}

/** Whole utterances while they are short, the beginning of the first one where it is long. */
function firstFrames({ frames: all, outputs }: Prepared['calibration']): {
  readonly frames: RealFrames;
  readonly outputs: RealOutputs;
} {
  const frames = Math.min(all.frames, MOST_FRAMES);
  const utterances = Math.max(1, Math.min(all.utterances, Math.floor(MOST_FRAMES / frames)));
  const cut = (values: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(utterances * frames * width);
    for (let u = 0; u < utterances; u++) {
      const start = u * all.frames * width;
      out.set(values.subarray(start, start + frames * width), u * frames * width);
    }
    return out;
  };
  return {
    frames: { ...all, utterances, frames, values: cut(all.values, all.inputs) },
    outputs: { width: outputs.width, outputs: cut(outputs.outputs, outputs.width) },
  };
}
