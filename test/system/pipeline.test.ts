import { describe, expect, test } from 'vitest';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import type { Pipeline } from '../../generator/accelerator/pipeline/registers.js';
import { DRAWN_CELLS, type DrawnCell } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';
import { expectExact, simulate } from '../support/simulate.js';

const CELLS: readonly (DrawnCell | 'mixed')[] = [...DRAWN_CELLS, 'mixed'];

describe.each(['short', 'balanced'] as const satisfies readonly Pipeline[])('%s', (pipeline) => {
  test.each(CELLS.map((cell, n) => [cell, n + 1] as const))(
    'lanes of %s, shape seed %i',
    async (cell, seed) => {
      const shape = randomShape(seed, undefined, cell);
      const options: DesignOptions = { ...shape.options, pipeline };
      const { configuration } = planDesign(shape.model(1), options);
      for (const stall of [0, 0.4]) {
        const result = await simulate(configuration, shape.model(1), {
          ...{ frames: 7, stall, seed, protocol: stall === 0 },
        });
        if (stall === 0) expectExact(result);
        expect(result.firstMismatch).toBeNull();
        expect(result.complaints).toEqual([]);
      }
    },
  );
});
