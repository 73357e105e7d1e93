/** What `estimate --target` says about a device. */
import { z } from 'zod';
import { count, share } from './parts.js';

const rough = z
  .strictObject({ estimate: count, low: count, high: count })
  .describe('rough: measured designs lie between low and high');
const halves = z.number().min(0).multipleOf(0.5);

const memory = z.strictObject({
  path: z.string().describe('as in the flattened netlist'),
  module: z.string(),
  kind: z.enum(['rom', 'ram']),
  words: count,
  bits: count.describe('of a word'),
  varyingBits: count.describe('without those that are the same in every word of the image'),
  readPorts: count,
  writePorts: count,
  access: z.string(),
  image: z.string().nullable(),
  place: z.strictObject({
    kind: z.enum(['block', 'distributed', 'logic']),
    cell: z.string().nullable(),
    cells: count,
    parts: count.describe('memories behind each other, because one is not deep enough'),
  }),
});

const product = z.strictObject({
  block: z.string().describe('instance below the core'),
  count,
  a: count.describe('bits of a factor'),
  b: count,
  width: count.describe('bits of the product'),
  signed: z.boolean(),
  multipliers: count.describe('multipliers of the device for each; 0: logic'),
  inMultipliers: count.describe('of `count`; the rest is logic'),
});

export const resources = z.strictObject({
  target: z.enum(['ecp5', 'ice40', 'xilinx']),
  device: z.string(),
  fits: z.boolean(),
  shortages: z.array(
    z.strictObject({ resource: z.string(), needed: z.number(), available: count }),
  ),
  uncertain: z
    .array(z.string())
    .describe('resources of which the rough estimates leave open whether they suffice'),
  smallestDevice: z.string().nullable(),
  blockRams: halves.describe('a RAMB18E1 is half of one'),
  blockRamCells: z.record(z.string(), count),
  blockRamsWanted: halves.describe('of a device that has enough'),
  multipliers: count,
  multipliersWanted: count,
  memoryBits: count,
  luts: rough,
  registers: rough,
  available: z.strictObject({
    luts: count,
    registers: count,
    blockRams: count,
    multipliers: count,
    singlePortRams: count,
  }),
  weightBanks: z.strictObject({
    bits: count,
    blocks: z.record(z.string(), count),
    blockBits: count,
    efficiency: share.nullable().describe('bits / blockBits'),
  }),
  memories: z.array(memory),
  movedMemories: z.array(z.string()).describe('in no block RAM because the device has too few'),
  products: z.array(product),
  largestMacs: count.nullable().describe('that fits the device'),
  largestMacsInMultipliers: count.nullable().describe('with every MAC in a device multiplier'),
});
