import type { Model, ModelOperand, ModelPass } from '../../generator/network/model.js';
import { type RandomPattern, randomModel } from '../../generator/network/random.js';

/** The model, one pass of it on those vectors side by side in place of what it reads as x. */
export function reading(
  model: Model,
  pass: number,
  vectors: readonly number[],
  pattern: RandomPattern = null,
  seed = 5,
): Model {
  const lengths = [model.input.length, ...model.passes.map(({ rows }) => rows)];
  const own = model.passes[pass] as ModelPass;
  const [, ...others] = own.operands;
  const { matrix: before } = own.operands[0] as ModelOperand;
  const gates = before.codes.length / before.rows / before.columns;
  const drawn = randomModel({
    // a matrix of as many gates
    cell: ({ 1: 'dense-linear', 2: 'gru-before', 3: 'gru', 4: 'lstm' } as const)[gates] ?? 'lstm',
    inputs: vectors.reduce((sum, vector) => sum + (lengths[vector] as number), 0),
    hidden: [before.rows],
    ...{ outputs: 0, patterns: [pattern], sharing: before.sharing, words: model.words, seed },
  });
  const [first] = drawn.passes as readonly [ModelPass];
  const { matrix } = first.operands[0] as ModelOperand;
  const operands = [{ vectors, age: 0 as const, matrix }, ...others];
  return {
    ...model,
    passes: model.passes.map((one, n) => (n === pass ? { ...own, operands } : one)),
  };
}
