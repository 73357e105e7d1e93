import { UserError } from '../../generator/base/errors.js';
import { Random } from '../../generator/base/random.js';
import type { Model, ModelOperand } from '../../generator/network/model.js';
import { checkPasses } from '../../generator/network/pass-checks.js';
import { randomModel } from '../../generator/network/random.js';

/**
 * A network whose passes read any vectors that they may: of passes further down, of the frame before from passes
 * further up. All vectors but the last have one length. The same seed gives the same network.
 */
export function randomProgram(seed: number): Model {
  const random = new Random(seed);
  const size = random.between(1, 9);
  const hidden = Array.from({ length: random.between(2, 4) }, () => size);
  const stack = randomModel({
    inputs: size,
    hidden,
    patterns: [{ kind: 'hcgs', blocks: [2], keep: [{ k: 1, n: 2 }] }],
    sharing: random.below(2) === 0 ? 'shared' : 'per-gate',
    outputs: random.below(3),
    words: { weight: 6, activation: 9, cell: 12, bias: 10 },
    initialState: seed % 2 === 1,
    seed: random.below(2 ** 30),
  });
  const input = { length: size, fraction: 8 - random.below(3) };
  for (;;) {
    const passes = stack.passes.map((pass, n) => ({
      ...pass,
      operands: pass.operands.map(({ matrix }): ModelOperand => {
        const old = random.below(2) === 0 && n < hidden.length;
        if (old) return { vectors: [random.between(n + 1, hidden.length)], age: 1, matrix };
        return { vectors: [random.between(0, n)], age: 0, matrix };
      }),
    }));
    const model = { ...stack, input, passes };
    if (fits(model)) return model;
  }
}

/** Whether every vector is read by somebody. */
function fits(model: Model): boolean {
  try {
    checkPasses(model);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return false;
  }
}
