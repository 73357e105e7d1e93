import { toolVersion } from '../../base/package.js';
import { hashOf, type Point } from '../space/point.js';
import { STAGE_NAMES, type StageName } from '../space/space.js';
import { accuracyStage } from './accuracy.js';
import { cosimStage } from './cosim.js';
import { estimateStage } from './estimate.js';
import { generateStage } from './generate.js';
import type { FigureInfo, Stage } from './stage.js';
import { synthStage } from './synth.js';

/** Every stage. */
export const STAGES: Readonly<Record<StageName, Stage>> = {
  estimate: estimateStage,
  accuracy: accuracyStage,
  generate: generateStage,
  cosim: cosimStage,
  synth: synthStage,
};

/** Names of stages in their order. */
export function inStageOrder(names: readonly StageName[]): readonly StageName[] {
  return STAGE_NAMES.filter((name) => names.includes(name));
}

/** Sixteen hexadecimal digits of all that the figures of a stage depend on beside the point itself: others are out of date. */
export function stageKey(name: StageName, point: Point): string {
  return hashOf({ name, toolVersion, depends: STAGES[name].depends(point) });
}

/** The figures of stages, in their order. */
export function figuresOf(names: readonly StageName[]): readonly FigureInfo[] {
  return names.flatMap((name) => STAGES[name].figures);
}
