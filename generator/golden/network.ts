import {
  hiddenFraction,
  type Model,
  type OutputLayer,
  type WordLengths,
} from '../network/model.js';
import { layerAlignment, outputAlignment } from '../network/sum-bounds.js';
import { lookups } from './lookup.js';
import { type LayerFrame, LstmState, type Saturations } from './lstm-state.js';
import { accumulate, shiftedBias, type Weights, weightsOf } from './weighted-sums.js';

export type { LayerFrame, Saturations } from './lstm-state.js';

/** Everything the network computes in one frame, as the hardware must compute it. */
export interface GoldenFrame {
  readonly layers: readonly LayerFrame[];
  /** Sums of the output layer, or the last h where there is none. */
  readonly outputs: Float64Array;
}

/**
 * The bit-exact reference of a network: integers from the input codes to the outputs, every rounding one of
 * `network/arithmetic`. Holds the state of one utterance.
 */
export class GoldenNetwork {
  /** Of each LSTM layer, counted since the object was made; `reset` leaves them. */
  readonly layerSaturations: readonly Readonly<Saturations>[];
  readonly #layers: readonly LstmState[];
  readonly #output: OutputSums | null;
  readonly #inputs: number;

  constructor(model: Model) {
    const tables = lookups(model);
    this.#inputs = model.layers[0]?.inputs ?? 0;
    const counts = model.layers.map(noSaturations);
    this.layerSaturations = counts;
    this.#layers = model.layers.map(
      (layer, l) =>
        new LstmState(
          layer,
          layerAlignment(model, l),
          model.words,
          tables,
          counts[l] as Saturations,
        ),
    );
    this.#output = model.output && new OutputSums(model.output, model.words);
  }

  /** What all layers have counted so far. */
  get saturations(): Readonly<Saturations> {
    const total = noSaturations();
    for (const layer of this.layerSaturations) {
      for (const kind of Object.keys(total) as (keyof Saturations)[]) total[kind] += layer[kind];
    }
    return total;
  }

  /** The next frame starts from zero state. */
  reset(): void {
    for (const layer of this.#layers) layer.reset();
  }

  /** One frame of input codes. @throws RangeError when there are not as many codes as inputs. */
  step(x: Int32Array | Float64Array): GoldenFrame {
    if (x.length !== this.#inputs) {
      throw new RangeError(`a frame has ${this.#inputs} codes, got ${x.length}`);
    }
    let below = x instanceof Float64Array ? x : Float64Array.from(x);
    const layers = this.#layers.map((layer) => {
      const frame = layer.step(below);
      below = layer.hidden;
      return frame;
    });
    const outputs = this.#output?.of(below) ?? below.slice();
    return { layers, outputs };
  }
}

function noSaturations(): Saturations {
  return { gateInput: 0, cellInput: 0, cell: 0, hidden: 0 };
}

/** Fraction bits of the outputs: of the aligned sums, or of h where there is no output layer. */
export function outputFractionBits({ output, words }: Model): number {
  const h = hiddenFraction(words);
  return output === null ? h : outputAlignment(output, words).fraction;
}

/** The output layer: exact sums, no rounding. */
class OutputSums {
  readonly #weights: Weights;
  readonly #bias: Float64Array;
  readonly #shift: number;

  constructor(layer: OutputLayer, words: WordLengths) {
    const align = outputAlignment(layer, words);
    this.#weights = weightsOf(layer.weights, words.activation);
    this.#bias = shiftedBias(layer.bias, align.bias);
    this.#shift = align.x;
  }

  of(x: Float64Array): Float64Array {
    const sums = this.#bias.slice();
    accumulate(this.#weights, x, this.#shift, sums);
    return sums;
  }
}
