import { describe, expect, test } from 'vitest';
import { buildImages } from '../../../generator/accelerator/index.js';
import { estimateDevice } from '../../../generator/accelerator/resources/estimate-device.js';
import { shortages } from '../../../generator/accelerator/resources/fit.js';
import { largestMacs } from '../../../generator/accelerator/resources/largest-macs.js';
import { onFamily } from '../../../generator/accelerator/resources/on-family.js';
import { isWeightBank } from '../../../generator/accelerator/resources/predict.js';
import { UserError } from '../../../generator/base/errors.js';
import { ECP5 } from '../../../generator/devices/ecp5.js';
import type { Device } from '../../../generator/devices/family.js';
import { findDevice } from '../../../generator/devices/find.js';
import { ICE40 } from '../../../generator/devices/ice40.js';
import { testDesign } from './support/designs.js';

const NAME = 'two levels, two layers, 16 MACs';
const { configuration: c, model } = testDesign(NAME);
const design = onFamily(ICE40, c, buildImages(c, model));
const up5k = findDevice(ICE40, 'up5k');

/** A device that is as `like`, but for some of its resources. */
const devised = (like: Device, change: Partial<Device>): Device => ({
  ...like,
  ...change,
  name: JSON.stringify(change),
});
const plenty = devised(up5k, { blockRams: 999, multipliers: 999, luts: 1e6, registers: 1e6 });

describe('on a device with enough of everything', () => {
  const placement = design.on(plenty);

  test('nothing moves', () => {
    expect(placement.movedMemories).toEqual([]);
    expect(placement.blockRams).toBe(design.blockRams);
    expect(placement.multipliers).toBe(design.multipliers);
    expect(shortages(plenty, placement)).toEqual([]);
  });
});

describe('on a device with fewer block RAMs', () => {
  test('memories other than weight banks leave them, as few as have to', () => {
    const device = devised(plenty, { blockRams: design.blockRams - 1 });
    const { movedMemories, blockRams } = design.on(device);
    expect(movedMemories).toHaveLength(1);
    expect(blockRams).toBeLessThanOrEqual(device.blockRams);
  });

  test('the weights stay, and are what it is short of', () => {
    const device = devised(plenty, { blockRams: 1 });
    const placement = design.on(device);
    const banks = placement.memories.filter(isWeightBank);
    expect(banks.map((b) => b.place.kind)).toEqual(banks.map(() => 'block'));
    const needed = banks.reduce((sum, b) => sum + b.place.cells, 0);
    expect(shortages(device, placement)).toEqual([
      { resource: 'block RAMs', needed, available: 1 },
    ]);
    expect(design.on(plenty).logic.luts).toBeLessThan(placement.logic.luts);
  });
});

describe('on a device with fewer multipliers', () => {
  test('the MAC array comes first, the rest is logic', () => {
    const { products, multipliers } = design.on(devised(plenty, { multipliers: 17 }));
    expect(multipliers).toBe(17);
    const array = products.filter((p) => p.block === 'u_array');
    expect(array.map((p) => [p.count, p.inMultipliers])).toEqual([[16, 16]]);
    const cells = products.filter((p) => p.block === 'u_cells' && p.multipliers > 0);
    expect(cells.reduce((sum, p) => sum + p.inMultipliers, 0)).toBe(1);
  });
});

describe('the estimate for a family', () => {
  const estimate = estimateDevice(c, model, ECP5);

  test('names the smallest device that fits, and takes it', () => {
    expect(estimate).toMatchObject({ fits: true, shortages: [], smallestDevice: 'LFE5U-12F' });
    expect(estimate.device).toBe('LFE5U-12F');
    expect(estimate.available).toMatchObject({ blockRams: 32, multipliers: 28 });
  });

  test('has the packing of the weight banks', () => {
    const { bits, blocks, blockBits, efficiency } = estimate.weightBanks;
    expect(bits).toBe(c.weightDepth * 4 * c.rowGroups * c.tileRows * c.tileColumns * 6);
    expect(blockBits).toBe((blocks.DP16KD as number) * 18_432);
    expect(efficiency).toBe(bits / blockBits);
  });

  test('is rough where it says so', () => {
    for (const { estimate: middle, low, high } of [estimate.luts, estimate.registers]) {
      expect(low).toBeLessThan(middle);
      expect(high).toBeGreaterThan(middle);
    }
  });
});

test('a rough estimate that may be more than the device has is named', () => {
  const near = estimateDevice(c, model, ECP5);
  const luts = near.luts.estimate;
  const open = (have: number) =>
    estimateDevice(c, model, ECP5, devised(findDevice(ECP5, 'LFE5U-85F'), { luts: have }));
  expect(open(luts)).toMatchObject({ fits: true, uncertain: ['LUTs'] });
  expect(open(luts - 1)).toMatchObject({ fits: false, uncertain: ['LUTs'] });
  expect(open(near.luts.high)).toMatchObject({ fits: true, uncertain: [] });
});

describe('the largest MAC count', () => {
  test('is one that fits, and no larger one does', () => {
    const device = findDevice(ECP5, 'LFE5U-25F');
    const found = largestMacs(model, { name: 'dut' }, device);
    expect(found.largestMacsInMultipliers).toBe(16);
    expect(found.largestMacs).toBeGreaterThanOrEqual(16);
  });

  test('is none on a device without room for the weights', () => {
    const device = devised(up5k, { blockRams: 1 });
    expect(largestMacs(model, { name: 'dut' }, device)).toEqual({
      largestMacs: null,
      largestMacsInMultipliers: null,
    });
  });
});

test('an unknown device is refused with those that are known', () => {
  expect(() => findDevice(ECP5, 'UP5K')).toThrow(UserError);
  expect(() => findDevice(ECP5, 'UP5K')).toThrow(/no ecp5 device UP5K; known are LFE5U-12F, /);
  expect(findDevice(null, 'up5k').family).toBe(ICE40);
});
