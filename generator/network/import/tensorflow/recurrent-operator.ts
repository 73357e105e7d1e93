import type { RealRange } from '../../float/model.js';
import type { Builder } from './builder.js';
import type { LoweredNode } from './lowered.js';

/** What the gate has: weights [cells, inputs] and [cells, values of h], biases [cells]. */
export interface Gate {
  readonly x: Float64Array;
  readonly h: Float64Array;
  readonly bias: Float64Array;
  /** Biases beside the product of h, which a reset gate weighs; absent: zeros. */
  readonly hBias?: Float64Array;
  /** Weights of the state, [cells]; absent: none. */
  readonly peephole?: Float64Array | undefined;
}

/** Tensors of a layer: what reports call one, and the tensors of the file that it comes from. */
export interface Source {
  readonly name: string;
  readonly of: readonly string[];
}

/** What makes h of what the cells give: h = W (o tanh(c)) + b. */
export interface FoundProjection {
  /** Values of h. */
  readonly values: number;
  /** [values, cells]. */
  readonly weights: Float64Array;
  /** [values]; null where there are none. */
  readonly bias: Float64Array | null;
  readonly range?: RealRange | undefined;
  readonly tensor: Source;
}

/** A recurrent layer as every form of one in a file comes down to it, its gates apart. */
export interface FoundLayer {
  readonly name: string;
  /** Nodes of the file that it is. */
  readonly nodes: readonly string[];
  readonly inputs: number;
  readonly cells: number;
  readonly tensors: Readonly<Record<'x' | 'h' | 'bias', Source>>;
  /** The value with its frames: [frames, batch, inputs], or [batch, frames, inputs]. */
  readonly frames: string;
  readonly timeFirst: boolean;
  /** Values [batch, cells] at the start, of h [batch, values]; empty where they are zeros. */
  readonly start: { readonly h: string; readonly c: string };
  /** Names of what it hands out: h of every frame under the axes of the frames, h and c [batch, cells] of the last. */
  readonly outputs: {
    readonly every?: string | undefined;
    readonly h?: string | undefined;
    readonly c?: string | undefined;
  };
  /** Absent: h has a value for each cell. */
  readonly projection?: FoundProjection | undefined;
}

/** An operator of ONNX that a layer is, its gates in the order of that. */
interface Operator {
  readonly op: 'LSTM' | 'GRU' | 'RNN';
  readonly gates: readonly Gate[];
  readonly states: readonly ('h' | 'c')[];
  /** Those of its gates that may weigh the state, in the order of P; absent: none. */
  readonly peepholes?: readonly Gate[];
  readonly attributes: LoweredNode['attributes'];
}

/** Adds a layer as an operator of ONNX, which has its states on one more axis. */
export function addOperator(builder: Builder, layer: FoundLayer, operator: Operator): void {
  const { name, nodes, cells, frames, timeFirst, start, outputs } = layer;
  const { op, states, attributes } = operator;
  const [W, R, B, P] = tensorsOf(builder, layer, operator);
  // ONNX's layout 0 has the batch of states behind the axis of directions, layout 1 before it
  const directions = builder.integers(name, [timeFirst ? 0 : 1]);
  const state = (value: string) =>
    value === '' ? '' : builder.part(name, 'Unsqueeze', [value, directions]);
  const Y = builder.fresh(name, 'Y');
  const ends = states.map((kind) => ({ kind, value: builder.fresh(name, kind) }));
  const inputs = [frames, W, R, B, '', ...states.map((kind) => state(start[kind]))];
  builder.items.push({
    op,
    name,
    of: nodes,
    inputs: P === null ? inputs : [...inputs, P],
    outputs: [Y, ...ends.map(({ value }) => value)],
    attributes: { hidden_size: cells, layout: timeFirst ? 0 : 1, ...attributes },
  });
  const drop = (value: string, axes: string, output: string | undefined) => {
    if (output !== undefined) builder.part(name, 'Squeeze', [value, axes], {}, output);
  };
  drop(Y, builder.integers(name, [timeFirst ? 1 : 2]), outputs.every);
  for (const { kind, value } of ends) drop(value, directions, outputs[kind]);
}

/** Adds the constants of the operator, and those of the projection beside it. */
function tensorsOf(
  builder: Builder,
  { inputs, cells, tensors, projection }: FoundLayer,
  { gates, peepholes = [] }: Operator,
): readonly [W: string, R: string, B: string, P: string | null] {
  const rows = gates.length * cells;
  const width = projection?.values ?? cells;
  const joined = (parts: readonly (Float64Array | undefined)[], length: number): Float64Array => {
    const values = new Float64Array(parts.length * length);
    parts.forEach((part, i) => {
      if (part !== undefined) values.set(part, i * length);
    });
    return values;
  };
  const [x, h] = (['x', 'h'] as const).map((side) => gates.map((gate) => gate[side]));
  const biases = [...gates.map(({ bias }) => bias), ...gates.map(({ hBias }) => hBias)];
  const own = [
    { ...tensors.x, shape: [1, rows, inputs], values: joined(x ?? [], cells * inputs) },
    { ...tensors.h, shape: [1, rows, width], values: joined(h ?? [], cells * width) },
    { ...tensors.bias, shape: [1, 2 * rows], values: joined(biases, cells) },
  ];
  const weighed = peepholes.map(({ peephole }) => peephole);
  const hasP = weighed.some((one) => one !== undefined);
  const P = {
    name: `peepholes of ${tensors.bias.name}`,
    of: tensors.bias.of,
    shape: [1, weighed.length * cells],
    values: joined(weighed, cells),
  };
  const made = builder.reals([
    ...own,
    ...(hasP ? [P] : []),
    ...(projection === undefined ? [] : madeOf(projection, cells)),
  ]);
  const [W = '', R = '', B = '', ...more] = made;
  const [weights = '', bias = ''] = hasP ? more.slice(1) : more;
  if (projection !== undefined) {
    builder.collected.projections.set(R, { weights, bias, range: projection.range });
  }
  return [W, R, B, hasP ? (more[0] ?? '') : null];
}

function madeOf({ values, weights, bias, tensor }: FoundProjection, cells: number) {
  const matrix = { ...tensor, shape: [values, cells], values: weights };
  const biases = { ...tensor, name: `biases of ${tensor.name}`, shape: [values] };
  return bias === null ? [matrix] : [matrix, { ...biases, values: bias }];
}
