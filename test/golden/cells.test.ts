import { describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { type DrawnCell, randomModel } from '../../generator/network/random.js';
import { clippedModel } from '../support/clipped.js';
import { integerCells } from '../support/integer-cells.js';

const SEEDS = Array.from({ length: 12 }, (_, n) => 500 + n);

const KINDS: readonly (readonly [string, DrawnCell, DrawnCell])[] = [
  ['gru', 'gru', 'gru'],
  ['rnn-tanh', 'rnn-tanh', 'rnn-tanh'],
  ['rnn-relu', 'rnn-relu', 'rnn-relu'],
  ['fully connected', 'dense-tanh', 'dense-sigmoid'],
  ['fully connected and clamped', 'dense-relu', 'dense-linear'],
  ['lstm and dense-relu', 'lstm', 'dense-relu'],
  ['dense-linear and lstm', 'dense-linear', 'lstm'],
  ['gru-before', 'gru-before', 'gru-before'],
  ['lstm with peepholes', 'lstm-peephole', 'lstm-peephole'],
  ['lstm', 'lstm', 'lstm'],
  ['gru-relu', 'gru-relu', 'gru-relu'],
  ['gru-relu-before', 'gru-relu-before', 'dense-tanh'],
];

describe.each(KINDS)('the golden model of %s layers', (_, cell, above) => {
  it.each(SEEDS)('agrees with a second reading of the formulas, seed %i', (seed) => {
    // every second time with sums that are clipped, or values that end at a ceiling
    const clips = seed % 4 < 2;
    const random = new Random(seed);
    const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
    const words = {
      weight: pick([3, 6, 8]),
      activation: pick([6, 10, 13, 16]),
      cell: pick([12, 16, 24]),
      bias: pick([8, 16, 20]),
    };
    const drawn = randomModel({
      ...{ cell: [cell, above], words, seed, inputs: random.between(1, 7), outputs: pick([0, 3]) },
      ...{
        hidden: pick([
          [5, 3],
          [6, 4],
        ]),
        sharing: 'shared',
        initialState: seed % 2 === 0,
      },
      ...{ tableBits: pick([12, 14, 16]), patterns: [null] },
    });
    // every third with sums that are far beyond the table, so that all that can saturate does
    const limit = 2 ** (words.activation - 1);
    const clamped = { range: { low: -limit / 4, high: limit / 2 } };
    const loud = seed % 3 === 0 ? 4 : 0;
    const model = {
      ...drawn,
      passes: (clips ? clippedModel(drawn, random) : drawn).passes.map((pass) => ({
        ...pass,
        ...(pass.range === undefined && pass.cell === 'dense-linear' && clamped),
        operands: pass.operands.map((one) => ({
          ...one,
          matrix: { ...one.matrix, exponent: one.matrix.exponent - loud },
        })),
      })),
    };
    const frames = Array.from({ length: 12 }, () =>
      Array.from({ length: model.input.length }, () => random.between(-limit, limit - 1)),
    );
    const golden = new GoldenNetwork(model);
    golden.reset();
    const wanted = integerCells(model, frames);
    frames.forEach((frame, t) => {
      const { layers, outputs } = golden.step(Int32Array.from(frame));
      const expected = wanted[t] as (typeof wanted)[number];
      layers.forEach(({ sums, state, value }, l) => {
        const own = expected.layers[l] as (typeof expected.layers)[number];
        expect([...sums].map(BigInt)).toEqual(own.sums);
        expect(state === null ? null : [...state].map(BigInt)).toEqual(own.state);
        expect([...value].map(BigInt)).toEqual(own.h);
      });
      expect([...outputs].map(BigInt)).toEqual(expected.outputs);
    });
  });

  it('reaches the ends of its words', () => {
    const model = randomModel({
      ...{ cell, inputs: 6, hidden: [12], outputs: 0, sharing: 'shared', seed: 3 },
      words: { weight: 6, activation: 8, cell: 9, bias: 16 },
      patterns: [null],
    });
    const golden = new GoldenNetwork(model);
    golden.reset();
    const random = new Random(4);
    for (let t = 0; t < 200; t++) {
      golden.step(Int32Array.from({ length: 6 }, () => random.between(-128, 127)));
    }
    const { gateInput, hidden } = golden.saturations;
    expect(/lstm|gru/.test(cell) ? gateInput : gateInput + hidden).toBeGreaterThan(0);
  });
});
