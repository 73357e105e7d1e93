import { describe, expect, it } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { checkContract } from '../../generator/accelerator/plan/contract.js';
import { checkModel } from '../../generator/network/compressed-model.js';
import type { Model, ModelOperand } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { refusal } from '../support/refusal.js';
import { stackOf, withStack } from '../support/stack.js';

const model = randomModel({
  inputs: 8,
  hidden: [8, 8, 8],
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  sharing: 'shared',
  outputs: 4,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});
const { configuration } = planDesign(model, { name: 'dut', macs: 16 });

function withOperands(
  pass: number,
  change: (operands: readonly ModelOperand[]) => readonly ModelOperand[],
): Model {
  const passes = model.passes.map((own, n) =>
    n === pass ? { ...own, operands: change(own.operands) } : own,
  );
  return { ...model, passes };
}

const exchanged = (pass: number) => withOperands(pass, (operands) => operands.toReversed());

/** The output layer with the pattern of a recurrent one. */
function sparseOutput(): Model {
  const { layers, output } = stackOf(model);
  if (output === null) throw new Error('no output layer');
  const { patterns, codes } = layers[2]?.x ?? output.weights;
  const weights = { ...output.weights, rows: 8, patterns, codes: codes.slice(0, 64) };
  const top = { ...output, outputs: 8, weights, bias: new Int32Array(8) };
  return withStack(model, { layers, output: top });
}

describe('a program that the network allows and the hardware does not run is refused', () => {
  it.each<[string, Model, string, string, string]>([
    [
      'h of this frame',
      withOperands(1, ([x, h]) => [x, { ...h, vectors: [1], age: 0 }] as readonly ModelOperand[]),
      'pass.1.h',
      'what a pass wrote a frame ago',
      'vector 1 of age 0',
    ],
    [
      'x and h exchanged',
      exchanged(1),
      'pass.1.x',
      'the input, or what a pass wrote in this frame',
      'vector 2 of age 1',
    ],
    [
      'a sparse output layer',
      sparseOutput(),
      'pass.3.x',
      'a dense matrix, where exact sums leave',
      'a sparse one',
    ],
  ])('%s', (_, changed, field, expected, got) => {
    for (const work of [
      () => planDesign(changed, { name: 'dut', macs: 16 }),
      () => checkContract(configuration, changed),
    ]) {
      expect(refusal(work)).toMatchObject({ code: 'DESIGN_PROGRAM', field, expected, got });
    }
  });

  it('h of a layer further up, a frame ago, is none of them', () => {
    planDesign(
      withOperands(1, ([x, h]) => [x, { ...h, vectors: [3] }] as readonly ModelOperand[]),
      { name: 'dut', macs: 16 },
    );
  });

  it('a sparse output layer is a model all the same', () => {
    checkModel(sparseOutput());
  });
});
