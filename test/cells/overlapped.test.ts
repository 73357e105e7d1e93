import { describe, expect, test } from 'vitest';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { randomShape } from '../support/random-shapes.js';
import { expectExact, simulate } from '../support/simulate.js';

/** More seeds than these: HCGS_CELL_SEEDS=100 npx vitest run test/cells/overlapped.test.ts. */
const SEEDS = Number(process.env.HCGS_CELL_SEEDS ?? 6);
const PIPELINES = ['deep', 'balanced', 'short'] as const;

async function check(model: ReturnType<typeof randomModel>, options: DesignOptions, seed: number) {
  const { configuration } = planDesign(model, options);
  expect(configuration.cellCycles).toBe(options.cellCycles);
  expect(hazards(orderOf(configuration, model))).toEqual([]);
  expectExact(await simulate(configuration, model, { frames: 12, seed, protocol: true }));
  const stalled = await simulate(configuration, model, { frames: 7, stall: 0.3, seed });
  expect(stalled.firstMismatch).toBeNull();
  expect(stalled.complaints).toEqual([]);
}

describe('a lane whose cells overlap', () => {
  test.each(Array.from({ length: SEEDS }, (_, n) => n + 1))(
    'random networks, seed %i: exact, in the cycles predicted, with and without stalls',
    async (seed) => {
      const shape = randomShape(seed + 40, undefined, 'lstm');
      const pipeline = PIPELINES[seed % 3];
      // the lane that takes one cell at a time begins at 18, 10 and 6 cycles
      const cellCycles = [4, 5, 4, 9, 5, 17][seed % 6];
      const { macs } = shape.options;
      await check(shape.model(seed), { ...shape.options, macs, pipeline, cellCycles }, seed);
    },
  );

  const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
  const half = { k: 1, n: 2 };
  const patterns = [{ kind: 'hcgs' as const, blocks: [8, 4], keep: [half, half] }];
  const base: RandomOptions = {
    ...{ inputs: 12, hidden: [8, 12], outputs: 3, sharing: 'shared', seed: 3, words, patterns },
  };
  test.each([
    ['no output layer, initial states', { outputs: 0, initialState: true }, { emit: 'last' }],
    ['outputs of last frames', {}, { emit: 'last', macs: 8 }],
    ['streams', { initialState: true }, { streams: 3, macs: 8 }],
    ['streams without an output layer', { outputs: 0 }, { streams: 2, macs: 16 }],
    ['one cell in a layer', { hidden: [1, 1, 1], patterns: [null] }, { macs: 64, tileRows: 1 }],
  ] satisfies readonly (readonly [string, Partial<RandomOptions>, Partial<DesignOptions>])[])(
    '%s',
    async (_, network: Partial<RandomOptions>, options: Partial<DesignOptions>) => {
      const own = { name: 'dut', macs: 32, cellCycles: 4, ...options };
      await check(randomModel({ ...base, ...network }), own, 5);
    },
  );

  /** A copy that is taken a cycle late gets what belongs to the next step. */
  const late = (copy: string): RegExp => new RegExp(`line\\[3\\](.*\\n\\s+${copy} <= )`);
  test.each([
    ['the end of a set is that of another step', 'cell_update', late('retire_1'), 'line[4]$1'],
    ['the end of a frame is', 'cell_update', late('end_1'), 'line[4]$1'],
    ['the first step of a layer is', 'cell_update', late('first_step_1'), 'line[4]$1'],
    ['the base of h is none', 'cell_update', /h_base_1 <= h_base_0/, 'h_base_1 <= 0'],
    ['the shift of c is none', 'cell_update', /cell_shift_1 <= cell_shift_0/, 'cell_shift_1 <= 0'],
    ['a cell comes a cycle early', 'lane_feed', /= STEP_CYCLES - 1/, '= STEP_CYCLES - 2'],
    ['a bias is that of another gate', 'cell_update', /step_line\[0\]\}\} &/, 'step}} &'],
  ] as const)('the check fails when %s', async (_, module, from, to) => {
    const model = randomModel({ ...base, hidden: [8, 12, 4] });
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 32, cellCycles: 4 });
    let changed = false;
    const result = await simulate(c, model, {
      frames: 6,
      protocol: true,
      mutate: (file, text) => {
        if (file !== `dut_${module}.v`) return text;
        const other = text.replace(from, to);
        changed ||= other !== text;
        return other;
      },
    }).catch((error: unknown) => ({ error }));
    expect(changed).toBe(true);
    const found =
      'error' in result ||
      result.firstMismatch !== null ||
      result.complaints.length > 0 ||
      (result.protocol?.complaints.length ?? 0) > 0;
    expect(found).toBe(true);
  });

  test.each([
    ['lstm-peephole', 'layers of lstm-peephole'],
    ['gru', 'layers of gru'],
    [['lstm', 'dense-linear'], 'layers of lstm and dense-linear'],
  ] as const)('is refused for cells of %s', (cell, layers) => {
    const model = randomModel({ ...base, cell });
    expect(() => planDesign(model, { name: 'dut', cellCycles: 4 })).toThrow(
      `--cell-cycles: expected 1 with ${layers}, whose lanes take all gates at once, got 4`,
    );
  });

  test('is refused with queues of rows', () => {
    const options = { name: 'dut', cellCycles: 4, array: 'queues', macs: 16 } as const;
    expect(() => planDesign(randomModel(base), options)).toThrow('sets with --cell-cycles 4');
  });
});
