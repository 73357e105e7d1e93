import { ints, node, tensor } from '../../../support/onnx.js';
import { lstm, type Parts, stacked } from './lstm-graph.js';
import type { GateLayer } from './lstm-reference.js';

/** Weights as PyTorch has them, gates i, f, g, o, put in order by nodes as its exporter does. */
export function fromPytorch(layer: GateLayer, l: number, x: string, opset: number): Parts {
  const { inputs, cells, gates } = layer;
  const own = (part: (gate: GateLayer['gates']['i']) => readonly (number | readonly number[])[]) =>
    [gates.i, gates.f, gates.g, gates.o].flatMap((gate) => part(gate).flat());
  const sources = {
    [`W_${l}`]: tensor(
      [4 * cells, inputs],
      own(({ W }) => W),
    ),
    [`R_${l}`]: tensor(
      [4 * cells, cells],
      own(({ R }) => R),
    ),
    [`Wb_${l}`]: tensor(
      [4 * cells],
      own(({ Wb }) => Wb),
    ),
    [`Rb_${l}`]: tensor(
      [4 * cells],
      own(({ Rb }) => Rb),
    ),
  };
  const tensors: Record<string, ReturnType<typeof tensor>> = {};
  const nodes = [];
  const cut = (from: string, to: string, start: number, end: number) => {
    if (opset < 10) return node('Slice', [from], [to], { axes: [0], starts: [start], ends: [end] });
    tensors[`${to}_from`] = ints(start);
    tensors[`${to}_to`] = ints(end);
    tensors[`${to}_axes`] = ints(0);
    return node('Slice', [from, `${to}_from`, `${to}_to`, `${to}_axes`], [to]);
  };
  const unsqueeze = (from: string, to: string) => {
    if (opset < 13) return node('Unsqueeze', [from], [to], { axes: [0] });
    tensors[`${to}_axes`] = ints(0);
    return node('Unsqueeze', [from, `${to}_axes`], [to]);
  };
  for (const [name, source] of Object.entries(sources)) {
    tensors[`${name}_ifgo`] = source;
    const gate = (g: string, i: number, n: number) =>
      cut(`${name}_ifgo`, `${name}_${g}`, i * cells, (i + n) * cells);
    nodes.push(gate('i', 0, 1), gate('o', 3, 1), gate('fg', 1, 2));
    nodes.push(
      node(
        'Concat',
        ['i', 'o', 'fg'].map((g) => `${name}_${g}`),
        [`${name}_iofc`],
        { axis: 0 },
      ),
    );
  }
  nodes.push(node('Concat', [`Wb_${l}_iofc`, `Rb_${l}_iofc`], [`B_${l}_iofc`], { axis: 0 }));
  for (const name of ['W', 'R', 'B']) nodes.push(unsqueeze(`${name}_${l}_iofc`, `${name}_${l}`));
  return { nodes: [...nodes, ...lstm(layer, l, x).nodes], tensors };
}

/** Layer 0 with 5 inputs and 4 cells as Keras has it: weights transposed, bias once, put in order by nodes. */
export function fromKeras(layer: GateLayer, x: string): Parts {
  const [W, R] = [stacked(layer, (gate) => gate.W), stacked(layer, (gate) => gate.R)];
  const transposed = (data: number[], m: number, n: number) =>
    Array.from({ length: m * n }, (_, i) => data[(i % m) * n + Math.floor(i / m)] as number);
  const nodes = [
    node('Transpose', ['kernel'], ['rows_w']),
    node('Unsqueeze', ['rows_w', 'zero'], ['W_0']),
    node('Split', ['recurrent'], ['r_i', 'r_o', 'r_f', 'r_c'], { axis: 1 }),
    node('Concat', ['r_i', 'r_o', 'r_f', 'r_c'], ['r'], { axis: -1 }),
    node('Transpose', ['r'], ['rows_r'], { perm: [1, 0] }),
    node('Reshape', ['rows_r', 'shape_r'], ['R_0']),
    node('Add', ['bias_w', 'bias_r'], ['bias_sum']),
    node('Sub', ['bias_sum', 'bias_sum'], ['zeros']),
    node('Concat', ['bias_sum', 'zeros'], ['both'], { axis: 0 }),
    node('Gather', ['both_row', 'none'], ['both_gathered'], { axis: 0 }),
    node('Identity', ['both_gathered'], ['B_0']),
  ];
  nodes.splice(9, 0, node('Flatten', ['both'], ['both_row'], { axis: 0 }));
  const tensors = {
    kernel: tensor([5, 16], transposed(W, 16, 5)),
    recurrent: tensor([4, 16], transposed(R, 16, 4)),
    zero: ints(0),
    none: ints(0),
    shape_r: ints(1, -1, 4),
    bias_w: tensor(
      [16],
      stacked(layer, (gate) => gate.Wb),
    ),
    bias_r: tensor(
      [16],
      stacked(layer, (gate) => gate.Rb),
    ),
  };
  return { nodes: [...nodes, ...lstm(layer, 0, x).nodes], tensors };
}
