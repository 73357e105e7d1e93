/** What `estimate --target` says about a device. */
import { z } from 'zod';
import { FAMILY_NAMES } from '../../devices/find.js';
import { FAMILIES } from '../../devices/registry.js';
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
  unset: z.boolean().describe('nothing is known of its words at the start'),
  place: z.strictObject({
    kind: z.enum(['block', 'single-port', 'distributed', 'logic']),
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
  target: z.enum(FAMILY_NAMES),
  device: z.string(),
  fits: z.boolean(),
  shortages: z.array(
    z.strictObject({ resource: z.string(), needed: z.number(), available: count }),
  ),
  uncertain: z
    .array(z.string())
    .describe('resources of which the rough estimates leave open whether they suffice'),
  smallestDevice: z.string().nullable(),
  blockRams: halves.describe(halfOnes()),
  blockRamCells: z.record(z.string(), count),
  blockRamsWanted: halves.describe('of a device that has enough'),
  singlePortRams: count.describe('of memories with one port, where block RAMs run out'),
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

/** The block RAM primitives that are half of what devices are counted in. */
function halfOnes(): string {
  const cells = FAMILIES.flatMap(({ memory }) => Object.entries(memory.blockRams));
  const halves = cells
    .filter(([, { blockRams }]) => blockRams === 0.5)
    .map(([cell]) => `a ${cell}`);
  return `${halves.join(', ')} is half of one`;
}
