import { buildImages } from '../../accelerator/build/rtl.js';
import { timeMultiplexedCyclesOf } from '../../accelerator/cell/units.js';
import {
  type Configuration,
  isTimeMultiplexed,
  multipliers,
} from '../../accelerator/plan/configuration.js';
import { keptOptions } from '../../accelerator/plan/kept-options.js';
import type { DesignOptions } from '../../accelerator/plan/options.js';
import { planDesign } from '../../accelerator/plan/plan.js';
import { macCounts } from '../../accelerator/plan/tilings.js';
import { onFamily } from '../../accelerator/resources/on-family.js';
import type { Placement } from '../../accelerator/resources/placement.js';
import { UserError } from '../../base/errors.js';
import type { Device } from '../../devices/family.js';
import { devicesOf } from '../../devices/find.js';
import type { Model } from '../../network/model.js';

/** What to do about a design that does not fit its device. */
export interface Advice {
  /** The smallest other device of the family that should hold the design; null: none. */
  readonly smallestDevice: string | null;
  /** The largest smaller MAC count at which the design should fit the device it was meant for; null: none. */
  readonly largestMacs: number | null;
  /** The largest MAC count, that of the design at most, at which it should fit with a time-multiplexed lane; null: none. */
  readonly largestMacsInTurn: number | null;
  /** Cycles from one cell to the next for that; null where the cell has no such lane, or the design has it. */
  readonly cellCyclesInTurn: number | null;
}

/** LUTs and registers that the mapped design took. */
interface Counted {
  readonly luts: number;
  readonly registers: number;
}

/**
 * `model`: its hidden units in the order of the hardware. Looks for both by the predicted block RAMs and multipliers, and by the predicted logic, scaled by how far the
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
  const counts = macCounts(model).filter((macs) => macs <= multipliers(c));
  const largest = (from: readonly number[], cellCycles: number): number | null =>
    [...from].reverse().find((macs) => {
      const other = configurationFor(model, { ...keptOptions(c), macs, cellCycles });
      if (other === null) return false;
      return holds(device, onFamily(family, other, buildImages(other, model)).on(device));
    }) ?? null;
  const cycles = isTimeMultiplexed(c) ? null : timeMultiplexedCyclesOf(c);
  return {
    smallestDevice: others.find((d) => holds(d, here.on(d)))?.name ?? null,
    largestMacs: largest(
      counts.filter((macs) => macs < multipliers(c)),
      c.cellCycles,
    ),
    largestMacsInTurn: cycles === null ? null : largest(counts, cycles),
    cellCyclesInTurn: cycles,
  };
}

/** Null where there is no plan for this count. */
function configurationFor(model: Model, options: DesignOptions): Configuration | null {
  try {
    return planDesign(model, options).configuration;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
