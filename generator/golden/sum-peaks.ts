import { cellOf } from '../network/cells/registry.js';
import type { Frames } from '../network/frames.js';
import { frameOf, partsOf, runsBackward } from '../network/loops.js';
import type { Model, WordLengths } from '../network/model.js';
import { type Pass, programOf } from '../network/program.js';
import { framesIn, utteranceStarts } from '../network/utterances.js';
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
  /** First frames of utterances, and the number behind the last frame. */
  readonly #starts: ReadonlySet<number>;
  readonly #whole: boolean;
  /** Frames that are looked at together: one, or where a pass runs backward those of an utterance. */
  #frames: GoldenFrame[] = [];
  /** The frame before them; null: an utterance begins. */
  #before: GoldenFrame | null = null;

  constructor(
    model: Model,
    private readonly frames: Frames,
  ) {
    const program = programOf(model);
    const { words, passes } = program;
    const shown = passes.filter(({ cell }) => cellOf(cell).leaves === 'values');
    this.#passes = partsOf(passes).flatMap(({ first, last }) =>
      passes
        .slice(first, last + 1)
        .map((pass) => new PassWatch(pass, words, shown.indexOf(pass), passes[first] as Pass)),
    );
    this.#starts = new Set([...utteranceStarts(frames), framesIn(frames)]);
    this.#whole = runsBackward(program);
  }

  /** `index` counts frames over all utterances. */
  visit(frame: GoldenFrame, index: number): void {
    const next = index + 1;
    if (this.#starts.has(index)) {
      for (const watch of this.#passes) watch.reset();
      this.#before = null;
    }
    this.#frames.push(frame);
    if (this.#whole && !this.#starts.has(next)) return;
    for (const watch of this.#passes) this.#see(watch, next - this.#frames.length);
    this.#before = frame;
    this.#frames = [];
  }

  /** What a pass does with the frames, of which `start` is the first one. */
  #see(watch: PassWatch, start: number): void {
    const { pass, layer, first } = watch;
    const [{ vectors, age }] = pass.operands;
    const { length } = this.#frames;
    for (let step = 0; step < length; step++) {
      const t = frameOf(pass, step, length);
      const frame = this.#frames[t] as GoldenFrame;
      // what comes from the passes of the same loop is what a step made, wherever it stands
      const made =
        age === 0 ? frame : (this.#frames[frameOf(pass, step - 1, length)] ?? this.#before);
      const x = sideBySide(vectors, (id) =>
        id > first.index ? this.#made(id, made) : this.#standing(id, t, start + t),
      );
      watch.see(x, frame.layers[layer]?.sums ?? frame.outputs);
    }
  }

  /** Value of the vector `id` that a pass made of a frame. */
  #made(id: number, frame: GoldenFrame | null): Float64Array {
    const { layer, pass } = this.#passes[id - 1] as PassWatch;
    return Float64Array.from(frame?.layers[layer]?.value ?? new Float64Array(pass.rows));
  }

  /** What stands at place `t` of the vector `id`; `index` counts frames over all utterances. */
  #standing(id: number, t: number, index: number): Float64Array {
    const { inputs, codes } = this.frames;
    if (id === 0) return Float64Array.from(codes.subarray(index * inputs, (index + 1) * inputs));
    const { pass } = this.#passes[id - 1] as PassWatch;
    const { length } = this.#frames;
    const from = pass.aligned === false ? frameOf(pass, t, length) : t;
    return this.#made(id, this.#frames[from] as GoldenFrame);
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

  /** `layer`: its place among those of a frame, -1 where its sums are the outputs; `first`: of the passes that share its steps. */
  constructor(
    readonly pass: Pass,
    words: WordLengths,
    readonly layer: number,
    readonly first: Pass,
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
