import { describe, expect, test } from 'vitest';
import { overlappedCycles } from '../../generator/accelerator/cell/lstm/overlapped-lane.js';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import { estimate } from '../../generator/accelerator/plan/estimate.js';
import { UserError } from '../../generator/base/errors.js';
import { randomModel } from '../../generator/network/random.js';

const OVERLAPPED_CYCLES = overlappedCycles();

const model = randomModel({
  inputs: 8,
  hidden: [16],
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  sharing: 'shared',
  outputs: 6,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});
const plan = (options: Omit<DesignOptions, 'name'>) =>
  planDesign(model, { name: 'dut', ...options });

describe('options of a design that do not go together', () => {
  test.each([
    [{ cellCycles: OVERLAPPED_CYCLES - 1 }, '--cell-cycles', '1, or 4 ... 256', 3],
    [{ cellCycles: 257 }, '--cell-cycles', '1, or 4 ... 256', 257],
    [{ cellCycles: 4, cellLanes: 2 }, '--cell-lanes', '1 with --cell-cycles 4', 2],
    [{ cellCycles: 18, cellLanes: 2 }, '--cell-lanes', '1 with --cell-cycles 18', 2],
    [{ cellLanes: 3 }, '--cell-lanes', 'a power of two', 3],
    [{ sumSlots: 0 }, '--sum-slots', '1 ... 1024', 0],
  ] as const)('%j', (options, field, expected, got) => {
    let refusal: unknown;
    try {
      plan({ macs: 16, ...options });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as UserError).report).toMatchObject({ field, expected, got });
  });
});

describe('a time-multiplexed lane', () => {
  test('have one lane, with one table, and cycles that say so', () => {
    const design = plan({ macs: 64, cellCycles: 20 });
    const atOnce = plan({ macs: 64 });
    expect(design.configuration).toMatchObject({ cellLanes: 1, cellCycles: 20 });
    const figures = estimate(design.configuration, model, design.prediction);
    const others = estimate(atOnce.configuration, model, atOnce.prediction);
    expect(figures.multipliers.cell).toBe(3);
    expect(figures.tableBits * 5).toBe(2 * (others.tableBits / atOnce.configuration.cellLanes));
    // sixteen cells, and the output layer behind them
    expect(figures.cyclesPerFrame).toBeGreaterThanOrEqual(16 * 20);
    expect(others.cyclesPerFrame).toBeLessThan(16 * 20);
  });

  test('shares a multiplier, and a table for each function, where its cells overlap', () => {
    const design = plan({ macs: 64, cellCycles: 4 });
    const atOnce = plan({ macs: 64, cellLanes: 1 });
    const figures = estimate(design.configuration, model, design.prediction);
    const others = estimate(atOnce.configuration, model, atOnce.prediction);
    expect(design.configuration).toMatchObject({ cellLanes: 1, cellCycles: 4 });
    expect(figures.multipliers.cell).toBe(1);
    expect(figures.tableBits * 5).toBe(2 * others.tableBits);
    expect(figures.cyclesPerFrame).toBeGreaterThanOrEqual(16 * 4);
    expect(figures.cyclesPerFrame).toBeLessThan(16 * 8);
  });
});
