import { CELLS } from '../network/cells/registry.js';
import { shownOf } from '../network/cells/shown.js';
import type { NpyArray } from '../network/formats/npy.js';
import type { Frames } from '../network/frames.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import type { GoldenFrame } from './network.js';

/** Collects value and state of every recurrent layer and frame, as arrays [utterances, frames, rows]. */
export class StateRecorder {
  readonly #tensors: readonly {
    readonly name: string;
    readonly rows: number;
    readonly codes: Int32Array;
    readonly of: (frame: GoldenFrame) => Int32Array | null;
  }[];

  constructor(
    model: Model,
    private readonly frames: Pick<Frames, 'utterances' | 'frames'>,
  ) {
    const total = frames.utterances * frames.frames;
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
    const { utterances, frames } = this.frames;
    return new Map(
      this.#tensors.map(({ name, rows, codes }) => [
        name,
        { type: 'int32', shape: [utterances, frames, rows], data: codes },
      ]),
    );
  }
}
