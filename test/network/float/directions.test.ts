import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import type { FloatModel } from '../../../generator/network/float/model.js';
import { floatOutputSteps } from '../../../generator/network/float/outputs.js';
import { FloatNetwork, type RealFrames } from '../../../generator/network/float/run.js';
import { framesIn } from '../../../generator/network/utterances.js';
import {
  bidirectional,
  directed,
  identityOf,
  TORCH_CELLS,
  type TorchCell,
  torchSteps,
  type Way,
} from '../../support/float-directions.js';
import { refusal } from '../../support/refusal.js';

/** Frames of utterances of several lengths, uniform in [-1, 1). */
function framesOf(inputs: number, lengths: readonly number[], seed: number): RealFrames {
  const random = new Random(seed);
  const own = { lengths: Int32Array.from(lengths), inputs };
  const values = Float64Array.from({ length: framesIn(own) * inputs }, () => 2 * random.unit() - 1);
  return { ...own, values };
}

function utterances({ lengths, inputs, values }: RealFrames): number[][][] {
  let at = 0;
  return Array.from(lengths, (length) =>
    Array.from({ length }, () => {
      at += inputs;
      return [...values.subarray(at - inputs, at)];
    }),
  );
}

/** What a layer makes of an utterance, at the places where it stands. */
function placed(
  cell: TorchCell,
  layers: FloatModel['layers'],
  way: Way,
  frames: readonly number[][],
): number[][] {
  if (way === 'forward') return torchSteps(cell, layers, frames);
  const steps = torchSteps(cell, layers, [...frames].reverse());
  return way === 'steps' ? steps : steps.reverse();
}

const outputs = (model: FloatModel, frames: RealFrames) =>
  atOnce(floatOutputSteps(model, frames)).outputs;

describe.each(TORCH_CELLS)('the float network of %s layers', (cell) => {
  const of = cell === 'lstm-proj' ? 2 : 3;

  it.each([
    ['backward', 'both side by side'],
    ['steps', 'the reverse one as h_n has it, on the last frame'],
  ] as const)('with a %s one beside a forward one is %s', (way, _) => {
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed);
      const size = { inputs: 4, cells: 3 };
      const forward = directed(cell, 'forward', size, [-1], random);
      const reverse = directed(cell, way, size, [-1], random);
      const from = [forward.length - 1, 2 * forward.length - 1];
      const layers = [...forward, ...reverse, identityOf(2 * of, from)];
      const frames = framesOf(4, [1, 6, 3], seed);
      const got = outputs({ layers, output: null }, frames);
      const wanted = utterances(frames).flatMap((one) => {
        const [f, b] = [placed(cell, forward, 'forward', one), placed(cell, reverse, way, one)];
        return f.flatMap((h, t) => [...h, ...(b[t] as number[])]);
      });
      expect(got).toHaveLength(wanted.length);
      wanted.forEach((value, i) => {
        expect(got[i]).toBeCloseTo(value, 12);
      });
      // the value of the first frame stands at the last one
      if (way !== 'steps') return;
      const [, one = []] = utterances(frames);
      const [reversed] = torchSteps(cell, reverse, [...one].reverse()).slice(-1) as number[][];
      const last = got.subarray(7 * 2 * of - of, 7 * 2 * of);
      last.forEach((value, i) => {
        expect(value).toBeCloseTo(reversed?.[i] as number, 12);
      });
    }
  });

  it('on each other reads both directions of the one below', () => {
    const model = bidirectional(cell, { inputs: 3, cells: [3, 4], outputs: 2 }, 11);
    const parts = model.layers.length / 4;
    const layer = (n: number) => model.layers.slice(n * parts, (n + 1) * parts);
    const frames = framesOf(3, [5, 1, 9], 4);
    const wanted = utterances(frames).flatMap((one) => {
      const both = (f: number, read: number[][]) => {
        const down = placed(cell, layer(f + 1), 'backward', read);
        return placed(cell, layer(f), 'forward', read).map((h, t) => [...h, ...(down[t] ?? [])]);
      };
      const { weights, bias, inputs } = model.output as NonNullable<FloatModel['output']>;
      return both(2, both(0, one)).flatMap((h) =>
        [0, 1].map((row) =>
          h.reduce(
            (sum, value, k) => sum + value * (weights.values[row * inputs + k] as number),
            bias.values[row] as number,
          ),
        ),
      );
    });
    const got = outputs(model, frames);
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 11);
    });
  });

  it('is the same over whole utterances and frame by frame where time goes forward', () => {
    const random = new Random(5);
    const layers = directed(cell, 'forward', { inputs: 4, cells: 3 }, undefined, random);
    const [whole, single] = [0, 1].map(() => new FloatNetwork({ layers, output: null }));
    const [one = []] = utterances(framesOf(4, [6], 6));
    const frames = one.map((frame) => Float64Array.from(frame));
    const got = whole?.utterance(frames);
    expect(got).toEqual(frames.map((frame) => single?.step(frame)));
    // whatever was run before
    expect(whole?.utterance(frames)).toEqual(got);
  });
});

describe('a float network', () => {
  it('with a backward layer needs whole utterances', () => {
    const layers = directed('gru', 'backward', { inputs: 2, cells: 3 }, undefined, new Random(1));
    const network = new FloatNetwork({ layers, output: null });
    expect(() => network.step(new Float64Array(2))).toThrow('a layer runs backward');
  });

  it('of directions that mean nothing is refused', () => {
    const layers = directed(
      'lstm-proj',
      'backward',
      { inputs: 2, cells: 3 },
      undefined,
      new Random(1),
    );
    const changed = layers.map((layer, l) =>
      l === 1 ? { ...layer, direction: undefined } : layer,
    );
    expect(refusal(() => new FloatNetwork({ layers: changed, output: null }))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field: 'layer.1.direction', got: 'none' },
    });
  });
});
