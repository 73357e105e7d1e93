import {
  estimateDevice,
  estimateHardware,
  type Hardware,
  isChain,
} from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import type { Device, FpgaFamily } from '../../devices/family.js';
import { familyNamed, findDevice } from '../../devices/find.js';
import type { Model } from '../../network/model.js';
import { withOrders } from '../../network/unit-order.js';
import type { Point } from '../space/point.js';
import { excludedBy, isFault } from './exclusion.js';
import type { Figures, Found, Stage, WorkPoint } from './stage.js';

/** Exact cycles and bits, and, where there is a target, what it takes of it. */
export const estimateStage: Stage = {
  name: 'estimate',
  figures: [
    { name: 'cyclesPerFrame', what: 'cycles of a frame in the steady state' },
    { name: 'latencyCycles', what: 'cycles from the last input beat to the last output beat' },
    { name: 'idealCyclesPerFrame', what: 'kept weights divided by multipliers' },
    { name: 'macUtilization', what: 'ideal cycles divided by cycles, 0 to 1' },
    { name: 'multipliers', what: 'of the array' },
    { name: 'cellMultipliers', what: 'of the cell lanes' },
    { name: 'keptWeights', what: 'weights that the pattern keeps' },
    { name: 'modelBits', what: 'bits of all memories of the model' },
    { name: 'ramBits', what: 'bits of the other memories' },
    { name: 'blockRams', what: 'of the target, where there is one' },
    { name: 'dspBlocks', what: 'multipliers of the target, where there is one' },
  ],
  depends: () => null,
  run: async (work) => {
    try {
      return await estimated(work);
    } catch (error) {
      if (!(error instanceof UserError) || isFault(error)) throw error;
      return excludedBy(error);
    }
  },
  memoryMb: 700,
};

async function estimated({ point, network, planned }: WorkPoint): Promise<Found> {
  const { model: own } = await network();
  const { hardware, prediction, orders, cuts } = await planned();
  const model = orders === null ? own : withOrders(own, orders);
  const figures = estimateHardware(hardware, model, cuts, prediction);
  const { weightBits, indexBits, biasBits, tableBits, controlBits, multipliers } = figures;
  const device = onTarget(point, hardware, model);
  if (device?.excluded) return device.excluded;
  return {
    outcome: 'passed',
    figures: {
      cyclesPerFrame: figures.cyclesPerFrame,
      latencyCycles: figures.latencyCycles,
      idealCyclesPerFrame: figures.idealCyclesPerFrame,
      macUtilization: figures.macUtilization,
      multipliers: multipliers.mac,
      cellMultipliers: multipliers.cell,
      keptWeights: figures.keptWeights,
      modelBits: weightBits + indexBits + biasBits + tableBits + controlBits,
      ramBits: figures.ramBits,
      ...device?.figures,
    },
  };
}

/** What a target says of a design. */
interface Target {
  readonly figures: Figures;
  readonly excluded: Found | null;
}

/** What a design takes of the target of a point; excluded where it does not fit the device that was named. */
function onTarget({ trial }: Point, hardware: Hardware, model: Model): Target | null {
  const { target, device } = trial.synth;
  const family = target === null ? null : familyNamed(target);
  if (family === null || isChain(hardware)) return null;
  const chosen = device === null ? undefined : findDevice(family, device);
  const found = estimateDevice(hardware, model, family, chosen);
  const { fits, shortages, blockRams, multipliers } = found;
  if (!fits) return { figures: {}, excluded: notFitting(family, chosen, shortages) };
  return { figures: { blockRams, dspBlocks: multipliers }, excluded: null };
}

function notFitting(
  family: FpgaFamily,
  device: Device | undefined,
  shortages: readonly {
    readonly resource: string;
    readonly needed: number;
    readonly available: number;
  }[],
): Found {
  const lacks = shortages.map(
    ({ resource, needed, available }) => `${needed} ${resource} of ${available}`,
  );
  const place = device?.name ?? `the largest device of ${family.name}`;
  return {
    outcome: 'excluded',
    code: 'SWEEP_DEVICE',
    reason: `does not fit ${place}: ${lacks.join(', ')}`,
  };
}
