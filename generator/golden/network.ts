import type { Model, WordLengths } from '../network/model.js';
import { type Pass, programOf } from '../network/program.js';
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
    const { input, passes, words } = programOf(model);
    this.#inputs = input.length;
    const counts = model.layers.map(noSaturations);
    this.layerSaturations = counts;
    this.#layers = model.layers.map(
      (layer, l) =>
        new LstmState(
          layer,
          (passes[l] as Pass).align,
          model.words,
          tables,
          counts[l] as Saturations,
        ),
    );
    const last = passes.at(-1);
    this.#output = last?.cell === 'dense' ? new OutputSums(last, words) : null;
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
export function outputFractionBits(model: Model): number {
  return programOf(model).output.fraction;
}

/** The output layer: exact sums, no rounding. */
class OutputSums {
  readonly #weights: Weights;
  readonly #bias: Float64Array;
  readonly #shift: number;

  constructor({ operands: [x], bias, align }: Pass, words: WordLengths) {
    this.#weights = weightsOf(x.matrix, words.activation);
    this.#bias = shiftedBias(bias, align.bias);
    this.#shift = align.x;
  }

  of(x: Float64Array): Float64Array {
    const sums = this.#bias.slice();
    accumulate(this.#weights, x, this.#shift, sums);
    return sums;
  }
}
