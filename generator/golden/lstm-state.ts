import {
  alignSums,
  rnd,
  roundedCell,
  roundedHidden,
  type SumAlignment,
  sat,
  TABLE_INPUT_BITS,
  TABLE_INPUT_FRACTION,
} from '../network/arithmetic.js';
import { hiddenFraction, type LstmLayer, type WordLengths } from '../network/model.js';
import { LOOKUP_OFFSET, type Lookups } from './lookup.js';
import { accumulate, type SparseRows, shiftedBias, sparseRows } from './sparse-rows.js';

/** How often a value was clamped, by rounding point. */
export interface Saturations {
  /** Gate sums beyond the table input. */
  gateInput: number;
  /** Cell states beyond the table input; the stored c is not touched by that. */
  cellInput: number;
  /** Cell states beyond the word of c. */
  cell: number;
  /** h = +1, which becomes the largest code. */
  hidden: number;
}

/** What one LSTM layer computes in one frame. */
export interface LayerFrame {
  /** Aligned gate sums before rounding, [gate][cell]. */
  readonly sums: Float64Array;
  readonly c: Int32Array;
  readonly h: Int32Array;
}

/** One LSTM layer with its state. */
export class LstmState {
  readonly #cells: number;
  readonly #words: WordLengths;
  readonly #cellFraction: number;
  readonly #align: SumAlignment;
  readonly #x: SparseRows;
  readonly #h: SparseRows;
  readonly #bias: Float64Array;
  readonly #c: Int32Array;
  /** h as doubles, which is how the next sums read it. */
  readonly #hidden: Float64Array;

  constructor(
    layer: LstmLayer,
    xFraction: number,
    words: WordLengths,
    private readonly lookups: Lookups,
    private readonly saturations: Saturations,
  ) {
    this.#cells = layer.cells;
    this.#words = words;
    this.#cellFraction = layer.cellFraction;
    this.#align = alignSums({
      x: xFraction + layer.x.exponent,
      h: hiddenFraction(words) + layer.h.exponent,
      bias: layer.biasFraction,
    });
    this.#x = sparseRows(layer.x);
    this.#h = sparseRows(layer.h);
    this.#bias = shiftedBias(layer.bias, this.#align.bias);
    this.#c = new Int32Array(layer.cells);
    this.#hidden = new Float64Array(layer.cells);
  }

  /** h of the last frame. */
  get hidden(): Float64Array {
    return this.#hidden;
  }

  reset(): void {
    this.#c.fill(0);
    this.#hidden.fill(0);
  }

  /** One frame; the arrays returned are the caller's to keep. */
  step(x: Float64Array): LayerFrame {
    const sums = this.#bias.slice();
    accumulate(this.#x, x, this.#align.x, sums);
    accumulate(this.#h, this.#hidden, this.#align.h, sums);
    const cells = this.#cells;
    for (let cell = 0; cell < cells; cell++) {
      const i = this.lookups.sigmoid[this.#gate(sums[cell] as number)] as number;
      const f = this.lookups.sigmoid[this.#gate(sums[cells + cell] as number)] as number;
      const g = this.lookups.tanh[this.#gate(sums[2 * cells + cell] as number)] as number;
      const o = this.lookups.sigmoid[this.#gate(sums[3 * cells + cell] as number)] as number;
      const exact = roundedCell(f, this.#c[cell] as number, i, g, this.#cellFraction);
      const next = this.#clamp(exact, this.#words.cell, 'cell');
      const v = this.#tableIndex(next, this.#cellFraction, 'cellInput');
      const t = this.lookups.tanh[v] as number;
      const bits = this.#words.activation;
      this.#c[cell] = next;
      this.#hidden[cell] = this.#clamp(roundedHidden(o, t, bits), bits, 'hidden');
    }
    return { sums, c: this.#c.slice(), h: Int32Array.from(this.#hidden) };
  }

  #gate(sum: number): number {
    return this.#tableIndex(sum, this.#align.fraction, 'gateInput');
  }

  /** `toTableInput` of arithmetic with the saturations counted, as place in a lookup. */
  #tableIndex(value: number, fraction: number, kind: keyof Saturations): number {
    const rounded = rnd(value, fraction - TABLE_INPUT_FRACTION);
    return this.#clamp(rounded, TABLE_INPUT_BITS, kind) + LOOKUP_OFFSET;
  }

  #clamp(value: number, bits: number, kind: keyof Saturations): number {
    const clamped = sat(value, bits);
    if (clamped !== value) this.saturations[kind]++;
    return clamped;
  }
}
