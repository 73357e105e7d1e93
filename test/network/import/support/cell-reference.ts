import { expect } from 'vitest';
import { Random } from '../../../../generator/base/random.js';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import type { Tensor } from '../../../../generator/network/formats/safetensors.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { EXACT, type Gate, type Linear, type Means } from './lstm-reference.js';
import { tensor } from './state-dict.js';

export const OTHER_CELLS = ['gru', 'rnn-tanh', 'rnn-relu'] as const;
export type OtherCell = (typeof OTHER_CELLS)[number];

/** A layer of GRU or RNN with separate matrices and both biases of each gate: nothing of it comes from an importer. */
export interface CellLayer {
  readonly cell: OtherCell;
  /** Of a GRU whose reset gate stands before the product. */
  readonly reset?: 'before';
  readonly inputs: number;
  readonly cells: number;
  /** Of a GRU r, z, n; of an RNN one. */
  readonly gates: readonly Gate[];
}

/** Numbers that float16 holds; those of a ReLU are small, as its h would grow from frame to frame. */
export function randomCell(
  random: Random,
  cell: OtherCell,
  inputs: number,
  cells: number,
): CellLayer {
  const unit = cell === 'rnn-relu' ? 256 : 64;
  const list = (n: number) => Array.from({ length: n }, () => (random.below(257) - 128) / unit);
  const matrix = (n: number) => Array.from({ length: cells }, () => list(n));
  const gate = (): Gate => ({
    W: matrix(inputs),
    R: matrix(cells),
    Wb: list(cells),
    Rb: list(cells),
  });
  return { cell, inputs, cells, gates: Array.from({ length: cell === 'gru' ? 3 : 1 }, gate) };
}

export const withoutBiases = (layer: CellLayer): CellLayer => ({
  ...layer,
  gates: layer.gates.map((gate) => ({
    ...gate,
    Wb: gate.Wb.map(() => 0),
    Rb: gate.Rb.map(() => 0),
  })),
});

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** h of a layer in the next frame, as the pages of torch.nn.GRU and torch.nn.RNN, and of GRU of ONNX, have it. */
function nextOf(
  layer: CellLayer,
  x: readonly number[],
  h: readonly number[],
  { sigmoid, tanh }: Means,
) {
  const { cell, cells, gates } = layer;
  const ofX = (gate: Gate, j: number) => dot(gate.W[j] as number[], x) + (gate.Wb[j] as number);
  const ofH = (gate: Gate, j: number, values = h) =>
    dot(gate.R[j] as number[], values) + (gate.Rb[j] as number);
  return Array.from({ length: cells }, (_, j) => {
    if (cell !== 'gru') {
      const [gate] = gates as [Gate];
      const sum = ofX(gate, j) + ofH(gate, j);
      return cell === 'rnn-tanh' ? tanh(sum) : Math.max(0, sum);
    }
    const [r, z, n] = gates as [Gate, Gate, Gate];
    const reset = (at: number) => sigmoid(ofX(r, at) + ofH(r, at));
    const update = sigmoid(ofX(z, j) + ofH(z, j));
    const kept =
      layer.reset === 'before'
        ? ofH(
            n,
            j,
            h.map((one, k) => reset(k) * one),
          )
        : reset(j) * ofH(n, j);
    const candidate = tanh(ofX(n, j) + kept);
    return (1 - update) * candidate + update * (h[j] as number);
  });
}

/** Outputs of each frame: the linear layer on h of the last layer, or that h. `initial` is h of each layer at the start. */
export function runCells(
  layers: readonly CellLayer[],
  linear: Linear | null,
  frames: readonly (readonly number[])[],
  initial: readonly (readonly number[])[] = layers.map(({ cells }) => new Array(cells).fill(0)),
  means: Means = EXACT,
): number[][] {
  let states = initial;
  return frames.map((frame) => {
    let x: readonly number[] = frame;
    states = layers.map((layer, l) => {
      x = nextOf(layer, x, states[l] as number[], means);
      return x;
    });
    return linear === null
      ? [...x]
      : linear.W.map((row, k) => dot(row, x) + (linear.b[k] as number));
  });
}

const SEED = 31;

/** Frames in which the networks are compared. */
export function randomFrames(inputs: number, count = 30): number[][] {
  const random = new Random(SEED);
  return Array.from({ length: count }, () =>
    Array.from({ length: inputs }, () => Math.fround(4 * random.unit() - 2)),
  );
}

/** Runs what was imported against the equations, to 1e-12 of the largest output above one. */
export function expectCells(
  { model }: Pick<Imported, 'model'>,
  layers: readonly CellLayer[],
  linear: Linear | null,
  initial?: readonly (readonly number[])[],
): void {
  const kinds = layers.map(({ cell, reset }) => [cell, reset]);
  expect(model.layers.map(({ cell, reset }) => [cell, reset])).toEqual(kinds);
  const frames = randomFrames(layers[0]?.inputs as number);
  const network = new FloatNetwork(model);
  const expected = runCells(layers, linear, frames, initial);
  const most = frames.flatMap((frame, t) => {
    const own = network.step(Float64Array.from(frame)).outputs;
    const theirs = expected[t] as number[];
    expect(own.length).toBe(theirs.length);
    return Array.from(own, (value, i) => {
      const other = theirs[i] as number;
      return Math.abs(value - other) / Math.max(1, Math.abs(other));
    });
  });
  expect(Math.max(...most)).toBeLessThan(1e-12);
}

/** All numbers of one part of the gates, one gate behind the other, in the order of these places. */
export const ofGates = (
  { gates }: CellLayer,
  part: (gate: Gate) => readonly (number | readonly number[])[],
  order: readonly number[] = gates.map((_, i) => i),
): number[] => order.flatMap((at) => part(gates[at] as Gate).flat());

/** Tensors as PyTorch has them: r, z, n below each other. `name` completes the name. */
export function torchTensors(
  layer: CellLayer,
  name: (kind: string) => string,
  { biases = true, dtype = 'F32' as Parameters<typeof tensor>[2] } = {},
): [string, Tensor][] {
  const { inputs, cells, gates } = layer;
  const rows = gates.length * cells;
  const of = (shape: number[], part: (gate: Gate) => readonly (number | readonly number[])[]) =>
    tensor(shape, ofGates(layer, part), dtype);
  const all: [string, Tensor][] = [
    [name('weight_ih'), of([rows, inputs], ({ W }) => W)],
    [name('weight_hh'), of([rows, cells], ({ R }) => R)],
    [name('bias_ih'), of([rows], ({ Wb }) => Wb)],
    [name('bias_hh'), of([rows], ({ Rb }) => Rb)],
  ];
  return biases ? all : all.slice(0, 2);
}
