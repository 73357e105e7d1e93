import { expect } from 'vitest';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { randomFrames } from './cell-reference.js';

const GATES = ['i', 'f', 'g', 'o'] as const;
export type GateName = (typeof GATES)[number];

/** Rows [cell][column], biases and weights of the state [cell]. */
export interface VariantGate {
  readonly W: readonly (readonly number[])[];
  readonly R: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly p?: readonly number[] | undefined;
}

/** An LSTM with what the pages of LSTMCell of TensorFlow and lstm_eval.cc of TensorFlow Lite add to it. */
export interface Variant {
  readonly gates: Readonly<Record<Exclude<GateName, 'i'>, VariantGate>> & {
    /** Null: 1 - f. */
    readonly i: VariantGate | null;
  };
  readonly projection?:
    | {
        readonly W: readonly (readonly number[])[];
        readonly b?: readonly number[];
        readonly clip?: number;
      }
    | undefined;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, one, i) => sum + one * (b[i] as number), 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** h of every frame. Nothing of it comes from an importer. */
export function runVariant(
  { gates, projection }: Variant,
  frames: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const cells = gates.f.b.length;
  let h: readonly number[] = new Array((projection?.W ?? gates.f.b).length).fill(0);
  let c: readonly number[] = new Array(cells).fill(0);
  return frames.map((x) => {
    const sums = ({ W, R, b, p }: VariantGate, state: readonly number[]) =>
      b.map(
        (one, j) =>
          one + dot(W[j] ?? [], x) + dot(R[j] ?? [], h) + (p?.[j] ?? 0) * (state[j] as number),
      );
    const f = sums(gates.f, c).map(sigmoid);
    const i = gates.i === null ? f.map((one) => 1 - one) : sums(gates.i, c).map(sigmoid);
    const g = sums(gates.g, c).map(Math.tanh);
    c = c.map((one, j) => one * (f[j] as number) + (i[j] as number) * (g[j] as number));
    const m = sums(gates.o, c).map((one, j) => sigmoid(one) * Math.tanh(c[j] as number));
    if (projection === undefined) h = m;
    else {
      const { W, b, clip = Number.POSITIVE_INFINITY } = projection;
      h = W.map((row, k) => Math.max(-clip, Math.min(clip, dot(row, m) + (b?.[k] ?? 0))));
    }
    return h;
  });
}

/** Holds what was imported, without an output layer, against the equations. */
export function expectVariant({ model }: Pick<Imported, 'model'>, variant: Variant): void {
  const frames = randomFrames(variant.gates.f.W[0]?.length as number);
  const network = new FloatNetwork(model);
  const expected = runVariant(variant, frames);
  const far = frames.flatMap((frame, t) => {
    const own = network.step(Float64Array.from(frame)).outputs;
    expect(own).toHaveLength(expected[t]?.length as number);
    return Array.from(own, (one, i) => Math.abs(one - (expected[t]?.[i] as number)));
  });
  expect(Math.max(...far)).toBeLessThan(1e-12);
}
