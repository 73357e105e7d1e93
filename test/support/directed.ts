import type { Random } from '../../generator/base/random.js';
import type { Frames } from '../../generator/network/frames.js';
import { loopsOf } from '../../generator/network/loops.js';
import type { Model } from '../../generator/network/model.js';
import { framesIn } from '../../generator/network/utterances.js';

/** The model with some of its loops backward, some of them out of line with the frames; a half of the draws changes nothing else. */
export function redirected(model: Model, random: Random): Model {
  const loops = loopsOf(model.passes).map((loop) => {
    const backward = random.below(3) > 0;
    return { ...loop, backward, aligned: !backward || random.below(2) === 0 };
  });
  return {
    ...model,
    passes: model.passes.map(({ direction: _, aligned: __, ...pass }, n) => {
      const own = loops.find(({ first, last }) => first <= n && n <= last);
      return {
        ...pass,
        ...(own?.backward && { direction: 'backward' as const }),
        ...(own?.aligned === false && { aligned: false as const }),
      };
    }),
  };
}

/** The same network with every pass forward. */
export function allForward(model: Model): Model {
  return {
    ...model,
    passes: model.passes.map(({ direction: _, aligned: __, ...pass }) => pass),
  };
}

/** Frames of utterances of those lengths, codes uniform over their word. */
export function codesFor(model: Model, lengths: readonly number[], random: Random): Frames {
  const { length: inputs } = model.input;
  const half = 2 ** (model.words.activation - 1);
  const own = { lengths: Int32Array.from(lengths), inputs };
  const codes = Int32Array.from({ length: framesIn(own) * inputs }, () =>
    random.between(-half, half - 1),
  );
  return { ...own, codes, saturated: 0 };
}

/** The utterances of frames, each a list of frames. */
export function utterancesIn({ lengths, inputs, codes }: Frames): readonly number[][][] {
  let at = 0;
  return Array.from(lengths, (length) =>
    Array.from({ length }, () => {
      const frame = [...codes.subarray(at, at + inputs)];
      at += inputs;
      return frame;
    }),
  );
}
