import type { Builder } from './builder.js';
import type { LoweredNode } from './lowered.js';

/** What the gate has: weights [cells, inputs] and [cells, cells], biases [cells]. */
export interface Gate {
  readonly x: Float64Array;
  readonly h: Float64Array;
  readonly bias: Float64Array;
  /** Biases beside the product of h, which a reset gate weighs; absent: zeros. */
  readonly hBias?: Float64Array;
}

/** A recurrent layer as every form of one in a file comes down to it, its gates apart. */
export interface FoundLayer {
  readonly name: string;
  /** Nodes of the file that it is. */
  readonly nodes: readonly string[];
  readonly inputs: number;
  readonly cells: number;
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

/** An operator of ONNX that a layer is, its gates in the order of that. */
interface Operator {
  readonly op: 'LSTM' | 'GRU';
  readonly gates: readonly Gate[];
  readonly states: readonly ('h' | 'c')[];
  readonly attributes: LoweredNode['attributes'];
}

/** Adds a layer as an operator of ONNX, which has its states on one more axis. */
export function addOperator(
  builder: Builder,
  { name, nodes, inputs, cells, tensors, frames, timeFirst, start, outputs }: FoundLayer,
  { op, gates, states, attributes }: Operator,
): void {
  const rows = gates.length * cells;
  const joined = (parts: readonly (Float64Array | undefined)[], length: number): Float64Array => {
    const values = new Float64Array(parts.length * length);
    parts.forEach((part, i) => {
      if (part !== undefined) values.set(part, i * length);
    });
    return values;
  };
  const [W = '', R = '', B = ''] = builder.reals([
    {
      ...tensors.x,
      shape: [1, rows, inputs],
      values: joined(
        gates.map(({ x }) => x),
        cells * inputs,
      ),
    },
    {
      ...tensors.h,
      shape: [1, rows, cells],
      values: joined(
        gates.map(({ h }) => h),
        cells * cells,
      ),
    },
    {
      ...tensors.bias,
      shape: [1, 2 * rows],
      values: joined([...gates.map(({ bias }) => bias), ...gates.map(({ hBias }) => hBias)], cells),
    },
  ]);
  // ONNX's layout 0 has the batch of states behind the axis of directions, layout 1 before it
  const directions = builder.integers(name, [timeFirst ? 0 : 1]);
  const state = (value: string) =>
    value === '' ? '' : builder.part(name, 'Unsqueeze', [value, directions]);
  const Y = builder.fresh(name, 'Y');
  const ends = states.map((kind) => ({ kind, value: builder.fresh(name, kind) }));
  builder.items.push({
    op,
    name,
    of: nodes,
    inputs: [frames, W, R, B, '', ...states.map((kind) => state(start[kind]))],
    outputs: [Y, ...ends.map(({ value }) => value)],
    attributes: { hidden_size: cells, layout: timeFirst ? 0 : 1, ...attributes },
  });
  const drop = (value: string, axes: string, output: string | undefined) => {
    if (output !== undefined) builder.part(name, 'Squeeze', [value, axes], {}, output);
  };
  drop(Y, builder.integers(name, [timeFirst ? 1 : 2]), outputs.every);
  for (const { kind, value } of ends) drop(value, directions, outputs[kind]);
}
