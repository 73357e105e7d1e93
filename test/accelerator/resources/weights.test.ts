import { expect, test } from 'vitest';
import { isWeightBank } from '../../../generator/accelerator/resources/predict.js';
import { designOf } from './support/designs.js';
import { MULTIPLIERS } from './support/primitives.js';
import { count, SCRIPTS, synthesise } from './support/synthesis.js';

const half = { k: 1, n: 2 };
const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
const network = {
  inputs: 32,
  hidden: [64],
  patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [half, half] }],
  sharing: 'shared',
  outputs: 0,
  words,
} as const;

test('64 MACs on ECP5: each in a multiplier of the device, no weight in logic', async () => {
  const design = designOf(network, { macs: 64 });
  const { cells, memories } = await synthesise(design.files, SCRIPTS.ecp5 as string);
  expect(count({ cells, memories }, MULTIPLIERS)).toBeGreaterThanOrEqual(64);
  expect(Object.keys(cells).filter((type) => /mul/.test(type))).toEqual([]);

  const banks = [...memories].filter(([path]) => isWeightBank({ path }));
  expect(banks.length).toBeGreaterThan(0);
  for (const [path, library] of banks) {
    expect([path, library]).toEqual([path, expect.stringMatching(/^ECP5_(DP|PDPW)16KD$/)]);
  }
});
