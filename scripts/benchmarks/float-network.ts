import { Random } from '../../generator/base/random.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import type { PatternSpec } from '../../generator/sparsity/registry.js';

/** Gates of a GRU. */
const GATES = 3;

/**
 * A state_dict of a GRU with `hidden` cells in each layer, float32, whose zeros are those of patterns drawn for each gate by itself: what a
 * trained network looks like to a program that is told nothing of it.
 */
export function sparseGru(
  inputs: number,
  hidden: readonly number[],
  spec: PatternSpec,
  seed: number,
): Uint8Array {
  const random = new Random(seed);
  const tensors = new Map<string, Tensor>();
  const add = (name: string, shape: readonly number[], values: Float32Array) =>
    tensors.set(name, { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) });
  hidden.forEach((rows, l) => {
    for (const [name, columns] of [
      ['ih', hidden[l - 1] ?? inputs],
      ['hh', rows],
    ] as const) {
      const values = new Float32Array(GATES * rows * columns);
      for (let gate = 0; gate < GATES; gate++) {
        const { kept } = keptMask(patternKind(spec).draw({ rows, columns }, spec, random));
        for (let at = 0; at < kept.length; at++) {
          if (kept[at] === 1) values[gate * kept.length + at] = weight(random);
        }
      }
      add(`rnn.weight_${name}_l${l}`, [GATES * rows, columns], values);
      const bias = Float32Array.from({ length: GATES * rows }, () => weight(random));
      add(`rnn.bias_${name}_l${l}`, [GATES * rows], bias);
    }
  });
  return writeSafetensors({ metadata: {}, tensors });
}

/** From -0.1 to 0.1, never zero. */
function weight(random: Random): number {
  return 0.1 * (2 * random.unit() - 1) || 0.1;
}
