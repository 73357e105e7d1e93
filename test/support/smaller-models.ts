import type { Configuration } from '../../generator/accelerator/index.js';
import { Random } from '../../generator/base/random.js';
import type { Model } from '../../generator/network/model.js';
import { type RandomPattern, randomModel } from '../../generator/network/random.js';
import { hcgsOf } from './hcgs-of.js';
import { type LayerView, stackOf, withStack } from './stack.js';

/** A random network that a design made for another one may hold, and what it was drawn from. */
export interface SmallerModel {
  readonly label: string;
  readonly model: Model;
}

/**
 * Draws a network of the word lengths of `base`, with at most its layers and sizes, that likely fits a design
 * made for `base`: its patterns with fewer blocks or fewer levels; or other patterns, dense, of one level
 * or two, which often do not fit. Half of them with binary points of their own.
 */
export function smallerModel(base: Model, c: Configuration, seed: number): SmallerModel {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const some = (most: number): number => random.between(1, most);
  const { layers: own, output } = stackOf(base);
  const layers = some(own.length);
  const hidden = Array.from({ length: layers }, (_, l) => {
    const { cells } = own[pick([l, l, own.length - 1])] as LayerView;
    return random.below(3) === 0 ? cells : some(cells);
  });
  const fewer = (layer: LayerView): RandomPattern => {
    const { blocks, keep } = hcgsOf(pick([layer.x, layer.h]).patterns[0]);
    const from = random.below(4) === 0 ? random.below(blocks.length + 1) : 0;
    return {
      kind: 'hcgs',
      blocks: blocks.slice(from),
      keep: keep.slice(from).map((k) => ({ k: some(k), n: Math.max(k, 8) })),
    };
  };
  const other = (): RandomPattern => {
    const inner = Math.max(c.tileRows, c.tileColumns) * some(4);
    const blocks = pick([[], [inner], [inner * random.between(2, 3), inner]]);
    return { kind: 'hcgs', blocks, keep: blocks.map(() => ({ k: some(4), n: 4 })) };
  };
  const patterns = hidden.map((_, l) =>
    random.below(4) === 0 ? other() : fewer(own[l] as LayerView),
  );
  const sharing = c.perGate && random.below(2) === 0 ? ('per-gate' as const) : ('shared' as const);
  const drawn = {
    inputs: some(own[0]?.inputs as number),
    hidden,
    patterns,
    sharing,
    outputs: output === null ? 0 : some(output.outputs),
    words: base.words,
    seed: random.below(2 ** 30),
  };
  const model = randomModel(drawn);
  const moved = random.below(2) === 0 ? model : movePoints(model, random);
  return { label: JSON.stringify({ ...drawn, moved: moved !== model }), model: moved };
}

/** The same codes with other binary points. */
function movePoints(model: Model, random: Random): Model {
  const by = (): number => random.between(-2, 1);
  const { layers, output } = stackOf(model);
  const input = { ...model.input, fraction: model.input.fraction + by() };
  return withStack(
    { ...model, input },
    {
      layers: layers.map((l) => ({
        ...l,
        x: { ...l.x, exponent: l.x.exponent + by() },
        h: { ...l.h, exponent: l.h.exponent + by() },
        biasFraction: l.biasFraction + by(),
        cellFraction: l.cellFraction + by(),
      })),
      output: output && { ...output, biasFraction: output.biasFraction + by() },
    },
  );
}
