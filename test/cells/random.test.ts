import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { randomShape } from '../support/random-shapes.js';
import { expectExact, simulate } from '../support/simulate.js';

/** More seeds than these: HCGS_CELL_SEEDS=100 npx vitest run test/cells/random.test.ts. */
const SEEDS = Number(process.env.HCGS_CELL_SEEDS ?? 2);
const FIRST = 300;

describe.each(['gru', 'rnn-tanh', 'rnn-relu', 'dense-relu', 'mixed', 'mixed 2'] as const)(
  'random networks of %s layers',
  (cell) => {
    test.each(Array.from({ length: SEEDS }, (_, n) => FIRST + n))(
      'seed %i: exact, in the cycles predicted, with and without stalls',
      async (seed) => {
        const { model, options, label } =
          cell === 'mixed 2'
            ? randomShape(seed + 1000, undefined, 'mixed')
            : randomShape(seed, undefined, cell);
        const network = model(seed);
        const { configuration } = planDesign(network, options);
        expect(hazards(orderOf(configuration, network)), label).toEqual([]);
        const stalls = seed % 2 === 0 ? {} : { stall: 0.3 };
        const result = await simulate(configuration, network, {
          ...{ frames: 12, seed, protocol: true },
          ...stalls,
        });
        if (!('stall' in stalls)) return expectExact(result);
        // what stalls take is not predicted
        expect(result).toMatchObject({ firstMismatch: null, complaints: [] });
        expect(result.protocol?.complaints).toEqual([]);
      },
    );
  },
);
