import type { Progress } from '../../base/progress.js';
import { inSlices, type Steps } from '../../base/steps.js';
import { outputError } from '../../golden/against-float.js';
import { type PruningLoss, pruningLossSteps } from '../../golden/pruning-loss.js';
import type { FloatModel } from '../../network/float/model.js';
import { floatOutputSteps } from '../../network/float/outputs.js';
import { allForms, formText } from '../../network/select/search/choice.js';
import { effortOf } from '../../network/select/search/effort.js';
import { hasGates, matricesOf } from '../../network/select/search/matrices.js';
import { joined, momentSteps, rootMeanSquares } from '../../network/select/search/moments.js';
import {
  type Judge,
  type SearchResult,
  type SearchWays,
  searchSteps,
} from '../../network/select/search/search.js';
import { Shares } from '../../network/select/search/shares.js';
import { builtSteps } from '../../network/select/search/within.js';
import { framesIn } from '../../network/utterances.js';
import type { CalibrationInput } from '../options/calibration-options.js';
import type { Quantisation } from '../options/format-options.js';
import type { SearchPlan } from '../options/search-options.js';
import { type SearchFrames, searchFrames } from './search-frames.js';
import { pricing, type SearchDesign } from './search-price.js';
import type { PatternSearchFacts } from './search-report.js';

export interface PatternSearch {
  readonly plan: SearchPlan;
  readonly design: SearchDesign;
  readonly quantisation: Quantisation;
  readonly calibration: CalibrationInput;
  /** Name of the network's file in errors. */
  readonly file: string;
  readonly progress: Progress;
}

export interface FoundPatterns {
  /** The network with its patterns. */
  readonly model: FloatModel;
  readonly facts: PatternSearchFacts;
}

/** Looks for the patterns of a dense network. @throws UserError SEARCH_BUDGET, or as `searchFrames` and `planHardware` */
export async function searchPatterns(
  source: FloatModel,
  search: PatternSearch,
): Promise<FoundPatterns> {
  const { plan, calibration, progress } = search;
  const { labels } = calibration;
  progress.step('looking for patterns');
  // noise says nothing about what a network reads
  const frames =
    calibration.file === null ? null : searchFrames(calibration.frames, calibration.file);
  const ready = await inSlices(waysOf(source, search, frames));
  const result = await inSlices(searchSteps(ready.ways));
  progress.detail('fitting weights to all frames of the search');
  const last = await inSlices(lastSteps(ready, result));
  return {
    model: last.model,
    facts: {
      budget: plan.budget,
      frames,
      fitted: ready.moments !== null,
      forms: result.mix.forms.map(formText),
      tried: result.tried,
      heldOut: frames && (await inSlices(heldOutSteps(source, last.model, frames, labels))),
    },
  };
}

/** What a search works with, and the moments of all frames that it may use. */
interface Ready {
  readonly ways: SearchWays;
  readonly moments: ReturnType<typeof joined> | null;
}

function* waysOf(
  source: FloatModel,
  { plan, design, quantisation, calibration, file, progress }: PatternSearch,
  frames: SearchFrames | null,
): Steps<Ready> {
  const price = yield* pricing(source, calibration.frames, quantisation, design, file);
  const sharing = hasGates(source.layers) ? plan.sharing : (['shared'] as const);
  const own = {
    model: source,
    price,
    budget: plan.budget,
    forms: allForms(sharing),
    tell: (text: string) => progress.detail(text),
  };
  if (frames === null) {
    const matrices = matricesOf(source, null);
    const most = effortOf(source, 0);
    const ways = { ...own, matrices, shares: new Shares(matrices), judge: null, most };
    return { ways, moments: null };
  }
  const fitted = yield* momentSteps(source, frames.fitted);
  const all = joined(fitted, yield* momentSteps(source, frames.judged));
  const matrices = matricesOf(source, all.map(rootMeanSquares));
  const judge: Judge = {
    moments: plan.keepWeights ? null : fitted,
    error: yield* errorOn(source, frames),
  };
  const most = effortOf(source, framesIn(frames.judged));
  const ways = { ...own, matrices, shares: new Shares(matrices), judge, most };
  return { ways, moments: plan.keepWeights ? null : all };
}

/** The error of the outputs of a network on the frames that judge: relative, or absolute where the whole network gives zeros. */
function* errorOn(source: FloatModel, { judged }: SearchFrames): Steps<Judge['error']> {
  const reference = yield* floatOutputSteps(source, judged);
  return function* error(model) {
    const { relativeRms, rms } = outputError(yield* floatOutputSteps(model, judged), reference);
    return relativeRms ?? rms;
  };
}

/** The best again, its weights fitted to the frames that judged it too; as it was judged, where that is not within the budget. */
function* lastSteps({ ways, moments }: Ready, result: SearchResult) {
  const built = moments && (yield* builtSteps(ways, result, ways.budget, moments));
  return built ?? { model: result.model, price: ways.price(result.model) };
}

function* heldOutSteps(
  source: FloatModel,
  model: FloatModel,
  { heldOut: { frames, utterances } }: SearchFrames,
  labels: Int32Array | null,
): Steps<PruningLoss> {
  const own = labels && Int32Array.from(utterances, (u) => labels[u] as number);
  const outputs = yield* floatOutputSteps(model, frames);
  return yield* pruningLossSteps(source, outputs, frames, own);
}
