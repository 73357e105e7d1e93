import { describe, expect, it } from 'vitest';
import { ints, node, tensor, typedTensor, value } from '../../support/onnx.js';
import { graphOf, lstm, lstmTensors, type Parts, stacked } from './support/lstm-graph.js';
import type { GateLayer } from './support/lstm-reference.js';
import { type Case, expectSame } from './support/same-network.js';
import {
  first,
  full,
  gemm,
  layers,
  outputs,
  parts,
  rows,
  second,
  squeezed,
} from './support/standard-network.js';

describe('an ONNX file computes the same, with weights', () => {
  const head = [rows, gemm];
  const inFile = (own: readonly [Parts, Parts], further: Partial<Case> = {}): Case => ({
    ...full,
    graph: graphOf([own[0], squeezed('Y_0', 's_0'), own[1], squeezed('Y_1', 'h'), ...head], {
      outputs,
    }),
    ...further,
  });

  it('in typed fields', async () => {
    const tensors = (layer: GateLayer) =>
      lstmTensors(layer, { make: typedTensor as typeof tensor });
    await expectSame(
      inFile([
        lstm(first, 0, 'x', { tensors: tensors(first) }),
        lstm(second, 1, 's_0', { tensors: tensors(second) }),
      ]),
    );
  });

  it.each([
    ['double', 'float64', tensor],
    ['double in typed fields', 'float64', typedTensor],
  ] as const)('in %s precision', async (_, type, make) => {
    const tensors = (layer: GateLayer) => lstmTensors(layer, { type, make: make as typeof tensor });
    const own = [
      lstm(first, 0, 'x', { tensors: tensors(first) }),
      squeezed('Y_0', 's_0'),
      lstm(second, 1, 's_0', { tensors: tensors(second) }),
    ];
    const graph = graphOf(own, { outputs: ['Y_0', 'Y_1'], type });
    await expectSame({ layers, graph, notInRuntime: 'its LSTM has no double precision' });
  });

  it.each([
    ['float16', tensor],
    ['bfloat16', tensor],
    ['float16', typedTensor],
  ] as const)('in %s, cast to float', async (type, make) => {
    const own = [first, second].map((layer, l) => {
      const { nodes, tensors } = lstm(layer, l, l === 0 ? 'x' : 's_0', {
        tensors: lstmTensors(layer, { type, make: make as typeof tensor }),
      });
      const renamed = Object.fromEntries(
        Object.entries(tensors).map(([name, one]) => [`${name}_16`, one]),
      );
      const casts = Object.keys(tensors).map((name) =>
        node('Cast', [`${name}_16`], [name], { to: 1 }),
      );
      return parts([...casts, ...nodes], renamed);
    });
    await expectSame(inFile(own as [Parts, Parts]));
  });

  it('in Constant nodes', async () => {
    const own = [first, second].map((layer, l) => {
      const { nodes, tensors } = lstm(layer, l, l === 0 ? 'x' : 's_0');
      const constants = Object.entries(tensors).map(([name, one]) =>
        node('Constant', [], [name], { value: { tensor: one } }),
      );
      return parts([...constants, ...nodes]);
    });
    await expectSame(inFile(own as [Parts, Parts]));
  });

  it('in inputs that have initializers, as files before version 4 have them', async () => {
    const { graph, ...rest } = inFile([lstm(first, 0, 'x'), lstm(second, 1, 's_0')]);
    const more = (graph.initializer ?? []).map(({ name, dims, data_type }) =>
      value(name as string, dims, data_type === 7 ? 'int64' : 'float32'),
    );
    await expectSame({
      ...rest,
      ir: 3,
      opset: 13,
      graph: { ...graph, input: [...graph.input, ...more] },
    });
  });

  it('without biases', async () => {
    const bare = layers.map((layer) => ({
      ...layer,
      gates: Object.fromEntries(
        Object.entries(layer.gates).map(([name, gate]) => [
          name,
          { ...gate, Wb: gate.Wb.map(() => 0), Rb: gate.Rb.map(() => 0) },
        ]),
      ) as unknown as GateLayer['gates'],
    }));
    await expectSame({
      ...inFile([lstm(first, 0, 'x', { bias: false }), lstm(second, 1, 's_0', { bias: false })]),
      layers: bare,
    });
  });

  /** Weights as PyTorch has them, gates i, f, g, o, put in order by nodes as its exporter does. */
  function fromPytorch(layer: GateLayer, l: number, x: string, opset: number): Parts {
    const { inputs, cells, gates } = layer;
    const own = (
      part: (gate: GateLayer['gates']['i']) => readonly (number | readonly number[])[],
    ) => [gates.i, gates.f, gates.g, gates.o].flatMap((gate) => part(gate).flat());
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
      if (opset < 10)
        return node('Slice', [from], [to], { axes: [0], starts: [start], ends: [end] });
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
    return parts([...nodes, ...lstm(layer, l, x).nodes], tensors);
  }

  it.each([9, 11, 13, 17])(
    'put in order by Slice, Concat and Unsqueeze, operator set %i',
    async (opset) => {
      const squeeze = (from: string, to: string) =>
        opset < 13 ? parts([node('Squeeze', [from], [to], { axes: [1] })]) : squeezed(from, to);
      const own = [
        fromPytorch(first, 0, 'x', opset),
        squeeze('Y_0', 's_0'),
        fromPytorch(second, 1, 's_0', opset),
        squeeze('Y_1', 'h'),
      ];
      const graph = graphOf([...own, ...head], { outputs });
      const imported = await expectSame({ ...full, opset, ir: opset < 10 ? 4 : 8, graph });
      expect(imported.leftOut).toEqual([]);
    },
  );

  it('as Keras has them: transposed, split, one bias and zeros', async () => {
    const [W, R] = [stacked(first, (gate) => gate.W), stacked(first, (gate) => gate.R)];
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
        stacked(first, (gate) => gate.Wb),
      ),
      bias_r: tensor(
        [16],
        stacked(first, (gate) => gate.Rb),
      ),
    };
    await expectSame({
      layers: [first],
      graph: graphOf([parts([...nodes, ...lstm(first, 0, 'x').nodes], tensors)], {
        outputs: ['Y_0'],
      }),
    });
  });
});
