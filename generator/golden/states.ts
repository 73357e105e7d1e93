import { CELLS } from '../network/cells/registry.js';
import { shownOf } from '../network/cells/shown.js';
import { type ArrayLayout, likeFrames, longest } from '../network/data/layout.js';
import type { NpyArray } from '../network/formats/npy.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import { framesIn, type Utterances } from '../network/utterances.js';
import type { GoldenFrame } from './network.js';

/**
 * Collects value and state of every recurrent layer and frame, as arrays [utterances, frames, rows]: frames of the longest
 * utterance, zeros behind the end of a shorter one.
 */
export class StateRecorder {
  readonly #tensors: readonly {
    readonly name: string;
    readonly rows: number;
    readonly codes: Int32Array;
    readonly of: (frame: GoldenFrame) => Int32Array | null;
  }[];

  constructor(
    model: Model,
    private readonly frames: Utterances,
  ) {
    const total = framesIn(frames);
    const shown = programOf(model).passes.filter(({ cell }) => CELLS[cell].value !== null);
    this.#tensors = shown.flatMap(({ cell, rows }, layer) =>
      // value first
      [...shownOf(CELLS[cell])].reverse().flatMap(({ role, name }) =>
        role === 'sums'
          ? []
          : [
              {
                ...{ name: `${name}${layer}`, rows, codes: new Int32Array(total * rows) },
                of: (frame: GoldenFrame) => frame.layers[layer]?.[role] ?? null,
              },
            ],
      ),
    );
  }

  /** `index` counts frames over all utterances. */
  record(frame: GoldenFrame, index: number): void {
    for (const { rows, codes, of } of this.#tensors) codes.set(of(frame) ?? [], index * rows);
  }

  /** Name of the value and number of the layer, name of the state and number of the layer, ...: h0, c0, h1, c1, ... */
  arrays(): ReadonlyMap<string, NpyArray & { readonly type: 'int32' }> {
    const frames = longest(this.frames.lengths);
    const layout: ArrayLayout = { kind: 'array', axes: 3, frames, timeMajor: false };
    return new Map(
      this.#tensors.map(({ name, rows, codes }) => [
        name,
        { type: 'int32', ...likeFrames(codes, this.frames, layout, rows) },
      ]),
    );
  }
}
