import type { NpyArray } from '../network/formats/npy.js';
import type { Frames } from '../network/frames.js';
import type { Model } from '../network/model.js';
import { layersOf, programOf } from '../network/program.js';
import type { GoldenFrame } from './network.js';

/** Collects h and c of every layer and frame, as arrays [utterances, frames, cells]. */
export class StateRecorder {
  readonly #layers: readonly {
    readonly cells: number;
    readonly h: Int32Array;
    readonly c: Int32Array;
  }[];

  constructor(
    model: Model,
    private readonly frames: Pick<Frames, 'utterances' | 'frames'>,
  ) {
    const total = frames.utterances * frames.frames;
    this.#layers = layersOf(programOf(model)).map(({ rows: cells }) => ({
      cells,
      h: new Int32Array(total * cells),
      c: new Int32Array(total * cells),
    }));
  }

  /** `index` counts frames over all utterances. */
  record(frame: GoldenFrame, index: number): void {
    this.#layers.forEach(({ cells, h, c }, l) => {
      h.set(frame.layers[l]?.h ?? [], index * cells);
      c.set(frame.layers[l]?.c ?? [], index * cells);
    });
  }

  /** h0, c0, h1, c1, ... */
  arrays(): ReadonlyMap<string, NpyArray & { readonly type: 'int32' }> {
    const { utterances, frames } = this.frames;
    return new Map(
      this.#layers.flatMap(({ cells, h, c }, l) => {
        const shape = [utterances, frames, cells];
        return [
          [`h${l}`, { type: 'int32', shape, data: h }],
          [`c${l}`, { type: 'int32', shape, data: c }],
        ] as const;
      }),
    );
  }
}
