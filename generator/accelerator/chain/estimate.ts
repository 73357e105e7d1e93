import type { Model } from '../../network/model.js';
import { loadSize } from '../load/size.js';
import { type Estimate, estimate, type LayerEstimate } from '../plan/estimate.js';
import { predictModel } from '../plan/plan.js';
import type { Prediction } from '../schedule/schedule.js';
import { type Hardware, isChain } from './chain.js';
import { engineParts } from './placed.js';
import { type ChainPrediction, predictOnChain } from './plan.js';

/** Figures of a chain: sums over its engines, the cycles of the whole, and the figures of each engine. */
export interface ChainEstimate extends Omit<Estimate, 'tile' | 'rowGroups' | 'array' | 'layers'> {
  readonly layers: readonly ChainLayer[];
  readonly engines: readonly Estimate[];
}

export interface ChainLayer extends LayerEstimate {
  readonly engine: number;
}

/** Figures of one engine, or of a chain. */
export type HardwareEstimate = Estimate | ChainEstimate;
export type HardwarePrediction = Prediction | ChainPrediction;

export function isOfChain(figures: HardwareEstimate): figures is ChainEstimate {
  return 'engines' in figures;
}

/** Cycles of a model, as the hardware has it and cut at those places, on a design. */
export function predictHardware(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): HardwarePrediction {
  return isChain(hardware) ? predictOnChain(hardware, model, cuts) : predictModel(hardware, model);
}

/** Exact figures of a design with a model on it. `prediction`: its cycles, where they are known. */
export function estimateHardware(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
  prediction: HardwarePrediction = predictHardware(hardware, model, cuts),
): HardwareEstimate {
  const size = loadSize(hardware);
  const load = size === null ? {} : { load: size };
  if (!isChain(hardware)) {
    return { ...estimate(hardware, model, prediction as Prediction), ...load };
  }
  const { engines: own, ...whole } = prediction as ChainPrediction;
  const engines = engineParts(hardware, model, cuts).map(({ c, model: part }, k) =>
    estimate(c, part, own[k] as Prediction),
  );
  return { ...totals(engines, whole), ...load, engines };
}

/** Sums over engines; what is no number of things is that of the engine that has the most of it. */
function totals(
  engines: readonly Estimate[],
  { cyclesPerFrame, latencyCycles, silentCycles }: Omit<ChainPrediction, 'engines'>,
): Omit<ChainEstimate, 'engines'> {
  const sum = (of: (e: Estimate) => number) => engines.reduce((all, e) => all + of(e), 0);
  const most = (of: (e: Estimate) => number) => Math.max(...engines.map(of));
  const macs = sum((e) => e.macs);
  const keptWeights = sum((e) => e.keptWeights);
  const indexBits = sum((e) => e.indexBits);
  const ideal = keptWeights / macs;
  // shares of the cycles of each engine as shares of those of the chain
  const lost = (of: (e: Estimate) => number) =>
    sum((e) => of(e) * e.macs * e.cyclesPerFrame) / (macs * cyclesPerFrame);
  const protection = engines[0]?.protection;
  const [balance, padding] = [lost((e) => e.balance), lost((e) => e.padding)];
  return {
    ...{ macs, cyclesPerFrame, latencyCycles },
    emit: engines.at(-1)?.emit ?? 'every',
    ...{ order: 'frames', maxFrames: null, streams: 1 },
    silentCycles,
    idealCyclesPerFrame: ideal,
    macUtilization: ideal / cyclesPerFrame,
    ...{ balance, padding, waiting: Math.max(0, 1 - ideal / cyclesPerFrame - balance - padding) },
    keptWeights,
    paddedWeights: sum((e) => e.paddedWeights),
    weightBits: sum((e) => e.weightBits),
    indexBits,
    indexBitsPerKeptWeight: indexBits / keptWeights,
    biasBits: sum((e) => e.biasBits),
    tableBits: sum((e) => e.tableBits),
    controlBits: sum((e) => e.controlBits),
    ramBits: sum((e) => e.ramBits),
    ...(protection && {
      protection: { ...protection, checkBits: sum((e) => e.protection?.checkBits ?? 0) },
    }),
    multipliers: { mac: macs, cell: sum((e) => e.multipliers.cell) },
    cellLanes: sum((e) => e.cellLanes),
    cellCycles: most((e) => e.cellCycles),
    streamLanes: most((e) => e.streamLanes),
    sumSlots: sum((e) => e.sumSlots),
    slices: most((e) => e.slices),
    activationCopies: sum((e) => e.activationCopies),
    layers: engines.flatMap(({ layers }, engine) => layers.map((layer) => ({ ...layer, engine }))),
  };
}
