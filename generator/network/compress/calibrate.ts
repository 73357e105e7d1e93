import type { Steps } from '../../base/steps.js';
import { exactSigmoid, exactTanh } from '../tables.js';
import type { FloatLayer, FloatModel, FloatTensor } from './float-model.js';

/** Smallest and largest value seen. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Calibration frames as real numbers, [utterance][frame][input]. */
export interface RealFrames {
  readonly utterances: number;
  readonly frames: number;
  readonly inputs: number;
  readonly values: Float64Array;
}

/**
 * Runs the network in double precision with the exact functions over every utterance and returns the range
 * of the cell state of each layer. `tick` is told after each utterance.
 */
export function* cellRanges(
  model: FloatModel,
  frames: RealFrames,
  tick: (done: number, total: number) => void = () => undefined,
): Steps<readonly Range[]> {
  const layers = model.layers.map((layer) => new FloatState(layer));
  for (let u = 0; u < frames.utterances; u++) {
    for (const layer of layers) layer.reset();
    for (let t = 0; t < frames.frames; t++) {
      const start = (u * frames.frames + t) * frames.inputs;
      let below = frames.values.subarray(start, start + frames.inputs);
      for (const layer of layers) below = layer.step(below);
      yield;
    }
    tick(u + 1, frames.utterances);
  }
  return layers.map(({ low, high }) => ({ low, high }));
}

class FloatState {
  low = 0;
  high = 0;
  readonly #x: Rows;
  readonly #h: Rows;
  #c: Float64Array;
  #hidden: Float64Array;

  constructor(private readonly layer: FloatLayer) {
    this.#x = rowsOf(layer.x, layer.inputs);
    this.#h = rowsOf(layer.h, layer.cells);
    this.#c = new Float64Array(layer.cells);
    this.#hidden = new Float64Array(layer.cells);
  }

  reset(): void {
    this.#c.fill(0);
    this.#hidden.fill(0);
  }

  step(x: Float64Array): Float64Array<ArrayBuffer> {
    const { cells } = this.layer;
    const sums = this.layer.bias.values.slice();
    multiplyAdd(this.#x, x, sums);
    multiplyAdd(this.#h, this.#hidden, sums);
    const hidden = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const sum = (gate: number) => sums[gate * cells + cell] as number;
      const kept = exactSigmoid(sum(1)) * (this.#c[cell] as number);
      const c = kept + exactSigmoid(sum(0)) * exactTanh(sum(2));
      this.#c[cell] = c;
      if (c < this.low) this.low = c;
      if (c > this.high) this.high = c;
      hidden[cell] = exactSigmoid(sum(3)) * exactTanh(c);
    }
    this.#hidden = hidden;
    return hidden;
  }
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
