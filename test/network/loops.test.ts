import { describe, expect, it } from 'vitest';
import { checkRunnable } from '../../generator/accelerator/plan/runnable.js';
import { directionsOf } from '../../generator/network/directions.js';
import { loopsOf, partsOf, runsBackward } from '../../generator/network/loops.js';
import type { Model, ModelPass } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { ordersByUse } from '../../generator/network/unit-order.js';
import { allForward } from '../support/directed.js';
import { refusal } from '../support/refusal.js';

const draw = (options: Partial<RandomOptions>): Model =>
  randomModel({
    ...{ inputs: 4, hidden: [6, 4], outputs: 3, sharing: 'shared', seed: 1, patterns: [null] },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    bidirectional: 'concat',
    ...options,
  });

/** The model with fields of one pass changed. */
const withPass = (model: Model, n: number, change: Partial<ModelPass>): Model => ({
  ...model,
  passes: model.passes.map((pass, p) => (p === n ? { ...pass, ...change } : pass)),
});

/** A pass on vectors by number, of ages. */
const pass = (...operands: readonly (readonly [number, 0 | 1])[]) => ({
  operands: operands.map(([vector, age]) => ({ vectors: [vector], age })),
});

describe('loops', () => {
  it('are the passes that need each other a step later', () => {
    const passes = [
      pass([0, 0]),
      pass([1, 0], [3, 1]),
      pass([2, 0]),
      pass([3, 0], [4, 1]),
      pass([4, 0]),
    ];
    expect(loopsOf(passes)).toEqual([
      { first: 1, last: 2 },
      { first: 3, last: 3 },
    ]);
    expect(partsOf(passes)).toEqual([
      { first: 0, last: 0 },
      { first: 1, last: 2 },
      { first: 3, last: 3 },
      { first: 4, last: 4 },
    ]);
  });

  it('that overlap are one', () => {
    const passes = [pass([0, 0], [2, 1]), pass([1, 0], [3, 1]), pass([2, 0], [3, 1]), pass([3, 0])];
    expect(loopsOf(passes)).toEqual([{ first: 0, last: 2 }]);
  });

  it('of layers of two passes are these, direction by direction', () => {
    for (const options of [{ cell: 'gru-before' }, { projection: [3] }] as const) {
      expect(loopsOf(draw({ ...options, hidden: [6] }).passes)).toEqual([
        { first: 0, last: 1 },
        { first: 2, last: 3 },
      ]);
    }
  });
});

describe('directions', () => {
  it('are those of layers, both of which make one', () => {
    const model = draw({ cell: 'gru-before', hidden: [6] });
    const both = { direction: 'forward', bidirectional: true } as const;
    const back = { direction: 'backward', bidirectional: true } as const;
    const one = { direction: 'forward', bidirectional: false } as const;
    expect(runsBackward(model)).toBe(true);
    expect(directionsOf(programOf(model).passes)).toEqual([both, both, back, back, one]);
    expect(directionsOf(model.passes)).toEqual([both, both, back, back, one]);
    const forward = allForward(model);
    expect(runsBackward(forward)).toBe(false);
    expect(directionsOf(forward.passes)).toEqual([one, one, one, one, one]);
  });

  it('of layers on each other, or of other sizes, are no bidirectional layer', () => {
    const stack = withPass(
      withPass(draw({ bidirectional: undefined, hidden: [4, 4] }), 1, { direction: 'backward' }),
      1,
      { aligned: false },
    );
    expect(directionsOf(stack.passes).map(({ bidirectional }) => bidirectional)).toEqual([
      ...[false, false, false],
    ]);
  });

  it('leave the order of hidden units side by side as it is', () => {
    const block = { kind: 'hcgs', blocks: [2], keep: [{ k: 1, n: 2 }] } as const;
    const model = draw({ cell: 'rnn-tanh', hidden: [8, 8], patterns: [block] });
    expect(ordersByUse(model)).toBeNull();
  });
});

describe('directions that mean nothing are refused, by the part', () => {
  const single = draw({ hidden: [6] });
  const pair = draw({ cell: 'gru-before', hidden: [6] });
  const loop = draw({ projection: [3], hidden: [6] });
  const shared = (pass: string) => `, as pass.${pass}, with which it shares its steps`;
  it.each<[string, Model, string, string, string]>([
    [
      'backward without a step before',
      withPass(single, 2, { direction: 'backward' }),
      'pass.2.direction',
      'none, as the pass reads nothing of the step before',
      'backward',
    ],
    [
      'out of line with the frames and forward',
      withPass(single, 0, { aligned: false }),
      'pass.0.aligned',
      'none, as the pass does not run backward',
      'false',
    ],
    [
      'half of a GRU of two passes',
      withPass(pair, 3, { direction: undefined }),
      'pass.3.direction',
      `backward${shared('2')}`,
      'none',
    ],
    [
      'the other half of one',
      withPass(pair, 1, { direction: 'backward' }),
      'pass.1.direction',
      `none${shared('0')}`,
      'backward',
    ],
    [
      'a projection out of line with its LSTM',
      withPass(loop, 3, { aligned: false }),
      'pass.3.aligned',
      `none${shared('2')}`,
      'false',
    ],
    [
      'an LSTM out of line with its projection',
      withPass(loop, 2, { aligned: false }),
      'pass.3.aligned',
      `false${shared('2')}`,
      'none',
    ],
  ])('%s', (_, model, field, expected, got) => {
    expect(refusal(() => programOf(model))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field, expected, got },
    });
  });

  it('and a design that takes frames as they come', () => {
    expect(refusal(() => checkRunnable(programOf(single)))).toMatchObject({
      code: 'DESIGN_PROGRAM',
      field: 'pass.1.direction',
      expected: 'a design of --order sequence with --max-frames',
      got: 'a pass that runs backward',
    });
    expect(() => checkRunnable(programOf(allForward(single)))).not.toThrow();
  });
});
