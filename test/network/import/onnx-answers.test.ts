import { describe, expect, it } from 'vitest';
import { type GraphMessage, ints, node, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, type Parts } from './support/lstm-graph.js';
import { of, type Refusal, read, refuses } from './support/refuses.js';
import { gemm, parts, rows, two } from './support/standard-network.js';

/** Both layers and what follows, with those outputs. */
const giving = (outputs: readonly string[], ...own: readonly Parts[]): GraphMessage =>
  graphOf([...two, ...own], { outputs });

const K = (...shape: number[]) =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) - 3),
  );
const zero = { zero: ints(0) };

describe('of an ONNX file is refused an output of the graph that depends on h through', () => {
  const lost = (what: string, at: string, ...own: readonly Parts[]): Refusal => [
    what,
    giving(['y'], ...own),
    'OUTPUT_NOT_TAKEN',
    at,
    /output y .*--map fc=none/,
  ];
  const inner = {
    node: [node('Relu', ['h'], ['inside'])],
    input: [],
    output: [{ name: 'inside' }],
  };
  refuses([
    lost(
      'Concat with the frames',
      'Concat_b',
      parts([node('Concat', ['x', 'h'], ['b'], { axis: 2 }), node('MatMul', ['b', 'F2'], ['y'])], {
        F2: K(8, 2),
      }),
    ),
    lost(
      'ReduceMean',
      'ReduceMean_m',
      of('ReduceMean', ['h'], 'm', { axes: [0] }),
      parts([node('MatMul', ['m', 'F2'], ['y'])], { F2: K(3, 2) }),
    ),
    lost(
      'Conv',
      'Conv_y',
      of('Transpose', ['h'], 't', { perm: [1, 2, 0] }),
      parts([node('Conv', ['t', 'K'], ['y'])], { K: K(2, 3, 1) }),
    ),
    lost(
      'Einsum',
      'Einsum_y',
      parts([node('Einsum', ['h', 'F2'], ['y'], { equation: 'tbf,fo->tbo' })], { F2: K(3, 2) }),
    ),
    lost(
      'MatMulInteger',
      'DynamicQuantizeLinear_q',
      parts(
        [
          node('DynamicQuantizeLinear', ['h'], ['q', 'q_s', 'q_z']),
          node('MatMulInteger', ['q', 'F2', 'q_z'], ['m']),
          node('Cast', ['m'], ['y'], { to: 1 }),
        ],
        { F2: K(3, 2) },
      ),
    ),
    lost(
      'a product with itself',
      'MatMul_y',
      parts([
        node('Transpose', ['h'], ['t'], { perm: [1, 2, 0] }),
        node('Transpose', ['h'], ['s'], { perm: [1, 0, 2] }),
        node('MatMul', ['s', 't'], ['y']),
      ]),
    ),
    lost(
      'attention over the frames',
      'Softmax_a',
      of('Softmax', ['h'], 'a', { axis: 0 }),
      of('Mul', ['h', 'a'], 'w'),
      parts([node('ReduceSum', ['w', 'zero'], ['y'])], zero),
    ),
    lost('an operator of another domain', 'own.Head_y', of('own.Head', ['h'], 'y')),
    lost(
      'a graph inside a node',
      'If_y',
      parts([
        node('ReduceMax', ['x'], ['most'], { keepdims: 0 }),
        node('Cast', ['most'], ['yes'], { to: 9 }),
        node('If', ['yes'], ['y'], {
          then_branch: { graph: inner },
          else_branch: { graph: inner },
        }),
      ]),
    ),
    lost(
      'another activation at the end',
      'LeakyRelu_y',
      rows,
      parts([node('Gemm', ['rows', 'F2'], ['s']), node('LeakyRelu', ['s'], ['y'])], {
        F2: K(3, 2),
      }),
    ),
    lost(
      'two dense layers, the upper one over the frames',
      'MatMul_y',
      parts([node('MatMul', ['h', 'F2'], ['s']), node('MatMul', ['F3', 's'], ['y'])], {
        F2: K(3, 2),
        F3: K(4, 2),
      }),
    ),
    lost(
      'the sums of two layers',
      'Add_y',
      rows,
      parts(
        [
          node('Gemm', ['rows', 'F2'], ['s']),
          node('Gemm', ['rows', 'F3'], ['t']),
          node('Add', ['s', 't'], ['y']),
        ],
        { F2: K(3, 2), F3: K(3, 2) },
      ),
    ),
    lost(
      'a layer norm',
      'LayerNormalization_n',
      parts([node('LayerNormalization', ['h', 'g'], ['n']), node('MatMul', ['n', 'F2'], ['y'])], {
        g: K(3),
        F2: K(3, 2),
      }),
    ),
    lost(
      'Softmax over the frames',
      'Softmax_y',
      parts([node('MatMul', ['h', 'F2'], ['s']), node('Softmax', ['s'], ['y'], { axis: 0 })], {
        F2: K(3, 2),
      }),
    ),
    lost(
      'one class alone',
      'Gather_y',
      rows,
      parts(
        [node('Gemm', ['rows', 'F2'], ['s']), node('Gather', ['s', 'zero'], ['y'], { axis: 1 })],
        { F2: K(3, 2), ...zero },
      ),
    ),
    lost(
      'the class with the largest sum',
      'ArgMax_y',
      rows,
      parts([node('Gemm', ['rows', 'F2'], ['s']), node('ArgMax', ['s'], ['y'], { axis: 1 })], {
        F2: K(3, 2),
      }),
    ),
    lost(
      'the first frame',
      'Gather_r',
      parts(
        [node('Gather', ['h', 'zero'], ['r'], { axis: 0 }), node('MatMul', ['r', 'F2'], ['y'])],
        { ...zero, F2: K(3, 2) },
      ),
    ),
    lost('a scaled h', 'Mul_y', parts([node('Mul', ['h', 'k'], ['y'])], { k: tensor([], [2]) })),
    lost('Sigmoid of h itself', 'Sigmoid_y', of('Sigmoid', ['h'], 'y')),
    lost(
      'the cell state',
      'Gemm_y',
      parts([node('Squeeze', ['C_1', 'zero'], ['c']), node('Gemm', ['c', 'F2'], ['y'])], {
        ...zero,
        F2: K(3, 2),
      }),
    ),
    lost(
      'the cell state beside h',
      'Gemm_y',
      parts(
        [
          node('Squeeze', ['C_1', 'zero'], ['c']),
          node('Squeeze', ['H_1', 'zero'], ['e']),
          node('Concat', ['e', 'c'], ['b'], { axis: 1 }),
          node('Gemm', ['b', 'F2'], ['y']),
        ],
        { ...zero, F2: K(6, 2) },
      ),
    ),
    lost(
      'a bias for each frame',
      'Add_y',
      parts([node('MatMul', ['h', 'F2'], ['m']), node('Add', ['m', 'B2'], ['y'])], {
        F2: K(3, 2),
        B2: K(5, 1, 2),
      }),
    ),
  ]);

  refuses([
    [
      'every frame of an inner layer, beside another',
      giving(['Y_0', 'Y_1']),
      'OUTPUT_NOT_TAKEN',
      'output Y_0',
      /h of lstm_0, an inner layer/,
    ],
    [
      'h itself beside a dense layer',
      giving(['y', 'Y_1'], rows, gemm),
      'OUTPUT_AMBIGUOUS',
      'lstm_1',
      /got head, output Y_1, which is h itself/,
    ],
    [
      'the sums with and without their bias',
      giving(
        ['m', 'y'],
        parts([node('MatMul', ['h', 'F2'], ['m']), node('Add', ['m', 'b2'], ['y'])], {
          F2: K(3, 2),
          b2: K(2),
        }),
      ),
      'OUTPUT_AMBIGUOUS',
      'lstm_1',
      /MatMul_m, MatMul_m/,
    ],
    [
      'the cell state alone',
      giving(['C_1']),
      'OUTPUT_NOT_TAKEN',
      'lstm_1',
      /comes from h of lstm_1, the last layer, got C_1/,
    ],
    ['nothing of the last layer', giving(['H_0']), 'OUTPUT_NOT_TAKEN', 'lstm_1', /got H_0/],
    [
      'no LSTM at all',
      giving(['r'], of('Relu', ['x'], 'r')),
      'OUTPUT_NOT_TAKEN',
      'lstm_1',
      /got r/,
    ],
  ]);

  it('one head of two that is not taken', () => {
    const graph = giving(
      ['y', 'z'],
      rows,
      gemm,
      of('Relu', ['h'], 'r'),
      parts([node('MatMul', ['r', 'F2'], ['z'])], { F2: K(3, 2) }),
    );
    expect(refusal(() => read(graph))).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'Relu_r' });
    const { notes, outputs, headLeftOut } = read(graph, {}, 'fc=head');
    expect(notes).toContain(
      'output z is left out (--map fc=head): it depends on h through Relu_r (Relu)',
    );
    expect(outputs?.map(({ is }) => is)).toEqual(['outputs', 'left out']);
    expect(headLeftOut).toBe(false);
  });

  it('the layer that the user names, when more follows it', () => {
    const graph = giving(
      ['y'],
      rows,
      parts([node('Gemm', ['rows', 'F2'], ['s'], {}, 'inner'), node('Elu', ['s'], ['y'])], {
        F2: K(3, 2),
      }),
    );
    expect(refusal(() => read(graph, {}, 'fc=inner'))).toMatchObject({
      code: 'OUTPUT_NOT_TAKEN',
      field: 'Elu_y',
    });
  });

  it('nothing, where the user wants h alone: what is left out is said', () => {
    const graph = giving(['y', 'p'], rows, gemm, of('Conv', ['h'], 'p'));
    const { notes, model, headLeftOut } = read(graph, {}, 'fc=none');
    expect(model.output).toBeNull();
    expect(headLeftOut).toBe(true);
    expect(notes.slice(1)).toEqual([
      'the outputs are h of lstm_1: no fully connected layer is taken',
      'output y is left out (--map fc=none): it is the fully connected layer head',
      'output p is left out (--map fc=none): it depends on h through Conv_p (Conv)',
    ]);
  });
});
