import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { simulate } from '../support/simulate.js';
import { expectAsPlanned } from './support/expectations.js';
import { NETWORKS, utteranceShape, utterancesUpTo } from './support/whole-utterances.js';

/** More seeds than these: HCGS_TIME_SEEDS=20 npx vitest run test/time/random.test.ts. */
const SEEDS = Number(process.env.HCGS_TIME_SEEDS ?? 1);
const FIRST = Number(process.env.HCGS_TIME_FIRST ?? 900);

describe.each(NETWORKS)('whole utterances of random %s networks', (network) => {
  test.each(Array.from({ length: SEEDS }, (_, n) => FIRST + n))(
    'seed %i: exact, every frame in the cycle predicted, through resets, wrong utterances and stalls',
    async (seed) => {
      const { model, options, label } = utteranceShape(seed, network);
      const { configuration: c } = planDesign(model, options);
      expect(hazards(orderOf(c, model)), label).toEqual([]);
      const sequence = utterancesUpTo(options.maxFrames, model, seed);
      const result = await simulate(c, model, { sequence, seed, protocol: true });
      expectAsPlanned(result, label);
      // what stalls take is not predicted
      const { firstMismatch, complaints } = await simulate(c, model, {
        sequence,
        seed,
        stall: 0.3,
      });
      expect([firstMismatch, complaints], label).toEqual([null, []]);
    },
  );
});
