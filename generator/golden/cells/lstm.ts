import {
  type CellRounding,
  cellRounding,
  clamp,
  hiddenRounding,
  type Rounding,
  rounded,
  roundedCell,
  type SumAlignment,
  tableInputRounding,
} from '../../network/arithmetic.js';
import type { Pass } from '../../network/program.js';
import type { Lookups } from '../lookup.js';
import { SumStart, stateAtStart } from '../sum-start.js';
import { type InputRange, inputRange } from '../table-input.js';
import { accumulate, type Weights, weightsOf } from '../weighted-sums.js';
import type { GoldenPass, LayerFrame, Saturations, Surroundings } from './cell.js';

/** The roundings and word limits of a layer, worked out once. */
interface Constants {
  readonly gate: Rounding;
  readonly input: InputRange;
  readonly cell: CellRounding;
  readonly cellInput: Rounding;
  readonly hidden: Rounding;
  readonly cellLimit: number;
  readonly hiddenLimit: number;
}

/** One LSTM layer with its state. */
export class LstmPass implements GoldenPass {
  /** h of the last frame. */
  readonly values: Float64Array;
  readonly #align: SumAlignment;
  readonly #constants: Constants;
  readonly #x: Weights;
  readonly #h: Weights;
  readonly #start: SumStart;
  readonly #initial: Int32Array;
  readonly #c: Int32Array;
  readonly #tables: Lookups;
  readonly #saturations: Saturations;

  constructor(pass: Pass, { words, tables, saturations }: Surroundings) {
    const { operands, rows, align, stateFraction } = pass;
    const [x, h] = operands;
    if (h === undefined || stateFraction === null) throw new Error('an LSTM has h and c');
    this.#align = align;
    const { scheme } = tables;
    this.#constants = {
      gate: tableInputRounding(align.fraction, scheme),
      input: inputRange(pass, tables.offset),
      cell: cellRounding(stateFraction, scheme),
      cellInput: tableInputRounding(stateFraction, scheme),
      hidden: hiddenRounding(words.activation, scheme),
      cellLimit: 2 ** (words.cell - 1),
      hiddenLimit: 2 ** (words.activation - 1),
    };
    this.#x = weightsOf(x.matrix, words.activation);
    this.#h = weightsOf(h.matrix, words.activation);
    this.#start = new SumStart(pass);
    this.#initial = stateAtStart(pass);
    this.#c = this.#initial.slice();
    this.values = new Float64Array(rows);
    this.#tables = tables;
    this.#saturations = saturations;
  }

  reset(): void {
    this.#start.reset();
    this.#c.set(this.#initial);
    this.values.fill(0);
  }

  /** One frame; the arrays returned are the caller's to keep. */
  step(x: Float64Array, h: Float64Array | null): LayerFrame {
    if (h === null) throw new Error('an LSTM has h');
    const sums = this.#start.next().slice();
    accumulate(this.#x, x, this.#align.x, sums);
    accumulate(this.#h, h, this.#align.h, sums);
    updateCells(sums, this.#c, this.values, this.#constants, this.#tables, this.#saturations);
    return { sums, state: this.#c.slice(), value: new Int32Array(this.values) };
  }
}

/** The cell update of a layer: from the gate sums to the next c and h, in place. */
function updateCells(
  sums: Float64Array,
  c: Int32Array,
  hidden: Float64Array,
  by: Constants,
  { offset, sigmoid, tanh }: Lookups,
  saturations: Saturations,
): void {
  const cells = c.length;
  const { low, high, meant } = by.input;
  /** The sum of a gate as place in a lookup; not `tableInput`, whose call per gate costs a sixth of the speed. */
  const place = (sum: number): number => {
    const exact = rounded(sum, by.gate);
    if (exact >= low && exact <= high) return exact + offset;
    if (!meant) saturations.gateInput++;
    return (exact < low ? low : high) + offset;
  };
  for (let cell = 0; cell < cells; cell++) {
    const i = sigmoid[place(sums[cell] as number)] as number;
    const f = sigmoid[place(sums[cells + cell] as number)] as number;
    const g = tanh[place(sums[2 * cells + cell] as number)] as number;
    const o = sigmoid[place(sums[3 * cells + cell] as number)] as number;
    const exactCell = roundedCell(f, c[cell] as number, i, g, by.cell);
    const next = clamp(exactCell, by.cellLimit);
    if (next !== exactCell) saturations.cell++;
    const exactInput = rounded(next, by.cellInput);
    const v = clamp(exactInput, offset);
    if (v !== exactInput) saturations.cellInput++;
    const t = tanh[v + offset] as number;
    const exactHidden = rounded(o * t, by.hidden);
    const h = clamp(exactHidden, by.hiddenLimit);
    if (h !== exactHidden) saturations.hidden++;
    c[cell] = next;
    hidden[cell] = h;
  }
}
