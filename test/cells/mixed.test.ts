import { describe, expect, test } from 'vitest';
import { type DesignOptions, planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type DrawnCell, type RandomOptions, randomModel } from '../../generator/network/random.js';
import { expectExact, simulate } from '../support/simulate.js';

function modelOf(
  cell: readonly DrawnCell[],
  options: Pick<RandomOptions, 'hidden'> & Partial<RandomOptions>,
) {
  return randomModel({
    ...{ cell, inputs: 6, outputs: 0, sharing: 'shared', seed: 7, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    ...options,
  });
}

const HALVES = [{ kind: 'hcgs', blocks: [8], keep: [{ k: 1, n: 2 }] }] as const;

/** Name, cells, network, MACs, and what the configuration has to be. */
const CASES: readonly (readonly [
  string,
  readonly DrawnCell[],
  Parameters<typeof modelOf>[1],
  Partial<DesignOptions>,
  object,
])[] = [
  [
    'rows behind the last of a layer, in more sets than its cells fill',
    ['lstm', 'dense-relu'],
    { hidden: [3, 20], outputs: 5 },
    { macs: 64, tileRows: 1, tileColumns: 1 },
    { cells: ['lstm', 'dense-linear'], turns: 4 },
  ],
  [
    'blocks that are smaller than the rows of all slices',
    ['lstm', 'dense-linear'],
    { hidden: [16, 24], patterns: HALVES },
    { macs: 64 },
    {},
  ],
  [
    'states of two kinds',
    ['lstm', 'gru', 'lstm'],
    { hidden: [8, 12, 5] },
    { macs: 64 },
    { slices: 4 },
  ],
  [
    'a GRU between layers of tables, three slices',
    ['dense-tanh', 'gru', 'dense-sigmoid'],
    { hidden: [12, 16, 9] },
    { macs: 48, tileRows: 4 },
    { slices: 3, turns: 2 },
  ],
  [
    'layers of one operand alone',
    ['dense-relu'],
    { hidden: [20, 12, 4] },
    { macs: 16 },
    { slices: 1 },
  ],
  [
    'layers that begin while the last sets of the one below are under way',
    ['dense-relu', 'dense-tanh', 'dense-linear'],
    { inputs: 32, hidden: [48, 40, 24], outputs: 9 },
    { macs: 8 },
    {},
  ],
  [
    'two passes on the input, more sets than slots',
    ['gru-before'],
    { inputs: 9, hidden: [20] },
    { macs: 8, slices: 1, sumSlots: 1 },
    { inputAgain: true },
  ],
  ['one layer of one operand', ['dense-linear'], { hidden: [20] }, { macs: 8 }, {}],
  [
    'LSTM with projections and learned states',
    ['lstm'],
    { hidden: [24, 16], projection: [12, 8], outputs: 3, initialState: true },
    { macs: 64 },
    {},
  ],
  [
    'a reset gate before the product on the input, with learned states',
    ['gru-before'],
    { hidden: [12], initialState: true },
    { macs: 16 },
    { slices: 2, inputAgain: true },
  ],
  [
    'gates of a GRU in turn',
    ['gru'],
    { hidden: [20, 12], patterns: HALVES, outputs: 5 },
    { macs: 64 },
    { slices: 1 },
  ],
  [
    'gates of several cells in turn, a mask each',
    ['lstm', 'gru', 'dense-relu', 'gru-before'],
    { hidden: [16, 12, 9, 8], patterns: HALVES, sharing: 'per-gate', initialState: true },
    { macs: 32, slices: 1 },
    { slices: 1, perGate: true, streamShare: 1 },
  ],
  [
    'gates of an LSTM two by two, a mask each',
    ['lstm'],
    { hidden: [20, 12], patterns: HALVES, sharing: 'per-gate', outputs: 5, initialState: true },
    { macs: 32, slices: 2 },
    { slices: 2, perGate: true },
  ],
  [
    'gates of a GRU two by two, the last one alone, above rows that take turns',
    ['dense-tanh', 'gru', 'dense-relu'],
    { hidden: [24, 20, 12], outputs: 3 },
    { macs: 32, slices: 2, tileRows: 2 },
    { slices: 2, turns: 2 },
  ],
  [
    'gates of an LSTM three by three, between those of a GRU and rows',
    ['gru', 'lstm', 'dense-linear', 'gru-before'],
    { hidden: [16, 12, 10, 8], patterns: HALVES },
    { macs: 48, slices: 3, cellLanes: 4 },
    { slices: 3 },
  ],
  [
    'gates of an LSTM in turn, smaller blocks within blocks',
    ['lstm'],
    {
      ...{ inputs: 24, hidden: [32], projection: [16] },
      patterns: [
        {
          kind: 'hcgs',
          blocks: [8, 4],
          keep: [
            { k: 1, n: 2 },
            { k: 1, n: 2 },
          ],
        },
      ],
    },
    { macs: 16, slices: 1, sumSlots: 3 },
    {},
  ],
  ['rows of a GRU in four slices', ['gru', 'dense-tanh'], { hidden: [9, 11] }, { slices: 4 }, {}],
  [
    'two of them, sparse, above an LSTM',
    ['lstm', 'gru-before', 'gru-before'],
    { hidden: [16, 16, 8], patterns: HALVES, sharing: 'per-gate' },
    { macs: 32 },
    { slices: 4 },
  ],
];

describe('a design of layers of several kinds', () => {
  test.each(CASES)('%s: exact, in the cycles predicted', async (_, cells, options, design, has) => {
    const model = modelOf(cells, options);
    const { configuration: c } = planDesign(model, { name: 'dut', ...design });
    expect(c).toMatchObject(has);
    expect(hazards(orderOf(c, model))).toEqual([]);
    expectExact(await simulate(c, model, { frames: 12, seed: 3, protocol: true }));
  });

  test('takes the slices that are asked for, or says which there are', () => {
    const gru = modelOf(['gru'], { hidden: [16] });
    const plan = (options: Partial<DesignOptions>) =>
      planDesign(gru, { name: 'dut', ...options }).configuration;
    expect(plan({}).slices).toBe(3);
    expect(plan({ macs: 48 }).slices).toBe(3);
    expect(plan({ macs: 64 }).slices).toBe(1);
    expect(plan({ macs: 64, slices: 4 }).slices).toBe(4);
    expect(plan({ slices: 2 }).slices).toBe(2);
    expect(() => plan({ slices: 5 })).toThrow('--slices: expected 1 to 4, got 5');
    const lstm = modelOf(['lstm'], { hidden: [16] });
    expect(() => planDesign(lstm, { name: 'dut', slices: 1, cellCycles: 18 })).toThrow(
      '--slices: expected 4 with --cell-cycles 18, got 1',
    );
  });

  test('takes no layer of one operand where it was made for none, though lanes fit', () => {
    const plan = (cell: DrawnCell) => {
      const model = modelOf([cell, 'lstm'], { hidden: [8, 8] });
      return { model, ...planDesign(model, { name: 'dut', macs: 16 }) };
    };
    const [recurrent, single] = [plan('rnn-tanh'), plan('dense-tanh')];
    expect(() => checkContract(recurrent.configuration, single.model)).toThrow(
      'cells is lstm, rnn-tanh, the model needs lstm, dense-tanh',
    );
  });

  test('has as many lanes as rows that take turns', () => {
    const model = modelOf(['lstm', 'dense-relu'], { hidden: [16, 16] });
    expect(() => planDesign(model, { name: 'dut', macs: 64, tileRows: 4, cellLanes: 1 })).toThrow(
      'no tile with these options makes 64 MACs',
    );
  });
});
