import {
  type DesignOptions,
  enginesOf,
  type Hardware,
  memories,
  planHardware,
} from '../../accelerator/index.js';
import { atOnce, type Steps } from '../../base/steps.js';
import type { Calibration } from '../../network/compress/calibrate.js';
import { patternsOf } from '../../network/compress/patterns.js';
import { prepareSteps } from '../../network/compress/prepare.js';
import { quantiseSteps } from '../../network/compress/quantise-network.js';
import { firstFrames } from '../../network/float/frame-sets.js';
import type { FloatModel } from '../../network/float/model.js';
import type { RealFrames } from '../../network/float/run.js';
import type { Model } from '../../network/model.js';
import type { Price } from '../../network/select/search/budget.js';
import type { Quantisation } from '../options/format-options.js';

/** The design whose cycles and bits a search asks for. */
export interface SearchDesign {
  readonly options: Omit<DesignOptions, 'name'>;
  readonly engines: number | undefined;
}

/** What a compressed model takes on a design: the figures of `estimate`. @throws UserError as `planHardware` */
export function priceOfModel(model: Model, { options, engines }: SearchDesign): Price {
  const { hardware, prediction } = planHardware(model, { ...options, name: 'estimated' }, engines);
  return { cycles: prediction.cyclesPerFrame, bits: weightAndIndexBits(hardware) };
}

function weightAndIndexBits(hardware: Hardware): number {
  return enginesOf(hardware)
    .flatMap((c) => memories(c))
    .filter(({ kind }) => kind === 'weights' || kind === 'index')
    .reduce((sum, { width, depth, copies }) => sum + width * depth * copies, 0);
}

/** Frames from which the formats of the networks that are priced come: no cycle and no bit hangs on them. */
const FRAMES = 64;

/** The price of networks with patterns, in the words that are asked for; they are quantised, in formats of the whole network. */
export function* pricing(
  source: FloatModel,
  frames: RealFrames,
  { words, tableBits, formats }: Quantisation,
  design: SearchDesign,
  file: string,
): Steps<(model: FloatModel) => Price> {
  const few = firstFrames(frames, FRAMES);
  const whole = { fill: false, dense: true, frames: few, file };
  const prepared = yield* prepareSteps(source, whole);
  const options = { words, tableBits, formats, provenance: {}, file };
  const { tensors } = yield* quantiseSteps(prepared, options);
  const exponents = new Map(tensors.map(({ name, fraction }) => [name, fraction]));
  const given = source.layers.map(({ x, h }, l) => ({
    ...formats.layers?.[l],
    xExponent: exponents.get(x.name),
    ...(h && { hExponent: exponents.get(h.name) }),
  }));
  const calibration: Calibration = { ...prepared.calibration, frames: firstFrames(few, 1) };
  const fixed = { ...options, formats: { ...formats, layers: given } };
  return (model) => {
    const { fits } = atOnce(patternsOf(model, whole, file));
    const { model: quantised } = atOnce(
      quantiseSteps({ source: model, fits, notes: [], calibration }, fixed),
    );
    return priceOfModel(quantised, design);
  };
}
