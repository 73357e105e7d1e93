import { cellOf } from '../network/cells/registry.js';
import type { Frames } from '../network/frames.js';
import type { Model, WordLengths } from '../network/model.js';
import { type Pass, programOf } from '../network/program.js';
import { utteranceStarts } from '../network/utterances.js';
import { type GoldenFrame, sideBySide } from './network.js';
import { SumStart } from './sum-start.js';
import { accumulate, type Weights, weightsOf } from './weighted-sums.js';

/** Largest magnitudes that finished sums of one pass took, in units of their last bit, as in `SumBounds`. */
export interface SumPeaks {
  readonly x: number;
  /** Null in a pass of one operand. */
  readonly h: number | null;
  readonly aligned: number;
}

/**
 * Watches a golden run, as its visitor, for the largest sums. Sx is computed a second time, beside the golden model,
 * where a pass has two operands; what is left of the aligned sum is Sh and the bias.
 */
export class SumWatch {
  readonly #passes: readonly PassWatch[];
  /** First frames of utterances. */
  readonly #starts: ReadonlySet<number>;
  /** By the number of the vector: what this frame has written so far. */
  readonly #vectors: Float64Array[] = [];

  constructor(
    model: Model,
    private readonly frames: Frames,
  ) {
    const { words, passes } = programOf(model);
    this.#passes = passes.map((pass) => new PassWatch(pass, words));
    this.#starts = new Set(utteranceStarts(frames));
  }

  /** `index` counts frames over all utterances. */
  visit(frame: GoldenFrame, index: number): void {
    const { inputs, codes } = this.frames;
    if (this.#starts.has(index)) for (const watch of this.#passes) watch.reset();
    this.#vectors[0] = Float64Array.from(codes.subarray(index * inputs, (index + 1) * inputs));
    let shown = 0;
    for (const watch of this.#passes) {
      const { cell, operands, writes } = watch.pass;
      const x = sideBySide(operands[0].vectors, this.#vectors);
      if (cellOf(cell).leaves === 'sums') {
        watch.see(x, frame.outputs);
        continue;
      }
      const { sums, value } = frame.layers[shown++] as GoldenFrame['layers'][number];
      watch.see(x, sums);
      this.#vectors[writes.id] = Float64Array.from(value);
    }
  }

  /** Of every pass in order. */
  peaks(): readonly SumPeaks[] {
    return this.#passes.map((watch) => watch.peaks());
  }
}

class Peak {
  largest = 0;

  see(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude > this.largest) this.largest = magnitude;
  }
}

class PassWatch {
  readonly #x = new Peak();
  readonly #h = new Peak();
  readonly #aligned = new Peak();
  /** Null where x is the only operand: then Sx follows from the aligned sum. */
  readonly #weights: Weights | null;
  readonly #start: SumStart;

  constructor(
    readonly pass: Pass,
    words: WordLengths,
  ) {
    const { operands } = pass;
    this.#weights = operands.length === 1 ? null : weightsOf(operands[0].matrix, words.activation);
    this.#start = new SumStart(pass);
  }

  reset(): void {
    this.#start.reset();
  }

  see(x: Float64Array, aligned: Float64Array): void {
    const { align } = this.pass;
    const [scaleX, scaleH] = [2 ** align.x, 2 ** -align.h];
    const weights = this.#weights;
    const bias = this.#start.next();
    const { channels, gates } = cellOf(this.pass.cell);
    const sums = new Float64Array(gates.length * this.pass.rows);
    if (weights !== null) accumulate(weights, x, 0, sums);
    aligned.forEach((total, at) => {
      const products = total - (bias[at] as number);
      const channel = Math.floor(at / this.pass.rows);
      const { gate, operands } = channels[channel] as (typeof channels)[number];
      const row = gate * this.pass.rows + (at % this.pass.rows);
      const ofX = operands === 'h' || operands === 'none' ? 0 : (sums[row] as number);
      const sum = weights === null ? products / scaleX : ofX;
      this.#aligned.see(total);
      this.#x.see(sum);
      this.#h.see((products - sum * scaleX) * scaleH);
    });
  }

  peaks(): SumPeaks {
    const h = this.#weights === null ? null : this.#h.largest;
    return { x: this.#x.largest, h, aligned: this.#aligned.largest };
  }
}
