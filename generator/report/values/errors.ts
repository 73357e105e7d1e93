import type { Steps } from '../../base/steps.js';
import type { GoldenFrame } from '../../golden/network.js';
import type { FloatModel } from '../../network/float/model.js';
import { floatSteps, type RealFrames } from '../../network/float/run.js';
import { layersOf, type Program } from '../../network/program.js';
import { layersBeside } from './layer-map.js';

/** How far the values of a layer lie from those of the float network. */
export interface LayerError {
  /** Number of the layer in the float network, and its cell. */
  readonly layer: number;
  readonly cell: string;
  /** Root mean square of the difference over all cells and frames, in the unit of the values; of the float values. */
  readonly rms: number;
  readonly referenceRms: number;
  readonly largest: number;
  /** Root mean square over the cells in each frame of the first utterance, from its first frame on. */
  readonly frames: readonly number[];
}

/** Frames that are compared at most: the float values of all layers are kept. */
const MOST_VALUES = 2 ** 26;

/** Values of every layer of a float network, kept until the golden model has computed the same frames. */
export class LayerErrors {
  readonly #places: readonly number[];
  readonly #float: Float32Array[];
  readonly #squares: Float64Array;
  readonly #references: Float64Array;
  readonly #largest: Float64Array;
  readonly #frames: number[][];
  readonly #first: number;
  readonly #most: number;
  #compared = 0;

  /** @throws UserError FLOAT_DIFFERS */
  constructor(
    private readonly float: FloatModel,
    private readonly program: Program,
    frames: RealFrames,
    file: string,
  ) {
    this.#places = layersBeside(float, program, file);
    const cells = float.layers.reduce((sum, layer) => sum + layer.cells, 0);
    const total = frames.lengths.reduce((sum, length) => sum + length, 0);
    this.#first = frames.lengths[0] ?? 0;
    this.#most = Math.min(total, Math.max(this.#first, Math.floor(MOST_VALUES / cells)));
    this.#float = float.layers.map((layer) => new Float32Array(this.#most * layer.cells));
    const { length } = float.layers;
    this.#squares = new Float64Array(length);
    this.#references = new Float64Array(length);
    this.#largest = new Float64Array(length);
    this.#frames = float.layers.map(() => []);
  }

  /** Frames of these that are compared. */
  get frames(): number {
    return this.#most;
  }

  /** Runs the float network on the frames that are compared. */
  *runSteps(
    frames: RealFrames,
    outputs: (values: Float64Array, frame: number) => void,
  ): Steps<void> {
    yield* floatSteps(this.float, frames, (frame, index) => {
      outputs(frame.outputs, index);
      if (index >= this.#most) return;
      frame.layers.forEach(({ h }, l) => {
        this.#float[l]?.set(h, index * h.length);
      });
    });
  }

  /** The same frame of the golden model. */
  visit({ layers }: GoldenFrame, index: number): void {
    if (index >= this.#most) return;
    this.#compared++;
    for (const [l, place] of this.#places.entries()) {
      const codes = layers[place]?.value ?? new Int32Array(0);
      const unit = 2 ** -(layersOf(this.program)[place]?.writes.fraction ?? 0);
      const float = this.#float[l] as Float32Array;
      let [squares, references] = [0, 0];
      for (let row = 0; row < codes.length; row++) {
        const expected = float[index * codes.length + row] as number;
        const error = (codes[row] as number) * unit - expected;
        squares += error * error;
        references += expected * expected;
        this.#largest[l] = Math.max(this.#largest[l] as number, Math.abs(error));
      }
      this.#squares[l] = (this.#squares[l] as number) + squares;
      this.#references[l] = (this.#references[l] as number) + references;
      if (index < this.#first) this.#frames[l]?.push(Math.sqrt(squares / codes.length));
    }
  }

  errors(): readonly LayerError[] {
    return this.float.layers.map(({ cell, cells }, layer) => {
      const values = this.#compared * cells;
      return {
        ...{ layer, cell },
        rms: Math.sqrt((this.#squares[layer] as number) / values),
        referenceRms: Math.sqrt((this.#references[layer] as number) / values),
        largest: this.#largest[layer] as number,
        frames: this.#frames[layer] as number[],
      };
    });
  }
}
