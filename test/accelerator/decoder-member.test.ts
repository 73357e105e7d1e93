import { describe, expect, test, vi } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { checkHazards, hazards } from '../../generator/accelerator/schedule/hazards.js';
import { jobsOf } from '../../generator/accelerator/schedule/jobs.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { walkModel } from '../../generator/accelerator/schedule/walk.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import type { Pattern, PatternSpec } from '../../generator/sparsity/registry.js';
import { stairs } from '../sparsity/support/stairs.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

// the two lines that a new pattern with its decoder takes, besides their own files
vi.mock('../../generator/sparsity/registry.js', async (load) => {
  const { PATTERNS } = await load<typeof import('../../generator/sparsity/registry.js')>();
  const { STAIRS } = await import('../sparsity/support/stairs.js');
  return { PATTERNS: { ...PATTERNS, stairs: STAIRS } };
});
vi.mock('../../generator/accelerator/decoder/registry.js', async (load) => {
  type Registry = typeof import('../../generator/accelerator/decoder/registry.js');
  const registry = await load<Registry>();
  const { STAIRS_DECODER } = await import('./support/stairs-decoder.js');
  Object.assign(registry.DECODERS, { stairs: STAIRS_DECODER });
  return registry;
});

interface Shape {
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly strip: number;
  readonly empty: number;
  readonly seed: number;
  readonly sharing?: 'shared' | 'per-gate';
  /** Recurrent layers have no weights on these operands. */
  readonly without?: readonly number[];
}

/** A network whose strips keep different numbers of columns; the output layer is of the same kind. */
function network(shape: Shape): Model {
  const { hidden, outputs, strip, empty, seed, sharing = 'shared', without = [] } = shape;
  const spec = { kind: 'stairs', strip, empty } as unknown as PatternSpec;
  const model = randomModel({
    ...{ inputs: 13, hidden, outputs, sharing, seed, patterns: [spec] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });
  const whole = (rows: number, columns: number) =>
    stairs({ rows, columns }, rows, [columns]) as unknown as Pattern;
  const nothing = (matrix: SparseMatrix): SparseMatrix => ({
    ...matrix,
    codes: matrix.codes.map(() => 0),
    patterns: matrix.patterns.map(
      ({ rows, columns }) => stairs({ rows, columns }, rows, [0]) as unknown as Pattern,
    ),
  });
  return {
    ...model,
    passes: model.passes.map((pass) => ({
      ...pass,
      operands: pass.operands.map((operand, n) => ({
        ...operand,
        matrix:
          pass.cell === 'dense'
            ? { ...operand.matrix, patterns: [whole(pass.rows, operand.matrix.columns)] }
            : without.includes(n)
              ? nothing(operand.matrix)
              : operand.matrix,
      })),
    })),
  };
}

describe('a decoder of a further kind, whose sets differ in their tiles', () => {
  test.each<[string, Shape, number]>([
    [
      'a third of the strips empty',
      { hidden: [24, 16], outputs: 5, strip: 2, empty: 0.33, seed: 3 },
      16,
    ],
    [
      'most of them empty, h leaves',
      { hidden: [40], outputs: 0, strip: 4, empty: 0.8, seed: 4 },
      16,
    ],
    ['none empty', { hidden: [24, 24], outputs: 3, strip: 4, empty: 0, seed: 5 }, 64],
    [
      'a mask for each gate',
      { hidden: [32, 16], outputs: 0, strip: 4, empty: 0.6, seed: 6, sharing: 'per-gate' },
      16,
    ],
    [
      'no weights on x',
      { hidden: [24, 8], outputs: 4, strip: 2, empty: 0.5, seed: 7, without: [0] },
      8,
    ],
    [
      'no weights on h',
      { hidden: [24, 8], outputs: 0, strip: 2, empty: 0.5, seed: 7, without: [1] },
      8,
    ],
    [
      'no weights at all',
      { hidden: [24], outputs: 4, strip: 4, empty: 0, seed: 7, without: [0, 1] },
      8,
    ],
  ])('%s: exact, in the cycles predicted', async (_, shape, macs) => {
    const model = network(shape);
    const made = [[1], [18], [1, 'short']] as const;
    for (const [cellCycles, pipeline] of made) {
      const { configuration: c } = planDesign(model, { name: 'dut', macs, cellCycles, pipeline });
      expect(c.jobs).toBeDefined();
      expect(hazards(orderOf(c, model))).toEqual([]);
      checkHazards(orderOf(c, model));
      const result = await simulate(c, model, {
        ...{ frames: 12, seed: shape.seed, protocol: true },
      });
      expectExact(result);
    }
  });

  test.each([
    ['a half alone meets what its slot holds', 'cell_update', /alone \?/g, "1'b0 ?"],
    [
      'halves that are alone count as the input side',
      'core',
      /\.x_first +\(/g,
      ".x_first (1'b1 | ",
    ],
    ['empty sets take no step', 'lane_feed', /steps_left <= last_step/g, 'steps_left <= 1'],
    ['the lanes are thought to be free too early', 'sequencer', /gap <= job\[[^;]*;/g, 'gap <= 0;'],
    ['no half waits', 'sequencer', /in_flight != /g, "1'b0 && in_flight != "],
  ])('is found out when %s', async (_, module, from, to) => {
    const model = network({ hidden: [24, 16], outputs: 0, strip: 2, empty: 0.5, seed: 3 });
    const lanes = { tileRows: 4, cellLanes: 1, sumSlots: 1 };
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 64, ...lanes });
    let hits = 0;
    const result = await simulate(c, model, {
      ...{ frames: 12, seed: 3 },
      mutate: (file, text) => {
        if (file !== `dut_${module}.v`) return text;
        const edited = text.replace(from, to);
        if (edited !== text) hits++;
        return edited;
      },
    });
    expect(hits).toBe(1);
    expect(result.firstMismatch !== null || result.complaints.length > 0).toBe(true);
  });

  test.each([
    ['at once', { macs: 64, cellLanes: 2 }],
    ['time-multiplexed', { macs: 16, cellCycles: 18, style: 'specialised' as const }],
  ])('its Verilog has no warning, gates %s', async (_, options) => {
    const model = network({ hidden: [24, 16], outputs: 5, strip: 2, empty: 0.5, seed: 3 });
    const { configuration: c } = planDesign(model, { name: 'dut', ...options });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
    expect(await lint(files, 'dut_core')).toEqual(CLEAN);
  });

  test('another pattern is refused on its design, and its own on another', () => {
    const shape = { hidden: [16], outputs: 0, strip: 2, empty: 0.5, seed: 3 };
    const own = network(shape);
    const words = own.words;
    const other = randomModel({
      ...{ inputs: 13, hidden: [16], outputs: 0, sharing: 'shared', seed: 1, patterns: [null] },
      words,
    });
    const design = (model: Model) => planDesign(model, { name: 'dut', macs: 16 }).configuration;
    expect(() => checkContract(design(own), other)).toThrow(
      'decoder is stairs, the model needs hcgs',
    );
    expect(() => checkContract(design(other), own)).toThrow(
      'decoder is hcgs, the model needs stairs',
    );
  });

  test('a set without tiles takes no cycle of the array', () => {
    const model = network({ hidden: [64], outputs: 0, strip: 4, empty: 0.7, seed: 8 });
    const { configuration: c, prediction } = planDesign(model, { name: 'dut', macs: 16 });
    const walks = walkModel(model, c);
    const jobs = jobsOf(walks, c.sumSlots);
    const [walk] = walks;
    const sets = Array.from(
      { length: walk?.groups ?? 0 },
      (_, set) => [walk?.x.tiles(set) ?? 0, walk?.h?.tiles(set) ?? 0] as const,
    );
    const empty = sets.filter(([x, h]) => x + h === 0).length;
    const half = sets.filter(([x, h]) => x + h > 0 && (x === 0 || h === 0)).length;
    expect(empty).toBeGreaterThan(2);
    expect(half).toBeGreaterThan(2);
    expect(jobs.length).toBeLessThan(2 * sets.length - empty - half + 2);
    expect(jobs.reduce((sum, { empty: own }) => sum + own, 0)).toBeGreaterThanOrEqual(empty - 1);
    const tiles = sets.reduce((sum, [x, h]) => sum + x + h, 0);
    const issued = jobs.reduce((sum, job) => sum + job.tiles, 0);
    expect(issued).toBe(sets[0]?.[0] === 0 && sets[0][1] === 0 ? tiles + 1 : tiles);
    expect(prediction.layers[0]?.tiles).toBe(issued);
  });
});
