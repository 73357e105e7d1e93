import type { Device, FpgaFamily } from '../../devices/family.js';
import { inventory, type ProductStock } from '../../hdl/index.js';
import { styledPlain } from '../build/styled.js';
import type { Hardware } from '../chain/chain.js';
import { blockRamsOf, type Placement, placeOn } from './placement.js';
import { type Images, multiplierCells, predictCells } from './predict.js';

/** A design on the devices of one family. */
export interface OnFamily {
  readonly on: (device: Device) => Placement;
  /** Block RAMs and multipliers that Yosys takes where a device has enough of them. */
  readonly blockRams: number;
  readonly multipliers: number;
}

/** Takes stock of a configuration once, for every device of a family. Without images no column of a ROM is constant. */
export function onFamily(family: FpgaFamily, c: Hardware, images: Images): OnFamily {
  const stock = inventory(styledPlain(c));
  const prediction = predictCells(family, stock, images);
  const placed = new Map<string, Placement>();
  return {
    on: (device) => {
      const placement = placed.get(device.name) ?? placeOn(device, prediction, stock.logic);
      placed.set(device.name, placement);
      return placement;
    },
    blockRams: blockRamsOf(family, prediction.memories),
    multipliers: multiplierCells(prediction.products),
  };
}

/** Every multiplication of a configuration. */
export function multiplications(c: Hardware): readonly ProductStock[] {
  return inventory(styledPlain(c)).products;
}
