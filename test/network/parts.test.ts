import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import type { Model } from '../../generator/network/model.js';
import { cutsOf, partOf, partsOf } from '../../generator/network/parts.js';
import { programOf } from '../../generator/network/program.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { randomProgram } from '../support/random-program.js';

const base = {
  inputs: 3,
  patterns: [null],
  sharing: 'shared',
  outputs: 0,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;
const network = (own: Partial<RandomOptions> & Pick<RandomOptions, 'hidden'>) =>
  randomModel({ ...base, ...own });

describe('a network is cut', () => {
  test('between layers on each other, and in front of an output layer', () => {
    expect(cutsOf(network({ hidden: [4, 5, 6], outputs: 2 }))).toEqual([1, 2, 3]);
  });

  test('not within a layer of two passes', () => {
    expect(cutsOf(network({ cell: 'gru-before', hidden: [4, 5] }))).toEqual([2]);
    expect(cutsOf(network({ hidden: [4, 5], projection: [2, 3] }))).toEqual([2]);
  });

  const stack = network({ hidden: [4, 4, 4, 4] });
  /** The stack with other vectors read by the operand `o` of a pass. */
  const reading = (pass: number, o: number, vectors: readonly number[], age: 0 | 1): Model => ({
    ...stack,
    passes: stack.passes.map((own, n) =>
      n !== pass
        ? own
        : {
            ...own,
            operands: own.operands.map((op, i) => (i === o ? { ...op, vectors, age } : op)),
          },
    ),
  });

  test('not where something behind reads what is before the last vector', () => {
    expect(cutsOf(reading(3, 0, [1], 0))).toEqual([1]);
  });

  test('not in a loop of passes that read what others wrote a frame ago', () => {
    expect(cutsOf(reading(1, 1, [3], 1))).toEqual([1, 3]);
  });

  test('not where its vector is read of the frame before', () => {
    expect(cutsOf(reading(2, 1, [2], 1))).toEqual([1, 3]);
  });

  test('not where its vector is read beside another', () => {
    expect(cutsOf(reading(2, 0, [2, 3], 0))).toEqual([1, 3]);
  });

  test('nowhere, where there is one pass', () => {
    expect(cutsOf(network({ hidden: [4] }))).toEqual([]);
  });
});

describe('parts of a network', () => {
  const seeds = Array.from({ length: 150 }, (_, n) => n + 1);

  test('compute one behind the other what the whole computes', () => {
    let cut = 0;
    for (const seed of seeds) {
      const model = randomProgram(seed);
      const cuts = cutsOf(model);
      cut += cuts.length;
      const whole = new GoldenNetwork(model);
      const parts = partsOf(model, cuts).map((part) => new GoldenNetwork(part));
      const random = new Random(seed);
      const half = 2 ** (model.words.activation - 1);
      for (let frame = 0; frame < 4; frame++) {
        const x = Int32Array.from({ length: model.input.length }, () =>
          random.between(-half, half - 1),
        );
        if (frame === 2) for (const one of [whole, ...parts]) one.reset();
        let between = x;
        let outputs = new Float64Array();
        for (const part of parts) {
          outputs = Float64Array.from(part.step(between).outputs);
          between = Int32Array.from(outputs);
        }
        expect(outputs, `seed ${seed}, frame ${frame}`).toEqual(
          Float64Array.from(whole.step(x).outputs),
        );
      }
    }
    expect(cut).toBeGreaterThan(50);
  });

  test('have the binary points of the whole', () => {
    const model = network({ cell: ['dense-relu', 'rnn-relu', 'lstm'], hidden: [4, 5, 6] });
    const points = programOf(model).passes.map(({ writes, align }) => [writes.fraction, align]);
    const own = partsOf(model, [1, 2]).flatMap((part) =>
      programOf(part).passes.map(({ writes, align }) => [writes.fraction, align]),
    );
    expect(own).toEqual(points);
  });

  test('are the network itself where it is not cut', () => {
    const model = network({ hidden: [4, 5] });
    expect(partOf(model, 0, 2)).toBe(model);
  });
});
