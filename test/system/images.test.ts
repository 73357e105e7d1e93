import { afterAll, describe, expect, test } from 'vitest';
import { checkContract, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { UserError } from '../../generator/base/errors.js';
import { checksOf } from '../../generator/cosim/scoreboard/checks.js';
import { randomModel } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';
import { simulate } from '../support/simulate.js';
import { smallerModel } from '../support/smaller-models.js';
import { stackOf, withStack } from '../support/stack.js';

// One Verilator build per shape, then other models through its images. HCGS_LONG=<shapes> runs that many more
// shapes, from HCGS_SEED (default: the clock); seeds are in the tests' names and in the failures.
const REGULAR = [2, 5, 15, 21, 29];
const long = Number(process.env.HCGS_LONG ?? 0);
const start = Number(process.env.HCGS_SEED ?? Date.now() % 1_000_000);
const seeds = [...REGULAR, ...Array.from({ length: long }, (_, i) => start + i)];

/** Models drawn per design, and how many of those that fit are simulated. */
const DRAWN = long > 0 ? 60 : 30;
const SIMULATED = long > 0 ? 25 : 6;

let simulated = 0;
let refused = 0;

describe.each(seeds)('models on the design of shape seed %i', (seed) => {
  test('each is refused with the limit that it exceeds, or exact and as fast as predicted', async () => {
    const shape = randomShape(seed);
    const base = shape.model(1);
    const { configuration } = planDesign(base, shape.options);
    const verilog = emitVerilog(configuration);
    for (let n = 0, fitting = 0; n < DRAWN && fitting < SIMULATED; n++) {
      const { label, model } = smallerModel(base, configuration, 1000 * seed + n);
      const limit = brokenLimit(() => checkContract(configuration, model));
      if (limit !== null) {
        expect(limit).not.toBe('');
        refused++;
        continue;
      }
      fitting++;
      const stall = n % 4 === 3 ? 0.3 : 0;
      const result = await simulate(configuration, model, { frames: 9, seed: n + 1, stall });
      const failures = checksOf(result.design, result).filter(({ failure }) => failure !== null);
      expect(failures, `design ${shape.label}\nmodel ${label}`).toEqual([]);
      for (const [file, text] of result.design.verilog) {
        expect(text).toBe(verilog.get(`rtl/${file}`));
      }
      simulated++;
    }
  });
});

describe('found by longer runs', () => {
  test('frames of two lengths that take turns are predicted and measured as their mean', async () => {
    const model = randomModel({
      inputs: 6,
      hidden: [64],
      patterns: [{ kind: 'hcgs', blocks: [16, 8], keep: [1, 2].map((k) => ({ k, n: 4 })) }],
      sharing: 'shared',
      outputs: 0,
      words: { weight: 6, activation: 13, cell: 16, bias: 16 },
      seed: 1,
    });
    const lanes = { cellLanes: 4, streamLanes: 1 };
    const { configuration } = planDesign(model, { name: 'dut', macs: 64, ...lanes });
    const result = await simulate(configuration, model, { frames: 9 });
    expect(checksOf(result.design, result).filter(({ failure }) => failure !== null)).toEqual([]);
    expect(result.steady?.cyclesPerFrame).toBe(69.5);
  });

  test('a design holds its own model when the binary point of c is negative', () => {
    const model = randomShape(2).model(1);
    const layers = stackOf(model).layers.map((layer) => ({ ...layer, cellFraction: -5 }));
    const moved = withStack(model, { layers });
    const { configuration } = planDesign(moved, randomShape(2).options);
    expect(configuration.cellPointLeast).toBe(-5);
    checkContract(configuration, moved);
  });
});

afterAll(() => {
  console.log(`${simulated} models on ${seeds.length} designs simulated, ${refused} refused`);
  expect(simulated).toBeGreaterThanOrEqual(seeds.length);
});

/** The limit that SHAPE_CONTRACT names; null where the model fits. */
function brokenLimit(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof UserError) || error.report.code !== 'SHAPE_CONTRACT') throw error;
    return error.report.field ?? '';
  }
}
