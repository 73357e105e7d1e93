import type { Configuration } from '../accelerator/index.js';
import { macCounts, planDesign } from '../accelerator/plan.js';
import { type Device, devicesOf } from '../accelerator/resources/devices.js';
import { onFamily } from '../accelerator/resources/on-family.js';
import type { Placement } from '../accelerator/resources/placement.js';
import { buildImages } from '../accelerator/rtl.js';
import { UserError } from '../base/errors.js';
import type { Model } from '../network/model.js';

/** What to do about a design that does not fit its device. */
export interface Advice {
  /** The smallest other device of the family that should hold the design; null: none. */
  readonly smallestDevice: string | null;
  /** The largest smaller MAC count at which the design should fit the device it was meant for; null: none. */
  readonly largestMacs: number | null;
}

/** LUTs and registers that the mapped design took. */
interface Counted {
  readonly luts: number;
  readonly registers: number;
}

/**
 * Looks for both by the predicted block RAMs and multipliers, and by the predicted logic, scaled by how far the
 * prediction for the design at hand was from what Yosys made of it.
 */
export function adviceFor(
  c: Configuration,
  model: Model,
  device: Device,
  counted: Counted,
): Advice {
  const { family } = device;
  const here = onFamily(family, c, buildImages(c, model));
  const { logic } = here.on(device);
  const scale = {
    luts: counted.luts / Math.max(1, logic.luts),
    registers: counted.registers / Math.max(1, logic.registers),
  };
  const holds = (d: Device, p: Placement): boolean =>
    p.blockRams <= d.blockRams &&
    p.logic.luts * scale.luts <= d.luts &&
    p.logic.registers * scale.registers <= d.registers;
  const others = devicesOf(family).filter((d) => d.luts > device.luts);
  const fewer = macCounts(model).filter((macs) => macs < macsOf(c));
  return {
    smallestDevice: others.find((d) => holds(d, here.on(d)))?.name ?? null,
    largestMacs:
      [...fewer].reverse().find((macs) => {
        const smaller = configurationFor(model, c.name, macs);
        if (smaller === null) return false;
        return holds(device, onFamily(family, smaller, buildImages(smaller, model)).on(device));
      }) ?? null,
  };
}

const GATES = 4;
const macsOf = (c: Configuration): number => GATES * c.tileRows * c.tileColumns * c.rowGroups;

/** Null where there is no plan for this count. */
function configurationFor(model: Model, name: string, macs: number): Configuration | null {
  try {
    return planDesign(model, { name, macs }).configuration;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
