import { describe, expect, test } from 'vitest';
import { checkContract, planDesign } from '../../generator/accelerator/index.js';
import { UserError } from '../../generator/base/errors.js';
import type { Model } from '../../generator/network/model.js';
import { randomShape } from '../support/random-shapes.js';
import { simulate } from '../support/simulate.js';
import { stackOf, withStack } from '../support/stack.js';

// One Verilator build per shape, several models through its images. HCGS_LONG=<shapes> runs that many more
// shapes, from HCGS_SEED (default: the clock); the seed of a failing shape is in the test's name.
const REGULAR = [1, 2, 5, 11, 12, 15, 28, 29];
const long = Number(process.env.HCGS_LONG ?? 0);
const start = Number(process.env.HCGS_SEED ?? Date.now() % 1_000_000);
const seeds = [...REGULAR, ...Array.from({ length: long }, (_, i) => start + i)];

/** Models of one shape: the one the design was made for, with and without stalls, and others. */
const RUNS = [
  { seed: 1, stall: 0 },
  { seed: 1, stall: 0.4 },
  { seed: 2, stall: 0 },
  { seed: 3, stall: 0.2 },
] as const;

describe.each(seeds)('random network of shape seed %i', (seed) => {
  const shape = randomShape(seed);
  test('computes what the golden model computes, in the cycles predicted', async () => {
    console.log(`shape ${shape.label}`);
    const { configuration } = planDesign(shape.model(1), shape.options);
    for (const { seed: modelSeed, stall } of RUNS) {
      const model = shape.model(modelSeed);
      if (modelSeed !== 1 && refused(() => checkContract(configuration, model))) continue;
      const result = await simulate(configuration, model, {
        ...{ frames: 9, stall, seed: modelSeed, protocol: true },
      });
      expect(result.firstMismatch).toBeNull();
      expect(result.complaints).toEqual([]);
      expect(result.protocol?.complaints).toEqual([]);
      if (stall > 0) continue;
      const { predicted } = result.design;
      expect(result.steady?.cyclesPerFrame).toBe(predicted.cyclesPerFrame);
      expect(result.latencyCycles).toBe(predicted.latencyCycles);
    }
  });
});

describe('extreme values', () => {
  const shape = randomShape(11);
  const base = shape.model(1);
  const { words } = base;
  const low = -(2 ** (words.weight - 1));
  const fill = (model: Model, weight: number, bias: number): Model =>
    withStack(model, {
      layers: stackOf(model).layers.map((l) => ({
        ...l,
        x: { ...l.x, codes: l.x.codes.map((c) => (c === 0 ? 0 : weight)) },
        h: { ...l.h, codes: l.h.codes.map((c) => (c === 0 ? 0 : weight)) },
        bias: l.bias.map(() => bias),
      })),
    });

  test.each([
    ['lowest weights, lowest biases', low, -(2 ** (words.bias - 1))],
    ['lowest weights, highest biases', low, 2 ** (words.bias - 1) - 1],
    ['highest weights', -low - 1, 0],
  ])('accumulators hold the worst case: %s', async (_, weight, bias) => {
    const model = fill(base, weight, bias);
    const { configuration } = planDesign(base, shape.options);
    const inputs = stackOf(base).layers[0]?.inputs as number;
    const extreme = 2 ** (words.activation - 1);
    const codes = Int32Array.from({ length: 8 * inputs }, (_, i) =>
      Math.floor(i / inputs) % 2 === 0 ? -extreme : extreme - 1,
    );
    const sequence = { inputs, frames: 8, codes, utteranceStarts: [0, 5] };
    const result = await simulate(configuration, model, { sequence });
    expect(result.firstMismatch).toBeNull();
    expect(result.complaints).toEqual([]);
  });
});

describe('a design that is broken by hand is caught', () => {
  const shape = randomShape(2);
  const { configuration } = planDesign(shape.model(1), shape.options);
  const run = async (file: string, from: string | RegExp, to: string) => {
    let changed = false;
    const result = await simulate(configuration, shape.model(1), {
      frames: 6,
      mutate: (name, text) => {
        if (!name.endsWith(file)) return text;
        const edited = text.replace(from, to);
        changed ||= edited !== text;
        return edited;
      },
    });
    expect(changed).toBe(true);
    return result;
  };

  test('wrong recurrent buffer', async () => {
    const result = await run('_sequencer.v', /parity \^ \(?!x_side\)?/, 'parity');
    expect(result.firstMismatch?.tensor).toBe('sums');
  });

  test('c not zero at the start of an utterance', async () => {
    const result = await run('_cell_update.v', /\{CELL_BITS\{!restart_line\[[^\]]+\]\}\} &\s+/, '');
    expect(result.firstMismatch?.tensor).toBe('c');
  });

  test('no wait for the layer below', async () => {
    const result = await run('_sequencer.v', /wire layer_wait = .*;/, "wire layer_wait = 1'b0;");
    expect(result.firstMismatch).not.toBeNull();
  });
});

function refused(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}
