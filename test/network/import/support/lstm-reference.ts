import type { Random } from '../../../../generator/base/random.js';

/** One layer with separate matrices and both biases of each gate: nothing of it comes from an importer. */
export interface GateLayer {
  readonly inputs: number;
  readonly cells: number;
  /** By gate; rows of input weights, recurrent weights, biases. */
  readonly gates: Readonly<Record<'i' | 'f' | 'g' | 'o', Gate>>;
}

export interface Gate {
  /** [cell][input] and [cell][cell]. */
  readonly W: readonly (readonly number[])[];
  readonly R: readonly (readonly number[])[];
  readonly Wb: readonly number[];
  readonly Rb: readonly number[];
}

/** A fully connected layer, [output][input]. */
export interface Linear {
  readonly W: readonly (readonly number[])[];
  readonly b: readonly number[];
}

/** Numbers that float16 holds exactly, so that every way of storing them is the same network. */
const number = (random: Random) => (random.below(257) - 128) / 64;
const list = (random: Random, n: number) => Array.from({ length: n }, () => number(random));
const matrix = (random: Random, m: number, n: number) =>
  Array.from({ length: m }, () => list(random, n));

export function randomLayer(random: Random, inputs: number, cells: number): GateLayer {
  const gate = (): Gate => ({
    W: matrix(random, cells, inputs),
    R: matrix(random, cells, cells),
    Wb: list(random, cells),
    Rb: list(random, cells),
  });
  return { inputs, cells, gates: { i: gate(), f: gate(), g: gate(), o: gate() } };
}

export function randomLinear(random: Random, inputs: number, outputs: number): Linear {
  return { W: matrix(random, outputs, inputs), b: list(random, outputs) };
}

/** What gates and states go through. */
export interface Means {
  readonly sigmoid: (x: number) => number;
  readonly tanh: (x: number) => number;
}
export const EXACT: Means = { sigmoid: (x) => 1 / (1 + Math.exp(-x)), tanh: Math.tanh };

/** h of every layer and the outputs, [frame][...], straight from the equations of the LSTM. */
export function runReference(
  layers: readonly GateLayer[],
  linear: Linear | null,
  frames: readonly (readonly number[])[],
  { sigmoid, tanh }: Means = EXACT,
): { readonly h: readonly (readonly (readonly number[])[])[]; readonly outputs: number[][] } {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const states = layers.map(({ cells }) => ({
    h: new Array<number>(cells).fill(0),
    c: new Array<number>(cells).fill(0),
  }));
  const h: number[][][] = layers.map(() => []);
  const outputs = frames.map((frame) => {
    let x = frame;
    layers.forEach(({ cells, gates }, l) => {
      const state = states[l] as { h: number[]; c: number[] };
      const sum = ({ W, R, Wb, Rb }: Gate, j: number) =>
        dot(W[j] as number[], x) +
        dot(R[j] as number[], state.h) +
        (Wb[j] as number) +
        (Rb[j] as number);
      const next = Array.from({ length: cells }, (_, j) => {
        const kept = sigmoid(sum(gates.f, j)) * (state.c[j] as number);
        const c = kept + sigmoid(sum(gates.i, j)) * tanh(sum(gates.g, j));
        return { c, h: sigmoid(sum(gates.o, j)) * tanh(c) };
      });
      states[l] = { h: next.map((n) => n.h), c: next.map((n) => n.c) };
      x = next.map((n) => n.h);
      h[l]?.push([...x]);
    });
    if (linear === null) return [...x];
    return linear.W.map((row, k) => dot(row, x) + (linear.b[k] as number));
  });
  return { h, outputs };
}
