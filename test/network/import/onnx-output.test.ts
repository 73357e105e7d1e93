import { describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { ints, node, onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, linearTensor, lstm, type Parts } from './support/lstm-graph.js';
import { randomLinear } from './support/lstm-reference.js';
import { expectSame } from './support/same-network.js';
import {
  first,
  full,
  gemm,
  gemmTensors,
  layers,
  linear,
  outputs,
  parts,
  random,
  rows,
  two,
  withHead,
} from './support/standard-network.js';
import { layerTensors, stateDict } from './support/state-dict.js';

describe('an ONNX file computes the same, with the output layer as', () => {
  const matrix = linearTensor(linear, 'inputs');
  const bias = tensor([2], linear.b);
  const scaled = (by: number, { W, b }: typeof linear) => ({
    W: W.map((row) => row.map((one) => one * by)),
    b: b.map((one) => one * by),
  });

  it.each<[string, readonly Parts[]]>([
    ['Gemm with its matrix by outputs', [rows, gemm]],
    [
      'Gemm with its matrix by inputs, alpha and beta',
      [
        rows,
        parts(
          [node('Gemm', ['rows', 'F', 'b'], ['y'], { alpha: { float: 2 }, beta: { float: -4 } })],
          {
            F: linearTensor(scaled(0.5, linear), 'inputs'),
            b: tensor([1, 2], scaled(-0.25, linear).b),
          },
        ),
      ],
    ],
    [
      'Gemm on h transposed',
      [
        rows,
        parts(
          [
            node('Transpose', ['rows'], ['columns'], { perm: [1, 0] }),
            node('Gemm', ['columns', 'F', 'b'], ['y'], { transA: 1, transB: 1 }),
          ],
          gemmTensors,
        ),
      ],
    ],
    [
      'Gemm with h as its second operand',
      [
        rows,
        parts([node('Gemm', ['F', 'rows', 'b'], ['y'], { transB: 1 })], {
          F: linearTensor(linear, 'outputs'),
          b: tensor([2, 1], linear.b),
        }),
      ],
    ],
    [
      'MatMul and Add',
      [
        parts([node('MatMul', ['h', 'F'], ['m']), node('Add', ['m', 'b'], ['y'])], {
          F: matrix,
          b: bias,
        }),
      ],
    ],
    [
      'MatMul and Add the other way round',
      [
        parts([node('MatMul', ['h', 'F'], ['m']), node('Add', ['b', 'm'], ['y'])], {
          F: matrix,
          b: bias,
        }),
      ],
    ],
    [
      'MatMul, a reshape and Add',
      [
        rows,
        parts(
          [
            node('MatMul', ['rows', 'F'], ['m']),
            node('Reshape', ['m', 'm_shape'], ['r']),
            node('Add', ['r', 'b'], ['y']),
          ],
          { F: matrix, b: tensor([1, 1, 2], linear.b), m_shape: ints(-1, 1, 2) },
        ),
      ],
    ],
    [
      'MatMul with the matrix on the left',
      [
        parts(
          [
            node('Transpose', ['h'], ['t'], { perm: [1, 2, 0] }),
            node('MatMul', ['F', 't'], ['m']),
            node('Add', ['m', 'b'], ['y']),
          ],
          { F: linearTensor(linear, 'outputs'), b: tensor([2, 1], linear.b) },
        ),
      ],
    ],
  ])('%s', async (_, head) => {
    const { model } = await expectSame(withHead(head));
    expect(model.output?.weights.name).toBe('F');
    expect(model.output?.bias.name).toBe('b');
  });

  it('MatMul alone', async () => {
    const head = parts([node('MatMul', ['h', 'F'], ['y'])], { F: matrix });
    await expectSame({ ...withHead([head]), linear: { W: linear.W, b: [0, 0] } });
  });

  it('one output, a vector as the matrix and a number as the bias', async () => {
    const one = randomLinear(random, 3, 1);
    const head = parts([node('MatMul', ['h', 'F'], ['m']), node('Add', ['m', 'b'], ['y'])], {
      F: tensor([3], one.W.flat()),
      b: tensor([], one.b),
    });
    await expectSame({ ...withHead([head]), linear: one });
  });

  it('none at all, the outputs being h', async () => {
    const { model, notes } = await expectSame({
      layers,
      graph: graphOf(two, { outputs: ['Y_1'] }),
    });
    expect(model.output).toBeNull();
    expect(notes).toEqual([
      'frames are graph input x [frames, batch, 5]',
      expect.stringContaining('the outputs are h of lstm_1'),
      'outputs are output Y_1 [frames, 1, batch, 3]',
    ]);
  });

  it.each<[string, readonly Parts[]]>([
    [
      'Y_h, the h of the last frame',
      [parts([node('Squeeze', ['H_1', 'zero'], ['rows'])], { zero: ints(0) }), gemm],
    ],
    [
      'the last frame by Gather',
      [
        parts([node('Gather', ['h', 'last'], ['rows'], { axis: 0 })], {
          last: tensor([], [-1], 'int64'),
        }),
        gemm,
      ],
    ],
    [
      'the last frame by Slice',
      [
        parts(
          [
            node('Slice', ['h', 'from', 'to', 'axis'], ['s']),
            node('Squeeze', ['s', 'axis'], ['rows']),
          ],
          {
            from: ints(-1),
            to: ints(2 ** 53),
            axis: ints(0),
          },
        ),
        gemm,
      ],
    ],
  ])('one of %s, which is said', async (_, head) => {
    const { notes } = await expectSame({ ...withHead(head), lastFrame: true });
    expect(notes).toEqual([
      'frames are graph input x [frames, batch, 5]',
      expect.stringContaining('for the last frame only'),
    ]);
  });
});

describe('what of an ONNX file becomes no hardware', () => {
  it('is listed: what is before, behind and beside', async () => {
    const before = parts([node('Relu', ['x'], ['x_s'], {}, 'front')]);
    const behind = parts(
      [
        node('Sigmoid', ['y'], ['p'], {}, 'probability'),
        node('Gemm', ['p', 'F2', ''], ['q'], {}, 'without a reader'),
        node('Mul', ['x', 'two'], ['m'], {}, ''),
      ],
      { F2: tensor([2, 2], [1, 2, 3, 4]), two: tensor([], [2]) },
    );
    const own = [before, lstm(first, 0, 'x_s'), ...two.slice(1), rows, gemm, behind];
    const file = onnxFile(graphOf(own, { outputs: ['p', 'm'] }));
    const { leftOut, notes, taken, outputs: claims } = importNetwork(file, 'net.onnx');
    expect(leftOut).toEqual([
      { name: 'front', kind: 'node', what: 'Relu' },
      { name: 'probability', kind: 'node', what: 'Sigmoid' },
      { name: 'without a reader', kind: 'node', what: 'Gemm' },
      { name: 'Mul of m', kind: 'node', what: 'Mul' },
      { name: 'F2', kind: 'tensor', what: 'float32 [2, 2]' },
      { name: 'two', kind: 'tensor', what: 'float32 []' },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/^frames are not the input of the network: they are x_s, behind front/),
      'outputs are output p [frames x batch, 2], behind Sigmoid, which the hardware leaves out: it gives the sums',
      'output m does not depend on the recurrent layers and is left out',
    ]);
    expect(taken).toEqual(
      expect.arrayContaining(['lstm_0', 'lstm_1', 'head', 'W_0', 'F', 'b', 'rows_shape']),
    );
    expect(claims).toEqual([
      {
        ...{ name: 'p', is: 'outputs', axes: [['time', 'batch'], ['feature']] },
        ...{ lastFrame: false, final: 'Sigmoid' },
      },
      { name: 'm', is: 'independent' },
    ]);
  });

  it('is what the user says: no output layer, or another one', async () => {
    const other = parts([node('Gemm', ['rows', 'F2'], ['y2'], {}, 'other')], {
      F2: tensor([3, 1], [1, 2, 3]),
    });
    const graph = graphOf([...two, rows, gemm, other], { outputs: [...outputs, 'y2'] });
    await expectSame({ layers, graph, map: ['fc=none'] });
    await expectSame({ ...full, graph, map: ['fc=head'] });
    const { leftOut } = await expectSame({
      ...full,
      sums: 'y2',
      linear: { W: [[1, 2, 3]], b: [0] },
      graph,
      map: ['fc=other'],
    });
    expect(leftOut.map(({ name }) => name)).toEqual(['head', 'F', 'b']);
  });
});

describe('the format of a file', () => {
  const onnx = onnxFile(withHead([rows, gemm]).graph);

  it('is found out by content, whatever the name', () => {
    expect(importNetwork(onnx, 'net.safetensors').format).toBe('onnx');
    const dict = writeSafetensors(stateDict(...layerTensors(first, (kind) => `${kind}_l0`)));
    expect(importNetwork(dict, 'net.onnx').format).toBe('safetensors');
  });

  it('is what the name says where the content is neither, if it says one', () => {
    const code = (name: string) =>
      refusal(() => importNetwork(new Uint8Array(20).fill(0x99), name)).code;
    expect([code('a.onnx'), code('a.ONNX')]).toEqual(['ONNX_INVALID', 'ONNX_INVALID']);
    expect([code('a.safetensors'), code('a')]).toEqual(['SAFETENSORS_INVALID', 'FOREIGN_FORMAT']);
  });
});
