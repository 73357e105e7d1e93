import type { FloatLayer, FloatMatrix } from '../float/model.js';
import { alone, type Below, copyLayer, type Merge, readingOf, widthOf } from './both-directions.js';

/** Layers of the hardware one above the other, of which some stand side by side: the directions of a layer. */
export class LayerRow {
  readonly layers: FloatLayer[] = [];
  #below: Below | null = null;

  /** Values that the next layer reads; null where these are the frames. */
  get width(): number | null {
    return this.#below && widthOf(this.#below);
  }

  /** Directions of a layer, each one or several layers in a row; `merge` says how the next layer reads the last ones of them. */
  add(directions: readonly (readonly FloatLayer[])[], merge: Merge = 'concat'): void {
    const [first] = directions;
    const before = this.#below ?? alone(-1, first?.[0]?.inputs as number);
    const sources = directions.map((chain) => {
      chain.forEach((layer, i) => {
        const reading = i === 0 ? readingOf(before, layer.x, this.layers.length) : {};
        this.layers.push({ ...layer, ...reading });
      });
      return { number: this.layers.length - 1, width: (chain.at(-1) as FloatLayer).cells };
    });
    this.#below = { sources, merge: sources.length > 1 ? merge : 'concat' };
  }

  /** What a matrix on the last layer reads. `inputs`: values of a frame, where there is none yet. */
  reading(x: FloatMatrix, inputs: number): ReturnType<typeof readingOf> {
    return readingOf(this.#below ?? alone(-1, inputs), x, this.layers.length);
  }

  /** Puts a copy of the outputs behind the last layer where they are not those of one layer that runs forward. */
  end(): FloatLayer | null {
    const below = this.#below;
    const backward = this.layers.at(-1)?.direction === 'backward';
    if (below === null || (below.sources.length === 1 && !backward)) return null;
    const copy = copyLayer(below, this.layers.length);
    this.layers.push(copy);
    return copy;
  }
}

/** The layers of a direction with the values of the last one, and of the one that it projects, in the order of their steps. */
export function unaligned(chain: readonly FloatLayer[]): readonly FloatLayer[] {
  return chain.map((layer, i) =>
    i + (layer.loop ?? 0) === chain.length - 1 ? { ...layer, aligned: false as const } : layer,
  );
}
