import { UserError } from '../../base/errors.js';
import type { Device } from '../../devices/family.js';
import type { Model } from '../../network/model.js';
import { buildImages } from '../build/rtl.js';
import { type Configuration, multipliers } from '../plan/configuration.js';
import type { DesignOptions } from '../plan/options.js';
import { planDesign } from '../plan/plan.js';
import { macCounts } from '../plan/tilings.js';
import { shortages } from './fit.js';
import { productLuts } from './logic.js';
import { onFamily } from './on-family.js';
import { ARRAY, type Placement } from './placement.js';
import { blockBits } from './weight-banks.js';

/** The largest MAC counts of a model on a device, other options as given; null: none fits. */
export interface LargestMacs {
  /** That fits, with multiplications in logic where multipliers run out. */
  readonly largestMacs: number | null;
  /** That fits with every multiplication of the array in a multiplier of the device. */
  readonly largestMacsInMultipliers: number | null;
}

/** Looks for them among the counts that the blocks of the model allow, the largest first. */
export function largestMacs(model: Model, options: DesignOptions, device: Device): LargestMacs {
  let largest: number | null = null;
  for (const macs of [...macCounts(model)].reverse()) {
    const configuration = configurationFor(model, { ...options, macs });
    if (configuration === null || hopeless(configuration, device)) continue;
    const placement = fitting(configuration, model, device);
    if (placement === null) continue;
    largest ??= macs;
    if (arrayInMultipliers(placement)) {
      return { largestMacs: largest, largestMacsInMultipliers: macs };
    }
  }
  return { largestMacs: largest, largestMacsInMultipliers: null };
}

/** Null where the other options do not go with this count. */
function configurationFor(model: Model, options: DesignOptions): Configuration | null {
  try {
    return planDesign(model, options).configuration;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The weights alone, or the array alone, are too much for the device: no need to look at the hardware. */
function hopeless(c: Configuration, device: Device): boolean {
  const { family, blockRams, luts } = device;
  const { weight, activation } = c.words;
  const macs = multipliers(c);
  const soft = Math.max(0, macs - device.multipliers);
  return (
    c.weightDepth * macs * weight > blockRams * blockBits(family, family.memory.blockRam) ||
    soft * productLuts(family, { a: weight, b: activation }) > luts
  );
}

/** Images, which take time, are looked into only where a design does not fit without: they can but make it smaller. */
function fitting(c: Configuration, model: Model, device: Device): Placement | null {
  for (const images of [() => null, () => buildImages(c, model)]) {
    const placement = onFamily(device.family, c, images()).on(device);
    const short = shortages(device, placement);
    if (short.length === 0) return placement;
    if (!short.some((s) => s.resource === 'block RAMs')) return null;
  }
  return null;
}

function arrayInMultipliers({ products }: Placement): boolean {
  return products.every((p) => p.block !== ARRAY || p.inMultipliers === p.count);
}
