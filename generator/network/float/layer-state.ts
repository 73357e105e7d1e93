import { CELLS } from '../cells/registry.js';
import { functionsOf, type RealFunction, USUAL_FUNCTIONS } from '../table-functions.js';
import type { FloatCell } from './cells/cell.js';
import { FLOAT_CELLS } from './cells/registry.js';
import { type FloatLayer, type FloatModel, hiddenOf } from './model.js';
import { multiplyAdd, type Rows, rowsOf } from './rows.js';

/** What one layer computes in one frame, [cell]. */
export interface FloatLayerFrame {
  /** What the cell keeps; h where it keeps nothing besides. */
  readonly state: Float64Array;
  readonly h: Float64Array;
  /** What it read: x, and h of the frame before; empty where it reads none. */
  readonly read: { readonly x: Float64Array; readonly h: Float64Array };
}

const UNLIMITED = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** One layer of a float network, with what it keeps from step to step. */
export class FloatState {
  readonly #layer: FloatLayer;
  readonly #x: Rows;
  readonly #h: Rows | null;
  /** Values of h. */
  readonly #width: number;
  readonly #cell: FloatCell;
  readonly #sigmoid: RealFunction;
  #state: Float64Array;
  /** What it reads of the frame before. */
  #hidden: Float64Array;

  constructor(model: FloatModel, l: number) {
    const layer = model.layers[l] as FloatLayer;
    const { cellClip: clip = Number.POSITIVE_INFINITY, functions = USUAL_FUNCTIONS } = model;
    this.#layer = layer;
    this.#width = hiddenOf(model, l);
    const means = functionsOf(functions);
    const limited = clippedAt(layer.sumClip, means);
    this.#sigmoid = limited.sigmoid;
    const { range = UNLIMITED } = layer;
    this.#cell = FLOAT_CELLS[layer.cell]({ clip, range, ...limited, ofState: means.tanh });
    this.#x = rowsOf(layer.x, layer.inputs);
    this.#h = layer.h && rowsOf(layer.h, this.#width);
    [this.#state, this.#hidden] = initialState(layer, this.#width);
  }

  reset(): void {
    [this.#state, this.#hidden] = initialState(this.#layer, this.#width);
  }

  /** The frame is over: what layer `l`, which this is, reads of it in the next one. */
  remember(frames: readonly FloatLayerFrame[], l: number): void {
    this.#hidden = (frames[l + (this.#layer.loop ?? 0)] as FloatLayerFrame).h;
  }

  step(x: Float64Array): FloatLayerFrame {
    const { cells, cell: kind, bias } = this.#layer;
    const { channels, gates } = CELLS[kind];
    const sums = bias.values.slice();
    if (this.#layer.reset === 'before') return this.#next(x, this.#gated(x, sums));
    const products = [
      new Float64Array(gates.length * cells),
      new Float64Array(gates.length * cells),
    ] as const;
    multiplyAdd(this.#x, x, products[0]);
    if (this.#h !== null) multiplyAdd(this.#h, this.#hidden, products[1]);
    channels.forEach(({ gate, operands }, n) => {
      for (let row = 0; row < cells; row++) {
        const [ofX, ofH] = products.map((all) => all[gate * cells + row]) as [number, number];
        const parts = { all: ofX + ofH, x: ofX, h: ofH, none: 0 };
        const own = parts[operands];
        sums[n * cells + row] = (sums[n * cells + row] as number) + own;
      }
    });
    return this.#next(x, sums);
  }

  /** Sums of a GRU whose reset gate stands before the product of n. */
  #gated(x: Float64Array, sums: Float64Array): Float64Array {
    const { cells } = this.#layer;
    if (this.#h === null) throw new Error('a GRU has h');
    multiplyAdd(this.#x, x, sums);
    const ofH = new Float64Array(3 * cells);
    multiplyAdd(this.#h, this.#hidden, ofH);
    for (let n = 0; n < 2 * cells; n++) sums[n] = (sums[n] as number) + (ofH[n] as number);
    const gated = this.#hidden.map((h, row) => this.#sigmoid(sums[row] as number) * h);
    const ofGated = new Float64Array(3 * cells);
    multiplyAdd(this.#h, gated, ofGated);
    for (let n = 2 * cells; n < 3 * cells; n++) {
      sums[n] = (sums[n] as number) + (ofGated[n] as number);
    }
    // what the reset gate lets through is in the sum already
    return Float64Array.from({ length: 4 * cells }, (_, n) => sums[n] ?? 0);
  }

  /** From the sums of its channels to the state and h. */
  #next(x: Float64Array, sums: Float64Array): FloatLayerFrame {
    const { cells } = this.#layer;
    const state = new Float64Array(cells);
    const h = new Float64Array(cells);
    const before = this.#cell.keeps ? this.#state : this.#hidden;
    for (let row = 0; row < cells; row++) {
      const next = this.#cell.step(
        (channel) => sums[channel * cells + row] as number,
        before[row] as number,
      );
      state[row] = next.state;
      h[row] = next.h;
    }
    this.#state = state;
    return { state, h, read: { x, h: this.#hidden } };
  }
}

/** The functions of a layer whose sums are clipped before they go through them. */
function clippedAt(
  clip: number | undefined,
  means: Readonly<Record<'sigmoid' | 'tanh', RealFunction>>,
): Readonly<Record<'sigmoid' | 'tanh', RealFunction>> {
  if (clip === undefined) return means;
  const limited =
    (f: RealFunction): RealFunction =>
    (x) =>
      f(Math.max(-clip, Math.min(clip, x)));
  return { sigmoid: limited(means.sigmoid), tanh: limited(means.tanh) };
}

function initialState(
  { cells, initial }: FloatLayer,
  width: number,
): [state: Float64Array, h: Float64Array] {
  if (initial === undefined) return [new Float64Array(cells), new Float64Array(width)];
  return [(initial.c ?? initial.h).values.slice(), initial.h.values.slice()];
}
