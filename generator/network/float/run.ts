import type { Steps } from '../../base/steps.js';
import { CELLS } from '../cells/registry.js';
import { functionsOf, type RealFunction, USUAL_FUNCTIONS } from '../table-functions.js';
import type { Utterances } from '../utterances.js';
import type { FloatCell } from './cells/cell.js';
import { FLOAT_CELLS } from './cells/registry.js';
import {
  type FloatLayer,
  type FloatModel,
  type FloatTensor,
  hiddenOf,
  sourcesOf,
} from './model.js';

/** Frames as real numbers. */
export interface RealFrames extends Utterances {
  readonly inputs: number;
  /** [frame][input], utterances one after the other. */
  readonly values: Float64Array;
}

/** What one layer computes in one frame, [cell]. */
export interface FloatLayerFrame {
  /** What the cell keeps; h where it keeps nothing besides. */
  readonly state: Float64Array;
  readonly h: Float64Array;
}

/** What the network computes in one frame. */
export interface FloatFrame {
  readonly layers: readonly FloatLayerFrame[];
  /** Sums of the output layer, or the last h where there is none. */
  readonly outputs: Float64Array;
}

/**
 * The network in double precision with the exact functions: what a trained network computes before
 * quantisation. Holds the state of one utterance.
 */
export class FloatNetwork {
  readonly #model: FloatModel;
  readonly #layers: readonly FloatState[];
  readonly #output: { readonly rows: Rows; readonly bias: Float64Array } | null;

  constructor(model: FloatModel) {
    const { layers, output } = model;
    this.#model = model;
    this.#layers = layers.map((_, l) => new FloatState(model, l));
    this.#output = output && {
      rows: rowsOf(output.weights, output.inputs),
      bias: output.bias.values,
    };
  }

  reset(): void {
    for (const layer of this.#layers) layer.reset();
  }

  /** One frame; the arrays returned are the caller's to keep. */
  step(x: Float64Array): FloatFrame {
    const layers: FloatLayerFrame[] = [];
    const read = (l: number) => sideBySide(sourcesOf(this.#model, l), x, layers);
    for (const [l, layer] of this.#layers.entries()) layers.push(layer.step(read(l)));
    for (const [l, layer] of this.#layers.entries()) layer.remember(layers, l);
    if (this.#output === null) return { layers, outputs: read(layers.length).slice() };
    const outputs = this.#output.bias.slice();
    multiplyAdd(this.#output.rows, read(layers.length), outputs);
    return { layers, outputs };
  }
}

/** The values of layers, or of the frame x where the number is -1, one behind the other. */
function sideBySide(
  sources: readonly number[],
  x: Float64Array,
  layers: readonly FloatLayerFrame[],
): Float64Array {
  const parts = sources.map((l) => (l < 0 ? x : (layers[l] as FloatLayerFrame).h));
  const [alone, ...others] = parts as [Float64Array, ...Float64Array[]];
  if (others.length === 0) return alone;
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

/**
 * Runs every utterance from its initial state. `visit` sees each frame, numbered over all utterances; `tick` is told
 * after each utterance.
 */
export function* floatSteps(
  model: FloatModel,
  { lengths, inputs, values }: RealFrames,
  visit: (frame: FloatFrame, index: number) => void,
  tick: (done: number, total: number) => void = () => undefined,
): Steps<void> {
  const network = new FloatNetwork(model);
  let index = 0;
  for (const [u, length] of lengths.entries()) {
    network.reset();
    for (const end = index + length; index < end; index++) {
      visit(network.step(values.subarray(index * inputs, (index + 1) * inputs)), index);
      yield;
    }
    tick(u + 1, lengths.length);
  }
}

const UNLIMITED = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

class FloatState {
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
    if (this.#layer.reset === 'before') return this.#gated(x, sums);
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
    return this.#next(sums);
  }

  /** A GRU whose reset gate stands before the product of n. */
  #gated(x: Float64Array, sums: Float64Array): FloatLayerFrame {
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
    return this.#next(Float64Array.from({ length: 4 * cells }, (_, n) => sums[n] ?? 0));
  }

  /** From the sums of its channels to the state and h. */
  #next(sums: Float64Array): FloatLayerFrame {
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
    return { state, h };
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

/** Non-zero weights by row. */
interface Rows {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

function rowsOf({ values }: FloatTensor, columns: number): Rows {
  const used = [...values.keys()].filter((i) => values[i] !== 0);
  const start = new Int32Array(values.length / columns + 1);
  for (const i of used) {
    const next = Math.floor(i / columns) + 1;
    start[next] = (start[next] as number) + 1;
  }
  for (let row = 1; row < start.length; row++) {
    start[row] = (start[row] as number) + (start[row - 1] as number);
  }
  return {
    start,
    column: Int32Array.from(used, (i) => i % columns),
    value: Float64Array.from(used, (i) => values[i] as number),
  };
}

function multiplyAdd({ start, column, value }: Rows, x: Float64Array, sums: Float64Array): void {
  for (let row = 0; row < sums.length; row++) {
    let sum = sums[row] as number;
    const end = start[row + 1] as number;
    for (let at = start[row] as number; at < end; at++) {
      sum += (value[at] as number) * (x[column[at] as number] as number);
    }
    sums[row] = sum;
  }
}
