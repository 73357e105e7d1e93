import { Random } from '../../generator/base/random.js';
import type { FloatModel } from '../../generator/network/float/model.js';
import type { RealFrames } from '../../generator/network/float/run.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { equalLengths } from '../../generator/network/utterances.js';
import { stackOf } from './stack.js';

/** The float network that a compressed model stands for, exactly. */
export function floatOf(model: Model): FloatModel {
  const { layers, output } = stackOf(model);
  const real = (codes: ArrayLike<number>, fraction: number) =>
    Float64Array.from(codes, (code) => code * 2 ** -fraction);
  const weights = (name: string, { codes, exponent }: SparseMatrix) => ({
    name,
    values: real(codes, exponent),
  });
  return {
    layers: layers.map(({ cell, inputs, cells, x, h, bias, biasFraction }, l) => ({
      cell,
      inputs,
      cells,
      x: weights(`lstm.weight_ih_l${l}`, x),
      h: weights(`lstm.weight_hh_l${l}`, h),
      bias: { name: `lstm.bias_l${l}`, values: real(bias, biasFraction) },
    })),
    output: output && {
      inputs: output.inputs,
      outputs: output.outputs,
      weights: weights('fc.weight', output.weights),
      bias: { name: 'fc.bias', values: real(output.bias, output.biasFraction) },
    },
  };
}

/** Frames of real values, uniform in [-1, 1). */
export function realFrames(
  size: { readonly utterances: number; readonly frames: number; readonly inputs: number },
  seed: number,
  largest = 1,
): RealFrames {
  const random = new Random(seed);
  const { utterances, frames, inputs } = size;
  const length = utterances * frames * inputs;
  const values = Float64Array.from({ length }, () => largest * (2 * random.unit() - 1));
  return { lengths: equalLengths(utterances, frames), inputs, values };
}

/** A dense network of random weights in [-1, 1), which no short word holds, with an output layer. */
export function randomFloat(
  size: { readonly inputs: number; readonly cells: readonly number[]; readonly outputs: number },
  seed: number,
): FloatModel {
  const random = new Random(seed);
  const tensor = (name: string, length: number) => ({
    name,
    values: Float64Array.from({ length }, () => 2 * random.unit() - 1),
  });
  const layers = size.cells.map((cells, l) => {
    const inputs = l === 0 ? size.inputs : (size.cells[l - 1] as number);
    return {
      cell: 'lstm' as const,
      inputs,
      cells,
      x: tensor(`lstm.weight_ih_l${l}`, 4 * cells * inputs),
      h: tensor(`lstm.weight_hh_l${l}`, 4 * cells * cells),
      bias: tensor(`lstm.bias_l${l}`, 4 * cells),
    };
  });
  const inputs = size.cells.at(-1) as number;
  const { outputs } = size;
  return {
    layers,
    output: {
      inputs,
      outputs,
      weights: tensor('fc.weight', outputs * inputs),
      bias: tensor('fc.bias', outputs),
    },
  };
}
