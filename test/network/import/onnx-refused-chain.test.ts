import { describe, expect, it } from 'vitest';
import { ints, node, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, lstm } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { between, of, one, type Refusal, read, refuses } from './support/refuses.js';
import { first, parts, random, second, squeezed, two } from './support/standard-network.js';

describe('of an ONNX file is refused, as the layers are no chain:', () => {
  refuses([
    [
      'two layers beside each other',
      graphOf([lstm(first, 0, 'x'), lstm(first, 1, 'x')], { outputs: ['Y_0', 'Y_1'] }),
      'LSTM_CHAIN',
      'lstm_1.X',
      'one chain: h of lstm_0',
    ],
    [
      'frames that are a constant',
      graphOf([parts([], { k: tensor([2, 1, 5], new Array(10).fill(1)) }), lstm(first, 0, 'k')], {
        outputs: ['Y_0'],
      }),
      'LSTM_CHAIN',
      'lstm_0.X',
      'k, a constant',
    ],
    [
      'two layers on one',
      graphOf([...two.slice(0, 3), lstm(second, 2, 's_0')], { outputs: ['Y_1', 'Y_2'] }),
      'LSTM_CHAIN',
      'lstm_0',
      'lstm_1 and lstm_2',
    ],
    [
      'the cell state as an input',
      between(parts([]), 'C_0'),
      'LSTM_CHAIN',
      'lstm_1',
      'its cell state',
    ],
    [
      'h of the last frame as an input',
      between(parts([]), 'H_0'),
      'LSTM_CHAIN',
      'lstm_1.X',
      'every frame of lstm_0',
    ],
    [
      'batch and time exchanged',
      between(of('Transpose', ['s_0'], 't', { perm: [1, 0, 2] }), 't'),
      'LSTM_CHAIN',
      'lstm_1.X',
      'every frame',
    ],
    [
      'cells and batch exchanged',
      between(of('Transpose', ['s_0'], 't', { perm: [0, 2, 1] }), 't'),
      'LSTM_CHAIN',
      'lstm_1.X',
      'cells on the last axis',
    ],
    [
      'layers whose sizes do not follow',
      graphOf(
        [lstm(first, 0, 'x'), squeezed('Y_0', 's_0'), lstm(randomLayer(random, 5, 3), 1, 's_0')],
        { outputs: ['Y_1'] },
      ),
      'TENSOR_SHAPE',
      'lstm_1.W',
      '4 inputs, the cells of lstm_0, got 5',
    ],
    ...(
      [
        ['Relu', of('Relu', ['s_0'], 't')],
        ['a residual sum', of('Add', ['s_0', 's_0'], 't')],
        [
          'a layer norm',
          parts([node('LayerNormalization', ['s_0', 'g'], ['t'])], {
            g: tensor([4], [1, 1, 1, 1]),
          }),
        ],
        ['a cast to fewer bits', of('Cast', ['s_0'], 't', { to: 10 })],
        [
          'a reshape that moves cells to other frames',
          parts([node('Reshape', ['s_0', 'n'], ['t'])], { n: ints(-1, 2, 4) }),
        ],
        [
          'a reshape to a computed shape',
          parts([
            node('Shape', ['s_0'], ['n']),
            node('Neg', ['n'], ['m']),
            node('Reshape', ['s_0', 'm'], ['t']),
          ]),
        ],
        [
          'every second frame',
          parts([node('Slice', ['s_0', 'f', 'e', 'f', 's'], ['t'])], {
            f: ints(0),
            e: ints(2 ** 40),
            s: ints(2),
          }),
        ],
        [
          'some of the cells',
          parts([node('Slice', ['s_0', 'f', 'e', 'a'], ['t'])], {
            f: ints(0),
            e: ints(3),
            a: ints(2),
          }),
        ],
        [
          'dropout in training',
          parts([node('Dropout', ['s_0', '', 'yes'], ['t'])], {
            yes: { dims: [], data_type: 9, raw_data: Uint8Array.of(1) },
          }),
        ],
      ] as const
    ).map(
      ([what, own]): Refusal => [
        `${what} between the layers`,
        between(own, 't'),
        'LSTM_BETWEEN',
        own.nodes.at(-1)?.name ?? '',
        /between lstm_0 and lstm_1/,
      ],
    ),
  ]);

  it('dropout by a ratio that is no number', () => {
    const graph = between(parts([node('Dropout', ['s_0', 'r'], ['t'])], { r: ints(1) }), 't');
    expect(refusal(() => read(graph))).toMatchObject({ code: 'ONNX_INVALID', field: 'Dropout_t' });
  });

  it('dropout with the inputs of later files', () => {
    const graph = between(
      parts([node('Dropout', ['s_0', 'r'], ['t'])], { r: tensor([], [0.5]) }),
      't',
    );
    const old = {
      ...graph,
      node: graph.node.map((own) =>
        own.op_type === 'Squeeze'
          ? node('Squeeze', own.input.slice(0, 1), own.output, { axes: [1] })
          : own,
      ),
    };
    expect(refusal(() => read(old, { opset: 11 }))).toMatchObject({
      code: 'ONNX_INVALID',
      field: 'Dropout_t',
    });
  });
});

describe('of an ONNX file is refused an initial state that', () => {
  const inputs = ['', 'h0', 'c0'];
  const zeros = tensor([1, 1, 4], [0, 0, 0, 0]);
  const c0 = { c0: zeros };
  refuses([
    [
      'is computed',
      one({ inputs }, parts([node('Tanh', ['start'], ['h0'])], c0), [value('start', [1, 1, 4])]),
      'LSTM_STATE',
      'lstm_0.initial_h',
      'Tanh_h0',
    ],
    [
      'comes from the frames',
      one(
        { inputs },
        parts([node('Slice', ['x', 'z', 'e', 'a'], ['h0'])], {
          z: ints(0),
          e: ints(4),
          a: ints(2),
          ...c0,
        }),
      ),
      'LSTM_STATE',
      'lstm_0.initial_h',
      'x, the frames',
    ],
    [
      'is an integer',
      one({ inputs }, parts([], { h0: tensor([1, 1, 4], [0, 0, 0, 0], 'int32'), ...c0 })),
      'TENSOR_DTYPE',
      'lstm_0.initial_h',
      'int32',
    ],
    [
      'comes from another layer',
      graphOf(
        [
          ...two.slice(0, 2),
          lstm(randomLayer(random, 4, 4), 1, 's_0', { inputs: ['', 'H_0', 'C_0'] }),
        ],
        { outputs: ['Y_1'] },
      ),
      'LSTM_STATE',
      'lstm_1.initial_h',
      'the output of lstm_0',
    ],
    [
      'has another shape',
      one({ inputs }, parts([], { h0: tensor([1, 1, 3], [0, 0, 0]), ...c0 })),
      'TENSOR_SHAPE',
      'lstm_0.initial_h',
      '1, 1, 3',
    ],
  ]);
});
