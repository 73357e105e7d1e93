import { describe, expect, it } from 'vitest';
import { type GraphMessage, node, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { type Refusal, read, refuses } from './support/refuses.js';
import { first, parts, random, second, squeezed } from './support/standard-network.js';

const K = (...shape: number[]) =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 7) - 3),
  );

interface Given {
  readonly outputs?: readonly string[];
  readonly shape?: readonly (number | string)[];
  readonly more?: readonly Record<string, unknown>[];
}

/** [N, 5] through those nodes to y. */
const rows = (
  nodes: Parts['nodes'],
  tensors: Parts['tensors'],
  { outputs = ['y'], shape = ['N', 5], more = [] }: Given = {},
): GraphMessage => graphOf([parts(nodes, tensors)], { outputs, shape, more });

const first4 = node('Gemm', ['x', 'F'], ['s']);
const F = { F: K(5, 4) };

describe('of an ONNX file of fully connected layers is refused', () => {
  refuses([
    ...['LeakyRelu', 'Elu', 'Softplus', 'PRelu', 'Gelu'].map(
      (op): Refusal => [
        `${op} at the end`,
        rows([first4, node(op, ['s'], ['y'])], F),
        'OUTPUT_NOT_TAKEN',
        `${op}_y`,
        new RegExp(
          `nothing between frames x and output y .*Relu, Clip.*got ${op}: behind the sums`,
        ),
      ],
    ),
    [
      'another function between two of them',
      rows([first4, node('LeakyRelu', ['s'], ['a']), node('Gemm', ['a', 'G'], ['y'])], {
        ...F,
        G: K(4, 2),
      }),
      'OUTPUT_NOT_TAKEN',
      'LeakyRelu_a',
      'LeakyRelu',
    ],
    [
      'a softmax between two of them',
      rows([first4, node('Softmax', ['s'], ['a']), node('Gemm', ['a', 'G'], ['y'])], {
        ...F,
        G: K(4, 2),
      }),
      'OUTPUT_NOT_TAKEN',
      'Gemm_y',
      /behind the sums of Gemm_s and Softmax/,
    ],
    [
      'a clip whose bounds are computed',
      rows(
        [
          node('ReduceMax', ['x'], ['most'], { keepdims: 0 }),
          first4,
          node('Clip', ['s', '', 'most'], ['y']),
        ],
        F,
      ),
      'OUTPUT_NOT_TAKEN',
      'ReduceMax_most',
      /ReduceMax/,
    ],
    [
      'a clip whose bounds are another input',
      rows([first4, node('Clip', ['s', '', 'most'], ['y'])], F, { more: [value('most', [])] }),
      'OUTPUT_NOT_TAKEN',
      'Clip_y',
      'bounds that are no constant numbers',
    ],
    [
      'a clip whose bounds are exchanged',
      rows([first4, node('Clip', ['s', 'l', 'h'], ['y'])], {
        ...F,
        l: tensor([], [1]),
        h: tensor([], [-1]),
      }),
      'OUTPUT_NOT_TAKEN',
      'Clip_y',
      'bounds from 1 to -1',
    ],
    [
      'two of them on one value',
      rows(
        [first4, node('Gemm', ['x', 'G'], ['t'])],
        { ...F, G: K(5, 2) },
        { outputs: ['s', 't'] },
      ),
      'OUTPUT_AMBIGUOUS',
      'frames x',
      /one fully connected layer on frames x, or --map fc=NAME, got Gemm_s, Gemm_t/,
    ],
    [
      'two of them on what a third one gives',
      rows(
        [
          first4,
          node('Relu', ['s'], ['r']),
          node('Gemm', ['r', 'G'], ['t'], {}, 'one'),
          node('Gemm', ['r', 'H'], ['u'], {}, 'two'),
        ],
        { ...F, G: K(4, 2), H: K(4, 3) },
        { outputs: ['t', 'u'] },
      ),
      'OUTPUT_AMBIGUOUS',
      'frames x',
      /got one, two/,
    ],
    [
      'the sums beside their function',
      rows([first4, node('Relu', ['s'], ['y'])], F, { outputs: ['s', 'y'] }),
      'OUTPUT_AMBIGUOUS',
      'frames x',
      /got Gemm_s, Gemm_s/,
    ],
    [
      'an inner one as an output',
      rows(
        [first4, node('Relu', ['s'], ['r']), node('Gemm', ['r', 'G'], ['y'])],
        { ...F, G: K(4, 2) },
        { outputs: ['r', 'y'] },
      ),
      'OUTPUT_AMBIGUOUS',
      'frames x',
      /got Gemm_s, Gemm_y/,
    ],
    [
      'a residual sum',
      rows(
        [
          node('Gemm', ['x', 'G'], ['s']),
          node('Relu', ['s'], ['r']),
          node('Add', ['r', 'x'], ['a']),
          node('Gemm', ['a', 'F'], ['y']),
        ],
        { ...F, G: K(5, 5) },
      ),
      'OUTPUT_NOT_TAKEN',
      'Add_a',
      /Add: it reads the outputs of Gemm_s and frames x/,
    ],
    [
      'several side by side',
      rows(
        [first4, node('Gemm', ['x', 'G'], ['t']), node('Concat', ['s', 't'], ['y'], { axis: 1 })],
        { ...F, G: K(5, 2) },
      ),
      'OUTPUT_NOT_TAKEN',
      'Concat_y',
      /it joins the outputs of Gemm_s and the outputs of Gemm_t/,
    ],
    [
      'several side by side, of one frame',
      rows(
        [
          first4,
          node('Relu', ['s'], ['r']),
          node('Gemm', ['x', 'G'], ['t']),
          node('Relu', ['t'], ['q']),
          node('Concat', ['r', 'q'], ['y'], { axis: 1 }),
        ],
        { ...F, G: K(5, 2) },
        { shape: [1, 5] },
      ),
      'OUTPUT_NOT_TAKEN',
      'Concat_y',
      /it joins the outputs of Gemm_s and the outputs of Gemm_t/,
    ],
    [
      'one over the frames',
      graphOf(
        [
          parts([node('MatMul', ['x', 'F'], ['s']), node('MatMul', ['G', 's'], ['y'])], {
            ...F,
            G: K(7, 7),
          }),
        ],
        { outputs: ['y'], shape: [7, 5] },
      ),
      'OUTPUT_NOT_TAKEN',
      'MatMul_y',
      /a product over other axes/,
    ],
    [
      'an output that comes from another input',
      rows([first4, node('Relu', ['z'], ['w'])], F, {
        outputs: ['s', 'w'],
        more: [value('z', ['N', 5])],
      }),
      'OUTPUT_NOT_TAKEN',
      'output w',
      /does not come from frames x/,
    ],
    [
      'the frames as an output',
      rows([first4, node('Identity', ['x'], ['w'])], F, { outputs: ['s', 'w'] }),
      'OUTPUT_NOT_TAKEN',
      'output w',
      /frames x themselves/,
    ],
    [
      'a scale behind a function',
      rows([first4, node('Relu', ['s'], ['r']), node('Mul', ['r', 'k'], ['y'])], {
        ...F,
        k: tensor([], [2]),
      }),
      'OUTPUT_NOT_TAKEN',
      'Mul_y',
      /it changes values/,
    ],
    [
      'an input whose axes are all features',
      rows(
        [node('Flatten', ['x'], ['f']), node('Gemm', ['f', 'G'], ['y'])],
        { G: K(20, 2) },
        { shape: ['N', 4, 5] },
      ),
      'TENSOR_SHAPE',
      'x',
      /rows of as many features as Gemm_y reads.*got \[\?, 4, 5\]/,
    ],
    [
      'what is behind a convolution',
      rows(
        [
          node('Conv', ['x', 'C'], ['c']),
          node('Flatten', ['c'], ['f']),
          node('Gemm', ['f', 'F'], ['y']),
        ],
        { ...F, C: K(1, 1, 1) },
        { shape: ['N', 1, 5] },
      ),
      'NOT_AN_LSTM',
      'graph',
      /or fully connected layers on an input of the graph, got 1 Conv/,
    ],
    [
      'a product of two computed values',
      rows([node('Transpose', ['x'], ['t']), node('MatMul', ['x', 't'], ['y'])], {}),
      'NOT_AN_LSTM',
      'graph',
      /MatMul/,
    ],
  ]);

  it('another head than the user names', () => {
    const graph = rows(
      [first4, node('Gemm', ['x', 'G'], ['t'], {}, 'other')],
      { ...F, G: K(5, 2) },
      { outputs: ['s', 't'] },
    );
    expect(read(graph, {}, 'fc=other').model.layers[0]?.cells).toBe(2);
    expect(refusal(() => read(graph, {}, 'fc=none'))).toMatchObject({ code: 'BAD_MAP' });
  });
});

describe('of fully connected layers around recurrent ones is refused', () => {
  const wide = randomLayer(random, 4, 3);
  const before = parts([node('MatMul', ['x', 'F'], ['m']), node('Relu', ['m'], ['f'])], F);
  const inner = lstm(wide, 0, 'f');
  refuses([
    [
      'another function between two layers',
      graphOf(
        [
          lstm(first, 0, 'x'),
          squeezed('Y_0', 's_0'),
          parts([node('MatMul', ['s_0', 'G'], ['m']), node('Elu', ['m'], ['e'])], { G: K(4, 4) }),
          lstm(second, 1, 'e'),
        ],
        { outputs: ['Y_1'] },
      ),
      'LSTM_BETWEEN',
      'Elu_e',
      /between lstm_0 and lstm_1 but fully connected layers.*got Elu/,
    ],
    [
      'a softmax between two layers',
      graphOf(
        [
          lstm(first, 0, 'x'),
          squeezed('Y_0', 's_0'),
          parts(
            [node('MatMul', ['s_0', 'G'], ['m']), node('Softmax', ['m'], ['e'], { axis: -1 })],
            { G: K(4, 4) },
          ),
          lstm(second, 1, 'e'),
        ],
        { outputs: ['Y_1'] },
      ),
      'LSTM_BETWEEN',
      'Softmax_e',
      /no hardware/,
    ],
    [
      'two layers on what one gives',
      graphOf([before, inner, lstm(wide, 1, 'f')], { outputs: ['Y_0', 'Y_1'] }),
      'LSTM_CHAIN',
      'frames x',
      'lstm_0 and lstm_1',
    ],
    [
      'what one below the first layer gives as an output',
      graphOf([before, inner], { outputs: ['Y_0', 'f'] }),
      'OUTPUT_NOT_TAKEN',
      'MatMul_m',
      /below a recurrent layer/,
    ],
    [
      'one whose outputs do not fit the layer above',
      graphOf([before, lstm(first, 0, 'f')], { outputs: ['Y_0'] }),
      'TENSOR_SHAPE',
      'lstm_0.W',
      '4 inputs, the outputs of MatMul_m, got 5',
    ],
    [
      'a sum with h of an inner layer',
      graphOf(
        [
          before,
          inner,
          squeezed('Y_0', 's_0'),
          parts(
            [
              node('MatMul', ['s_0', 'G'], ['m_0']),
              node('Relu', ['m_0'], ['r']),
              node('Add', ['r', 's_0'], ['y']),
            ],
            { G: K(3, 3) },
          ),
        ],
        { outputs: ['y'] },
      ),
      'OUTPUT_NOT_TAKEN',
      'Add_y',
      /it reads the outputs of MatMul_m_0 and h of lstm_0/,
    ],
  ]);
});
