import { describe, expect, test } from 'vitest';
import { varyingBits } from '../../../generator/accelerator/resources/columns.js';
import { mapMemory } from '../../../generator/accelerator/resources/map-memory.js';
import { mapMultiplier } from '../../../generator/accelerator/resources/map-multiplier.js';
import { FAMILIES } from '../../../generator/devices/registry.js';
import { BLOCKS, kindOf, MULTIPLIERS } from './support/primitives.js';
import { randomShapes } from './support/shapes.js';
import { count, SCRIPTS, synthesise } from './support/synthesis.js';

const SEED = 11;

describe('memories and multiplications of random sizes become what Yosys makes of them', () => {
  const shapes = randomShapes(SEED, { memories: 12, products: 8 });
  for (const family of FAMILIES) {
    test(`${family.name}, seed ${SEED}`, async () => {
      const netlist = await synthesise(shapes.files, SCRIPTS[family.name] as string);
      const predicted = shapes.memories.map((m) => mapMemory(family, m));
      const labels = shapes.memories.map((m, i) => `m${i} ${JSON.stringify(m)}`);
      expect(labels.map((label, i) => [label, predicted[i]?.kind])).toEqual(
        labels.map((label, i) => [label, kindOf(netlist.memories.get(`m${i}`) ?? null)]),
      );
      for (const [cell, type] of Object.entries(BLOCKS)) {
        const blocks = predicted.filter((p) => p.kind === 'block' && p.cell === cell);
        const cells = blocks.reduce((sum, p) => sum + p.cells, 0);
        expect([cell, cells]).toEqual([cell, count(netlist, type)]);
      }
      const multipliers = shapes.products.map((p) => mapMultiplier(family, p));
      expect(multipliers.reduce((a, b) => a + b)).toBe(count(netlist, MULTIPLIERS));
    });
  }
});

test('bits that are the same in every word need no place', () => {
  expect(varyingBits('05\n07\n15\n', 5)).toBe(2);
  expect(varyingBits('0\n0\n', 4)).toBe(0);
  expect(varyingBits('1f\n', 5)).toBe(0);
  expect(varyingBits('a5a5\n5a5a\n', 16)).toBe(16);
});
