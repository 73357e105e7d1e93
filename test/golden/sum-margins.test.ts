import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { runGolden } from '../../generator/golden/run.js';
import { accumulatorBits, sumMargins } from '../../generator/golden/sum-margins.js';
import { SumWatch } from '../../generator/golden/sum-peaks.js';
import type { Frames } from '../../generator/network/frames.js';
import { models } from '../support/networks.js';
import { stackOf } from '../support/stack.js';

describe('the margins of the sums of a model', () => {
  it('have the accumulator of its design, and lie between what was seen and what the shape allows', () => {
    fc.assert(
      fc.property(models, (model) => {
        const inputs = stackOf(model).layers[0]?.inputs as number;
        const codes = new Int32Array(4 * inputs).fill(-(2 ** (model.words.activation - 1)));
        const input: Frames = { lengths: Int32Array.of(4), inputs, codes, saturated: 0 };
        const watch = new SumWatch(model, input);
        runGolden(model, input, (frame, index) => watch.visit(frame, index));
        const margins = sumMargins(model, watch.peaks());
        const { configuration } = planDesign(model, { name: 'dut', macs: 4, headroom: 0 });
        expect(accumulatorBits(margins)).toBe(configuration.accumulatorBits);
        expect(margins).toHaveLength(
          3 * stackOf(model).layers.length + (stackOf(model).output === null ? 0 : 2),
        );
        for (const { layer, bits, neededBits, margin, largest, largestBits } of margins) {
          expect(layer === null || layer < stackOf(model).layers.length).toBe(true);
          expect(margin).toBe(bits - neededBits);
          expect(margin).toBeGreaterThanOrEqual(0);
          expect(largest).toBeLessThanOrEqual(2 ** (neededBits - 1));
          expect(largest).toBeLessThan(2 ** (largestBits - 1));
        }
      }),
      { numRuns: 40 },
    );
  });
});
