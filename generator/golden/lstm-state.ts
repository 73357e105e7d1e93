import {
  type CellRounding,
  cellRounding,
  clamp,
  hiddenRounding,
  type Rounding,
  rounded,
  roundedCell,
  roundingBy,
  type SumAlignment,
  TABLE_INPUT_FRACTION,
} from '../network/arithmetic.js';
import type { LstmLayer, WordLengths } from '../network/model.js';
import { LOOKUP_OFFSET, type Lookups } from './lookup.js';
import { accumulate, shiftedBias, type Weights, weightsOf } from './weighted-sums.js';

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

/** The roundings and word limits of a layer, worked out once. */
interface Constants {
  readonly gate: Rounding;
  readonly cell: CellRounding;
  readonly cellInput: Rounding;
  readonly hidden: Rounding;
  readonly cellLimit: number;
  readonly hiddenLimit: number;
}

/** One LSTM layer with its state. */
export class LstmState {
  readonly #align: SumAlignment;
  readonly #constants: Constants;
  readonly #x: Weights;
  readonly #h: Weights;
  readonly #bias: Float64Array;
  readonly #c: Int32Array;
  /** h as doubles, which is how the next sums read it. */
  readonly #hidden: Float64Array;

  constructor(
    layer: LstmLayer,
    align: SumAlignment,
    words: WordLengths,
    private readonly lookups: Lookups,
    private readonly saturations: Saturations,
  ) {
    this.#align = align;
    this.#constants = {
      gate: roundingBy(this.#align.fraction - TABLE_INPUT_FRACTION),
      cell: cellRounding(layer.cellFraction),
      cellInput: roundingBy(layer.cellFraction - TABLE_INPUT_FRACTION),
      hidden: hiddenRounding(words.activation),
      cellLimit: 2 ** (words.cell - 1),
      hiddenLimit: 2 ** (words.activation - 1),
    };
    this.#x = weightsOf(layer.x, words.activation);
    this.#h = weightsOf(layer.h, words.activation);
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
    updateCells(sums, this.#c, this.#hidden, this.#constants, this.lookups, this.saturations);
    return { sums, c: this.#c.slice(), h: new Int32Array(this.#hidden) };
  }
}

/** The cell update of a layer: from the gate sums to the next c and h, in place. */
function updateCells(
  sums: Float64Array,
  c: Int32Array,
  hidden: Float64Array,
  by: Constants,
  { sigmoid, tanh }: Lookups,
  saturations: Saturations,
): void {
  const cells = c.length;
  /** A value as place in a lookup. */
  const place = (value: number, rounding: Rounding, kind: 'gateInput' | 'cellInput'): number => {
    const exact = rounded(value, rounding);
    const u = clamp(exact, LOOKUP_OFFSET);
    if (u !== exact) saturations[kind]++;
    return u + LOOKUP_OFFSET;
  };
  for (let cell = 0; cell < cells; cell++) {
    const i = sigmoid[place(sums[cell] as number, by.gate, 'gateInput')] as number;
    const f = sigmoid[place(sums[cells + cell] as number, by.gate, 'gateInput')] as number;
    const g = tanh[place(sums[2 * cells + cell] as number, by.gate, 'gateInput')] as number;
    const o = sigmoid[place(sums[3 * cells + cell] as number, by.gate, 'gateInput')] as number;
    const exactCell = roundedCell(f, c[cell] as number, i, g, by.cell);
    const next = clamp(exactCell, by.cellLimit);
    if (next !== exactCell) saturations.cell++;
    const t = tanh[place(next, by.cellInput, 'cellInput')] as number;
    const exactHidden = rounded(o * t, by.hidden);
    const h = clamp(exactHidden, by.hiddenLimit);
    if (h !== exactHidden) saturations.hidden++;
    c[cell] = next;
    hidden[cell] = h;
  }
}
