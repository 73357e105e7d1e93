import type { Frames } from '../network/frames.js';
import type { LstmLayer, Model } from '../network/model.js';
import { type Pass, programOf } from '../network/program.js';
import type { GoldenFrame } from './network.js';
import { accumulate, shiftedBias, type Weights, weightsOf } from './weighted-sums.js';

/** Largest magnitudes that finished sums of one layer took, in units of their last bit, as in `SumBounds`. */
export interface SumPeaks {
  readonly x: number;
  /** Null in the output layer. */
  readonly h: number | null;
  readonly aligned: number;
}

/**
 * Watches a golden run, as its visitor, for the largest sums. Sx is computed a second time, beside the golden model;
 * what is left of the aligned sum is Sh and the bias.
 */
export class SumWatch {
  readonly #layers: readonly LayerWatch[];
  readonly #output: {
    readonly watch: Peak;
    readonly sums: Peak;
    readonly bias: Float64Array;
  } | null;
  readonly #outputScale: number;

  constructor(
    model: Model,
    private readonly frames: Frames,
  ) {
    const { output } = model;
    this.#layers = model.layers.map((layer, l) => new LayerWatch(model, layer, l));
    const align = output && programOf(model).passes.at(-1)?.align;
    this.#output = output && {
      watch: new Peak(),
      sums: new Peak(),
      bias: shiftedBias(output.bias, align?.bias ?? 0),
    };
    this.#outputScale = 2 ** -(align?.x ?? 0);
  }

  /** `index` counts frames over all utterances. */
  visit(frame: GoldenFrame, index: number): void {
    const { inputs, codes } = this.frames;
    let below = Float64Array.from(codes.subarray(index * inputs, (index + 1) * inputs));
    this.#layers.forEach((layer, l) => {
      const { sums, h } = frame.layers[l] as GoldenFrame['layers'][number];
      layer.see(below, sums);
      below = Float64Array.from(h);
    });
    const output = this.#output;
    frame.outputs.forEach((sum, row) => {
      output?.sums.see(sum);
      output?.watch.see((sum - (output.bias[row] as number)) * this.#outputScale);
    });
  }

  /** LSTM layers in order, then the output layer. */
  peaks(): readonly SumPeaks[] {
    const lstm = this.#layers.map((layer) => layer.peaks());
    const output = this.#output;
    if (output === null) return lstm;
    return [...lstm, { x: output.watch.largest, h: null, aligned: output.sums.largest }];
  }
}

class Peak {
  largest = 0;

  see(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude > this.largest) this.largest = magnitude;
  }
}

class LayerWatch {
  readonly #x = new Peak();
  readonly #h = new Peak();
  readonly #aligned = new Peak();
  readonly #weights: Weights;
  readonly #bias: Float64Array;
  readonly #scaleX: number;
  readonly #scaleH: number;

  constructor(model: Model, layer: LstmLayer, index: number) {
    const align = (programOf(model).passes[index] as Pass).align;
    this.#weights = weightsOf(layer.x, model.words.activation);
    this.#bias = shiftedBias(layer.bias, align.bias);
    this.#scaleX = 2 ** align.x;
    this.#scaleH = 2 ** -align.h;
  }

  see(x: Float64Array, aligned: Float64Array): void {
    const sums = new Float64Array(aligned.length);
    accumulate(this.#weights, x, 0, sums);
    sums.forEach((sum, row) => {
      const total = aligned[row] as number;
      this.#aligned.see(total);
      this.#x.see(sum);
      this.#h.see((total - sum * this.#scaleX - (this.#bias[row] as number)) * this.#scaleH);
    });
  }

  peaks(): SumPeaks {
    return { x: this.#x.largest, h: this.#h.largest, aligned: this.#aligned.largest };
  }
}
