import { describe, expect, test, vi } from 'vitest';
import { buildImages, emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import type { CellKind } from '../../generator/network/cells/registry.js';
import type { Model, ModelPass, SparseMatrix } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { expectExact, simulate } from '../support/simulate.js';

// the three lines that a new cell takes, besides its own files
vi.mock('../../generator/network/cells/registry.js', async (load) => {
  type Registry = typeof import('../../generator/network/cells/registry.js');
  const registry = await load<Registry>();
  const { coupled } = await import('./support/coupled.js');
  Object.assign(registry.CELLS, { coupled });
  return registry;
});
vi.mock('../../generator/golden/cells/registry.js', async (load) => {
  type Registry = typeof import('../../generator/golden/cells/registry.js');
  const registry = await load<Registry>();
  const { goldenCoupled } = await import('./support/golden-coupled.js');
  Object.assign(registry.GOLDEN_CELLS, { coupled: goldenCoupled });
  return registry;
});
vi.mock('../../generator/accelerator/cell/units.js', async (load) => {
  type Registry = typeof import('../../generator/accelerator/cell/units.js');
  const registry = await load<Registry>();
  const { coupledUnit } = await import('./support/coupled-lane.js');
  Object.assign(registry.CELL_UNITS, { coupled: coupledUnit });
  return registry;
});

const kind = 'coupled' as CellKind;

/** The first three gates of an LSTM, as a coupled cell. */
function coupledModel(
  hidden: readonly number[],
  sharing: 'shared' | 'per-gate',
  seed: number,
  outputs = 0,
) {
  const model = randomModel({
    ...{ inputs: 9, hidden, outputs, sharing, seed },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  });
  const three = (matrix: SparseMatrix): SparseMatrix => ({
    ...matrix,
    patterns: matrix.patterns.slice(0, 3),
    codes: matrix.codes.slice(0, 3 * matrix.rows * matrix.columns),
  });
  return {
    ...model,
    passes: model.passes.map(
      (pass): ModelPass =>
        pass.cell === 'dense'
          ? pass
          : {
              ...pass,
              cell: kind,
              bias: pass.bias.slice(0, 3 * pass.rows),
              operands: pass.operands.map((one) => ({ ...one, matrix: three(one.matrix) })),
            },
    ),
  } satisfies Model;
}

describe('a cell of a further kind, with three gates', () => {
  test.each([
    [[12, 8], 'shared', 24],
    [[20], 'per-gate', 12],
    [[8, 12, 8], 'shared', 96],
    [[12], 'shared', 24, 7],
  ] as readonly [number[], 'shared' | 'per-gate', number, number?][])(
    '%j, %s masks, %i MACs: exact, in the cycles predicted',
    async (hidden, sharing, macs, outputs = 0) => {
      const model = coupledModel(hidden, sharing, macs, outputs);
      const { configuration: c } = planDesign(model, { name: 'dut', macs });
      expect(c).toMatchObject({ slices: 3, cells: ['coupled'] });
      expect(hazards(orderOf(c, model))).toEqual([]);
      const result = await simulate(c, model, { frames: 10, seed: macs, protocol: true });
      expectExact(result);
    },
  );

  test('its Verilog has no warning', async () => {
    const model = coupledModel([12, 8], 'shared', 1);
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 24 });
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect([...files.keys()]).toContain('rtl/dut_coupled_lane.v');
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });

  test('what it cannot do is refused by name', () => {
    const own = planDesign(coupledModel([12], 'shared', 1), { name: 'dut', macs: 24 });
    const other = randomModel({
      ...{ inputs: 9, hidden: [12], outputs: 0, sharing: 'shared', seed: 1, patterns: [null] },
      words: own.configuration.words,
    });
    expect(() => checkContract(own.configuration, other)).toThrow(
      'the model does not fit the design: cells is coupled, the model needs lstm',
    );
    const model = coupledModel([12], 'shared', 1);
    expect(() => planDesign(model, { name: 'dut', macs: 24, cellCycles: 18 })).toThrow(
      '--cell-cycles: expected 1 with layers of coupled, whose lanes take all gates at once, got 18',
    );
  });

  test('its lanes stand beside those of others', async () => {
    const own = coupledModel([8, 8], 'shared', 2);
    const lstm = randomModel({
      ...{ inputs: 9, hidden: [8], outputs: 0, sharing: 'shared', seed: 1 },
      words: own.words,
      patterns: [null],
    });
    const [first] = lstm.passes;
    const both = { ...own, passes: [first as ModelPass, ...own.passes.slice(1)] };
    const { configuration: c } = planDesign(both, { name: 'dut', macs: 16 });
    expect(c).toMatchObject({ slices: 4, cells: ['lstm', 'coupled'] });
    expectExact(await simulate(c, both, { frames: 10, seed: 5, protocol: true }));
  });

  test('a fault in its lane is found, and named as the cell names it', async () => {
    const model = coupledModel([12, 8], 'shared', 24);
    const { configuration: c } = planDesign(model, { name: 'dut', macs: 24 });
    let hits = 0;
    const result = await simulate(c, model, {
      ...{ frames: 10, seed: 24 },
      mutate: (file, text) => {
        if (file !== 'dut_coupled_lane.v') return text;
        const edited = text.replace(/- gate_f;/, '+ gate_f;');
        if (edited !== text) hits++;
        return edited;
      },
    });
    expect(hits).toBe(1);
    expect(result.firstMismatch).toMatchObject({ layer: 0, tensor: 'c' });
  });
});
