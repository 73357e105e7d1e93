import { atOnce, type Steps } from '../../base/steps.js';
import type { Model } from '../../network/model.js';
import { partsOf } from '../../network/parts.js';
import { imageSteps } from '../build/rtl.js';
import type { Configuration } from '../plan/configuration.js';
import { enginesOf, type Hardware } from './chain.js';

/** An engine with the part of a model that is on it. */
export interface EnginePart {
  readonly engine: number;
  readonly c: Configuration;
  readonly model: Model;
  /** First pass of the part, in the model. */
  readonly first: number;
}

/** A model, cut at those places, on the engines of a design; without cuts on the one engine. */
export function engineParts(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): readonly EnginePart[] {
  const parts = partsOf(model, cuts);
  return enginesOf(hardware).map((c, engine) => ({
    ...{ engine, c, model: parts[engine] as Model },
    first: cuts[engine - 1] ?? 0,
  }));
}

/** The memory images that put a model on a design, of all engines. */
export function* hardwareImages(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): Steps<ReadonlyMap<string, string>> {
  const images = new Map<string, string>();
  for (const { c, model: part } of engineParts(hardware, model, cuts)) {
    for (const [path, text] of yield* imageSteps(c, part)) images.set(path, text);
  }
  return images;
}

/** The same at once. */
export function buildHardwareImages(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): ReadonlyMap<string, string> {
  return atOnce(hardwareImages(hardware, model, cuts));
}
