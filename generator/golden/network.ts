import { alignSums } from '../network/arithmetic.js';
import {
  hiddenFraction,
  type Model,
  type OutputLayer,
  type WordLengths,
  xFraction,
} from '../network/model.js';
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
  /** Counted since the object was made; `reset` leaves them. */
  readonly saturations: Saturations = { gateInput: 0, cellInput: 0, cell: 0, hidden: 0 };
  readonly #layers: readonly LstmState[];
  readonly #output: OutputSums | null;
  readonly #inputs: number;

  constructor(model: Model) {
    const tables = lookups(model);
    this.#inputs = model.layers[0]?.inputs ?? 0;
    this.#layers = model.layers.map(
      (layer, l) =>
        new LstmState(layer, xFraction(model, l), model.words, tables, this.saturations),
    );
    this.#output = model.output && new OutputSums(model.output, model.words);
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

/** Fraction bits of the outputs: of the aligned sums, or of h where there is no output layer. */
export function outputFractionBits({ output, words }: Model): number {
  const h = hiddenFraction(words);
  return output === null ? h : outputAlignment(output, h).fraction;
}

function outputAlignment({ weights, biasFraction }: OutputLayer, h: number) {
  return alignSums({ x: h + weights.exponent, h: null, bias: biasFraction });
}

/** The output layer: exact sums, no rounding. */
class OutputSums {
  readonly #weights: Weights;
  readonly #bias: Float64Array;
  readonly #shift: number;

  constructor(layer: OutputLayer, words: WordLengths) {
    const align = outputAlignment(layer, hiddenFraction(words));
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
