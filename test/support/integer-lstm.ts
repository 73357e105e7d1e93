import type {
  ActivationTable,
  Model,
  SparseMatrix,
  TableScheme,
} from '../../generator/network/model.js';
import { type LayerView, type OutputView, type Read, stackOf } from './stack.js';

/**
 * The network once more, in BigInt and dense, straight from the formulas of the architecture page and sharing
 * no code with the golden model. Passes read any vector of this frame or of the one before. The frames are those of one
 * utterance: the first one has a bias of its own, and states behind it, where the model has them.
 */
export function integerLstm(model: Model, frames: readonly (readonly number[])[]) {
  const { activation, cell } = model.words;
  const { inputFraction, outputFraction } = model.tables.scheme;
  const { layers: stack, output } = stackOf(model);
  const state = stack.map(({ cells, initial }) =>
    Array.from({ length: cells }, (_, k) => BigInt(initial?.state?.[k] ?? 0)),
  );
  let before = [[], ...stack.map(({ cells }) => new Array<bigint>(cells).fill(0n))] as bigint[][];
  return frames.map((frame, t) => {
    const now: bigint[][] = [frame.map(BigInt)];
    const valuesOf = ({ vectors, age }: Read) =>
      vectors.flatMap((vector) => (age === 0 ? now : before)[vector] as bigint[]);
    const pointOf = ({ vectors: [first] }: Read) =>
      first === 0 ? model.input.fraction : activation - 1;
    const layers = stack.map((layer, l) => {
      const { x: readX, h: readH } = layer.reads;
      const xPoint = pointOf(readX) + layer.x.exponent;
      const hPoint = pointOf(readH) + layer.h.exponent;
      const point = Math.max(xPoint, hPoint, layer.biasFraction, inputFraction);
      const points = { xPoint, hPoint, point };
      const bias = t === 0 && layer.initial !== undefined ? layer.initial.bias : layer.bias;
      const sums = gateSums({ ...layer, bias }, valuesOf(readX), valuesOf(readH), points);
      const n = layer.cells;
      const sum = (gate: number, k: number) =>
        round(sums[gate * n + k] as bigint, point - inputFraction);
      const c = (state[l] as bigint[]).map((last, k) => {
        const [i, f] = [0, 1].map((gate) => sigmoid(model, sum(gate, k))) as [bigint, bigint];
        const g = tanh(model, sum(2, k));
        const fine = Math.max(outputFraction, layer.cellFraction);
        const exact = up(f * last, fine - layer.cellFraction) + up(i * g, fine - outputFraction);
        return clamp(round(exact, outputFraction + fine - layer.cellFraction), cell);
      });
      const h = c.map((value, k) => {
        const t = tanh(model, round(value, layer.cellFraction - inputFraction));
        const product = sigmoid(model, sum(3, k)) * t;
        return clamp(round(product, 2 * outputFraction - (activation - 1)), activation);
      });
      state[l] = c;
      now[l + 1] = h;
      return { sums, c, h };
    });
    const top = output === null ? now.at(-1) : valuesOf(output.reads);
    const point = output === null ? 0 : pointOf(output.reads);
    before = now;
    return { layers, outputs: outputs(output, point, top as bigint[]) };
  });
}

function gateSums(
  layer: LayerView,
  x: readonly bigint[],
  h: readonly bigint[],
  { xPoint, hPoint, point }: { xPoint: number; hPoint: number; point: number },
): bigint[] {
  return [...layer.bias].map(
    (bias, row) =>
      up(dot(layer.x, row, x), point - xPoint) +
      up(dot(layer.h, row, h), point - hPoint) +
      up(BigInt(bias), point - layer.biasFraction),
  );
}

function outputs(output: OutputView | null, own: number, h: readonly bigint[]): bigint[] {
  if (output === null) return [...h];
  const product = own + output.weights.exponent;
  const point = Math.max(product, output.biasFraction);
  return [...output.bias].map(
    (bias, row) =>
      up(dot(output.weights, row, h), point - product) +
      up(BigInt(bias), point - output.biasFraction),
  );
}

export function dot({ codes, columns }: SparseMatrix, row: number, x: readonly bigint[]): bigint {
  return x.reduce((sum, value, k) => sum + BigInt(codes[row * columns + k] as number) * value, 0n);
}

export function sigmoid({ tables: { sigmoid: table, scheme } }: Model, s: bigint): bigint {
  const u = clamp(s, scheme.inputBits);
  const one = 1n << BigInt(scheme.outputFraction);
  return u < 0n ? one - segment(table, -u, scheme) : segment(table, u, scheme);
}

export function tanh({ tables: { tanh: table, scheme } }: Model, s: bigint): bigint {
  const u = clamp(s, scheme.inputBits);
  return u < 0n ? -segment(table, -u, scheme) : segment(table, u, scheme);
}

function segment(
  table: ActivationTable,
  magnitude: bigint,
  { inputBits, segments }: TableScheme,
): bigint {
  const end = 1n << BigInt(inputBits - 1);
  const m = magnitude >= end ? end - 1n : magnitude;
  const width = end / BigInt(segments);
  const k = Number(m / width);
  const [y0, rise] = [BigInt(table.y0[k] as number), BigInt(table.slope[k] as number)];
  return y0 + (rise * (m % width) + width / 2n) / width;
}

export function up(value: bigint, shift: number): bigint {
  return value << BigInt(shift);
}

export function round(value: bigint, shift: number): bigint {
  if (shift <= 0) return value << BigInt(-shift);
  return (value + (1n << BigInt(shift - 1))) >> BigInt(shift);
}

export function clamp(value: bigint, bits: number): bigint {
  const limit = 1n << BigInt(bits - 1);
  return value >= limit ? limit - 1n : value < -limit ? -limit : value;
}
