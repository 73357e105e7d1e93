import { Random } from '../../generator/base/random.js';
import type { FloatLayer, FloatModel } from '../../generator/network/float/model.js';
import type { Reals } from '../../generator/network/float/reals.js';

/** A cell as torch.nn has it, a GRU with the reset gate before the product, or an LSTM whose h is projected. */
export const TORCH_CELLS = [
  'lstm',
  'gru',
  'gru-before',
  'rnn-tanh',
  'rnn-relu',
  'lstm-proj',
] as const;
export type TorchCell = (typeof TORCH_CELLS)[number];

const GATES = { lstm: 4, 'lstm-proj': 4, gru: 3, 'gru-before': 3, 'rnn-tanh': 1, 'rnn-relu': 1 };
const CHANNELS = { ...GATES, gru: 4 };

/** How a layer runs: forward, backward in line with the frames, or backward in the order of its steps. */
export type Way = 'forward' | 'backward' | 'steps';

/** Passes of one layer on layers of the network, weights uniform in [-1, 1) times `scale`. */
export function directed(
  cell: TorchCell,
  way: Way,
  size: { readonly inputs: number; readonly cells: number; readonly projected?: number },
  from: readonly number[] | undefined,
  random: Random,
  name = way as string,
): readonly FloatLayer[] {
  const { inputs, cells, projected = 2 } = size;
  const tensor = (part: string, length: number, scale = 0.7) => ({
    name: `${name}.${part}`,
    values: Float64Array.from({ length }, () => scale * (2 * random.unit() - 1)),
  });
  const time = {
    ...(way !== 'forward' && { direction: 'backward' as const }),
    ...(way === 'steps' && { aligned: false as const }),
  };
  const width = cell === 'lstm-proj' ? projected : cells;
  const kinds = { 'lstm-proj': 'lstm', 'gru-before': 'gru' } as const;
  const layer: FloatLayer = {
    cell: (kinds as Partial<Record<TorchCell, 'lstm' | 'gru'>>)[cell] ?? (cell as 'lstm'),
    ...(from && { from }),
    ...{ inputs, cells },
    x: tensor('x', GATES[cell] * cells * inputs),
    h: tensor('h', GATES[cell] * cells * width),
    bias: tensor('bias', CHANNELS[cell] * cells),
    initial: {
      h: tensor('h0', width),
      c: cell.startsWith('lstm') ? tensor('c0', cells) : null,
    },
    ...(cell === 'gru-before' && { reset: 'before' as const }),
    ...(cell === 'lstm-proj' && { loop: 1 }),
    ...time,
  };
  if (cell !== 'lstm-proj') return [layer];
  const projection: FloatLayer = {
    ...{ cell: 'dense-linear', inputs: cells, cells: projected, h: null },
    x: tensor('proj', projected * cells),
    bias: tensor('none', projected, 0),
    ...time,
  };
  return [layer, projection];
}

/** A linear layer that writes what it reads, behind layers whose values stand side by side. */
export function identityOf(size: number, from: readonly number[]): FloatLayer {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return {
    ...{ cell: 'dense-linear', from, inputs: size, cells: size, h: null },
    x: { name: 'identity', values },
    bias: { name: 'zeros', values: new Float64Array(size) },
  };
}

/** Both directions of layers on each other, those of one reading both of the one below; an output layer behind. */
export function bidirectional(
  cell: TorchCell,
  { inputs, cells, outputs }: { inputs: number; cells: readonly number[]; outputs: number },
  seed: number,
): FloatModel {
  const random = new Random(seed);
  const layers: FloatLayer[] = [];
  let read: readonly number[] = [-1];
  let width = inputs;
  cells.forEach((own, l) => {
    const written: number[] = [];
    for (const way of ['forward', 'backward'] as const) {
      const size = { inputs: width, cells: own };
      const name = `rnn.${way}_l${l}`;
      layers.push(...directed(cell, way, size, read, random, name));
      written.push(layers.length - 1);
    }
    read = written;
    width = 2 * (layers.at(-1)?.cells as number);
  });
  const uniform = (length: number) => Float64Array.from({ length }, () => 2 * random.unit() - 1);
  return {
    layers,
    output: {
      ...{ from: read, inputs: width, outputs },
      weights: { name: 'fc.weight', values: uniform(outputs * width) },
      bias: { name: 'fc.bias', values: uniform(outputs) },
    },
  };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * One layer over one utterance in plain loops, h of each step in the order of the steps, as torch.nn writes the formulas. `frames` are in
 * the order in which the layer sees them.
 */
export function torchSteps(
  cell: TorchCell,
  [layer, projection]: readonly FloatLayer[],
  frames: readonly (readonly number[])[],
): number[][] {
  const { inputs, cells, x, h: u, bias, initial } = layer as FloatLayer;
  const width = u === null ? 0 : u.values.length / GATES[cell] / cells;
  let h = [...(initial?.h.values ?? [])];
  let c = [...(initial?.c?.values ?? [])];
  const row = (m: Reals | undefined, r: number, n: number, v: readonly number[]) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (m?.[r * n + k] as number) * (v[k] as number);
    return sum;
  };
  return frames.map((frame) => {
    const b = (channel: number, k: number) => bias.values[channel * cells + k] as number;
    const wx = (gate: number, k: number) => row(x.values, gate * cells + k, inputs, frame);
    const uh = (gate: number, k: number, v: readonly number[] = h) =>
      row(u?.values, gate * cells + k, width, v);
    const units = Array.from({ length: cells }, (_, k) => k);
    const sum = (gate: number, k: number) => wx(gate, k) + uh(gate, k) + b(gate, k);
    if (cell === 'lstm' || cell === 'lstm-proj') {
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => units.map((k) => sum(gate, k))) as number[][];
      c = units.map(
        (k) =>
          sigmoid(f?.[k] as number) * (c[k] as number) +
          sigmoid(i?.[k] as number) * Math.tanh(g?.[k] as number),
      );
      const m = units.map((k) => sigmoid(o?.[k] as number) * Math.tanh(c[k] as number));
      h = m;
      if (projection !== undefined) {
        h = Array.from({ length: projection.cells }, (_, r) =>
          row(projection.x.values, r, cells, m),
        );
      }
    } else if (cell === 'rnn-tanh' || cell === 'rnn-relu') {
      const act = cell === 'rnn-tanh' ? Math.tanh : (v: number) => Math.max(0, v);
      h = units.map((k) => act(sum(0, k)));
    } else {
      const r = units.map((k) => sigmoid(sum(0, k)));
      const z = units.map((k) => sigmoid(sum(1, k)));
      const gated = h.map((v, k) => v * (r[k] as number));
      const n = units.map((k) =>
        Math.tanh(
          cell === 'gru'
            ? wx(2, k) + b(2, k) + (r[k] as number) * (uh(2, k) + b(3, k))
            : wx(2, k) + uh(2, k, gated) + b(2, k),
        ),
      );
      h = units.map(
        (k) => (1 - (z[k] as number)) * (n[k] as number) + (z[k] as number) * (h[k] as number),
      );
    }
    return [...h];
  });
}
