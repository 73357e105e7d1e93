import { describe, expect, it } from 'vitest';
import { node, tensor, typedTensor, value } from '../../support/onnx.js';
import { fromKeras, fromPytorch } from './support/exporters.js';
import { graphOf, lstm, lstmTensors, type Parts } from './support/lstm-graph.js';
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
    const graph = graphOf(own, { outputs: ['Y_1'], type });
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
    await expectSame({
      layers: [first],
      graph: graphOf([fromKeras(first, 'x')], {
        outputs: ['Y_0'],
      }),
    });
  });
});
