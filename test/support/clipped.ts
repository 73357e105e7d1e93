import type { Random } from '../../generator/base/random.js';
import { cellOf } from '../../generator/network/cells/registry.js';
import type { Model, ModelPass } from '../../generator/network/model.js';

/**
 * The model with a clip in each pass that may have one, of its own or of none at all: from a few steps of a table input to the last
 * one; in place of it a ceiling where a pass has a ReLU. Passes of one layer clip alike.
 */
export function clippedModel(model: Model, random: Random): Model {
  const { inputBits } = model.tables.scheme;
  const last = 2 ** (inputBits - 1) - 1;
  let before: number | undefined;
  const passes = model.passes.map((pass, n): ModelPass => {
    const { clips, range, behind } = cellOf(pass.cell);
    if (range === 'positive') {
      const most = 2 ** (model.words.activation - 1) - 1;
      return { ...pass, range: { low: 0, high: random.between(1, most) } };
    }
    if (clips !== true) return pass;
    const drawn = Math.min(last, Math.floor(2 ** (random.unit() * inputBits)));
    const own = n % 3 === 2 ? undefined : drawn;
    before = behind === undefined ? own : before;
    return before === undefined ? pass : { ...pass, clip: before };
  });
  return { ...model, passes };
}
