import { describe, expect, test } from 'vitest';
import {
  buildImages,
  checkContract,
  type DesignOptions,
  emitVerilog,
  planDesign,
} from '../../generator/accelerator/index.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { newerLinters } from '../support/newer-linters.js';
import { refusal } from '../support/refusal.js';
import { expectExact, simulate } from '../support/simulate.js';

const k = { k: 1, n: 2 };
const base: RandomOptions = {
  ...{ inputs: 7, hidden: [10, 16, 9], outputs: 5, sharing: 'shared', seed: 1 },
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [k] }],
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  initialState: true,
};

/** Shapes and options with all kinds of lanes. */
const DESIGNS: readonly [string, Partial<RandomOptions>, Omit<DesignOptions, 'name'>][] = [
  ['gates at once, two lanes, an output layer', {}, { macs: 64, cellLanes: 2 }],
  [
    'a time-multiplexed lane, h leaves, a mask for each gate',
    { outputs: 0, hidden: [10, 9], sharing: 'per-gate', words: { ...base.words, bias: 5 } },
    { macs: 16, cellCycles: 18 },
  ],
];

/** The model without the start of some passes. */
function without(model: Model, ...some: readonly number[]): Model {
  const passes = model.passes.map(({ initial, ...pass }, n) =>
    initial === undefined || some.includes(n) ? pass : { ...pass, initial },
  );
  return { ...model, passes };
}

describe.each(DESIGNS)('a design with initial states: %s', (_, shape, options) => {
  const model = randomModel({ ...base, ...shape });
  const { configuration: c } = planDesign(model, { name: 'dut', ...options });
  const other = randomModel({ ...base, ...shape, seed: 2 });

  test('is exact, in the cycles predicted, utterances back to back, through resets', async () => {
    expectExact(await simulate(c, model, { frames: 16, seed: 3, protocol: true }));
  });

  test.each([
    ['another model', other],
    ['one in which some layers start from zeros', without(other, 1)],
    ['one in which all do', without(other, 0, 1, 2)],
  ])('takes %s, under stalls too', async (__, own) => {
    checkContract(c, own);
    expectExact(await simulate(c, own, { frames: 12, seed: 4, protocol: true }));
    const { firstMismatch, complaints } = await simulate(c, own, { frames: 12, stall: 0.3 });
    expect([firstMismatch, complaints]).toEqual([null, []]);
  });

  test.each([
    ['the bias of later frames in the first one', /take_restart \?/, "1'b0 ?", 'sums'],
    ['that of the first frame in later ones', /take_restart \?/, "1'b1 ?", 'sums'],
    ['the stored c in the first frame', /restart_(?:line\[C_READ_STAGE\]|\d) \?/, "1'b0 ?", 'c'],
    ['the initial c in later frames', /restart_(?:line\[C_READ_STAGE\]|\d) \?/, "1'b1 ?", 'c'],
    [
      'the initial c of another cell',
      /(u_initial \([\s\S]*?\.address *\()c_read_address/,
      "$1c_read_address ^ 1'b1",
      'c',
    ],
  ] as const)('is found out with %s', async (__, from, to, tensor) => {
    let hits = 0;
    const { firstMismatch } = await simulate(c, model, {
      ...{ frames: 16, seed: 3 },
      mutate: (file, text) => {
        if (file !== 'dut_cell_update.v') return text;
        const edited = text.replace(from, to);
        if (edited !== text) hits++;
        return edited;
      },
    });
    expect(hits).toBe(1);
    expect(firstMismatch?.tensor).toBe(tensor);
  });

  test('its Verilog has no warning', async () => {
    const files = new Map([...emitVerilog(c), ...buildImages(c, model)]);
    expect(await lint(files, 'dut', {}, newerLinters())).toEqual(CLEAN);
  });
});

describe('a design without initial states', () => {
  const model = randomModel(base);
  const plain = without(model, 0, 1, 2);
  const { configuration: c } = planDesign(plain, { name: 'dut', macs: 64 });

  test('has no hardware for them, and refuses a model that has one', () => {
    expect(c).not.toHaveProperty('initialState');
    expect([...buildImages(c, plain).keys()].join()).not.toContain('initial');
    expect(refusal(() => checkContract(c, model))).toMatchObject({
      ...{ code: 'SHAPE_CONTRACT', field: 'initialState', expected: 'none', got: 'a learned one' },
    });
  });

  test('takes as many cycles', () => {
    const own = planDesign(model, { name: 'dut', macs: 64 });
    expect(own.prediction).toEqual(planDesign(plain, { name: 'dut', macs: 64 }).prediction);
  });
});

test('room for the biases of two layers is not room for those of three', () => {
  const model = randomModel(base);
  const { configuration: c } = planDesign(without(model, 2), { name: 'dut', macs: 64 });
  checkContract(c, without(model, 0));
  const { field, expected, got } = refusal(() => checkContract(c, model));
  expect(field).toBe('biasDepth');
  expect(Number(got)).toBeGreaterThan(Number(expected));
});
