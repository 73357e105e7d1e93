import type { Builder } from './builder.js';

/** Gates in the order of ONNX, as rows of W, R and B. */
const ORDER = ['i', 'o', 'f', 'g'] as const;

/** What the gate has: weights [cells, inputs] and [cells, cells], biases [cells]. */
export interface Gate {
  readonly x: Float64Array;
  readonly h: Float64Array;
  readonly bias: Float64Array;
}

/** An LSTM as every form of one in a file comes down to it. */
export interface FoundLstm {
  readonly name: string;
  /** Nodes of the file that it is. */
  readonly nodes: readonly string[];
  readonly inputs: number;
  readonly cells: number;
  readonly gates: Readonly<Record<'i' | 'f' | 'g' | 'o', Gate>>;
  /** What reports call its tensors, and the tensors of the file that they come from. */
  readonly tensors: Readonly<Record<'x' | 'h' | 'bias', { name: string; of: readonly string[] }>>;
  /** The value with its frames: [frames, batch, inputs], or [batch, frames, inputs]. */
  readonly frames: string;
  readonly timeFirst: boolean;
  /** Values [batch, cells] at the start; empty where they are zeros. */
  readonly start: { readonly h: string; readonly c: string };
  /** Names of what it hands out: h of every frame under the axes of the frames, h and c [batch, cells] of the last. */
  readonly outputs: {
    readonly every?: string | undefined;
    readonly h?: string | undefined;
    readonly c?: string | undefined;
  };
}

/** Adds it as the operator LSTM of ONNX. */
export function addLstm(builder: Builder, lstm: FoundLstm): void {
  const { name, nodes, inputs, cells, gates, tensors, timeFirst, start, outputs } = lstm;
  const joined = (part: keyof Gate, length: number, all = 4 * length): Float64Array => {
    const values = new Float64Array(all);
    ORDER.forEach((gate, i) => {
      values.set(gates[gate][part], i * length);
    });
    return values;
  };
  const [W = '', R = '', B = ''] = builder.reals([
    { ...tensors.x, shape: [1, 4 * cells, inputs], values: joined('x', cells * inputs) },
    { ...tensors.h, shape: [1, 4 * cells, cells], values: joined('h', cells * cells) },
    // half of it are biases of a second kind, which is zero
    { ...tensors.bias, shape: [1, 8 * cells], values: joined('bias', cells, 8 * cells) },
  ]);
  // ONNX's layout 0 has the batch of states behind the axis of directions, layout 1 before it
  const directions = builder.integers(name, [timeFirst ? 0 : 1]);
  const state = (value: string) =>
    value === '' ? '' : builder.part(name, 'Unsqueeze', [value, directions]);
  const [Y, h, c] = [builder.fresh(name, 'Y'), builder.fresh(name, 'h'), builder.fresh(name, 'c')];
  builder.items.push({
    op: 'LSTM',
    name,
    of: nodes,
    inputs: [lstm.frames, W, R, B, '', state(start.h), state(start.c)],
    outputs: [Y, h, c],
    attributes: { hidden_size: cells, layout: timeFirst ? 0 : 1 },
  });
  const drop = (value: string, axes: string, output: string | undefined) => {
    if (output !== undefined) builder.part(name, 'Squeeze', [value, axes], {}, output);
  };
  drop(Y, builder.integers(name, [timeFirst ? 1 : 2]), outputs.every);
  drop(h, directions, outputs.h);
  drop(c, directions, outputs.c);
}
