import { describe, test } from 'vitest';
import { planHardware } from '../../../generator/accelerator/index.js';
import type { DesignOptions } from '../../../generator/accelerator/plan/options.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { expectExact, simulate } from '../../support/simulate.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});

describe('registers on which nothing happens', () => {
  test.each<[string, Partial<DesignOptions>, number]>([
    ['models in ROMs', {}, 1],
    ['a chain', {}, 2],
    ['two places', { weights: 'loaded', residents: 2 }, 1],
    ['a chain that is loaded', { weights: 'loaded', loadBits: 16 }, 2],
  ])('change no value and no cycle: %s', async (_title, options, engines) => {
    const planned = planHardware(
      model,
      { name: 'dut', macs: 16, bus: 'axi4lite', ...options },
      engines,
    );
    const { hardware, cuts } = planned;
    expectExact(await simulate(hardware, model, { frames: 24, protocol: true, cuts }));
  });
});
