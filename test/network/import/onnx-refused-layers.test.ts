import { describe, expect, it } from 'vitest';
import { node, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf } from './support/lstm-graph.js';
import { after, good, of, one, type Refusal, read, refuses } from './support/refuses.js';
import { parts } from './support/standard-network.js';

describe('of an ONNX file is refused, as the hardware has none:', () => {
  const kinds: readonly [string, Parameters<typeof node>[3], string][] = [
    ['a direction that is none', { direction: 'Reverse' }, 'direction'],
    ['other activations', { activations: ['Sigmoid', 'HardSigmoid', 'Tanh'] }, 'activations'],
    [
      'activations of two directions',
      { activations: ['Sigmoid', 'Tanh', 'Tanh', 'Sigmoid', 'Tanh', 'Tanh'] },
      'activations',
    ],
    ['parameters of activations', { activation_alpha: { floats: [0.2] } }, 'activation_alpha'],
    ['clip below zero', { clip: { float: -3 } }, 'clip'],
    ['clip at zero', { clip: { float: 0 } }, 'clip'],
    ['input_forget 2', { input_forget: 2 }, 'input_forget'],
    ['layout 2', { layout: 2 }, 'layout'],
  ];
  refuses([
    ...kinds.map(
      ([what, attributes, field]): Refusal => [
        what,
        one({ attributes }),
        'LSTM_UNSUPPORTED',
        `lstm_0.${field}`,
        /lstm_0/,
      ],
    ),
    [
      'peepholes of another shape',
      one({ inputs: ['', '', '', 'P'] }, parts([], { P: tensor([1, 8], new Array(8).fill(0.5)) })),
      'TENSOR_SHAPE',
      'lstm_0.P',
      /\[1, 12\]/,
    ],
    [
      'peepholes beside a coupled forget gate',
      one(
        { inputs: ['', '', '', 'P'], attributes: { input_forget: 1 } },
        parts([], { P: tensor([1, 12], new Array(12).fill(0.5)) }),
      ),
      'LSTM_UNSUPPORTED',
      'lstm_0.P',
      /no peepholes beside a coupled forget gate/,
    ],
    [
      'sequence lengths below those of X',
      {
        ...one({ inputs: ['lengths'] }, parts([], { lengths: tensor([1], [39], 'int32') })),
        input: [value('x', [40, 1, 5])],
      },
      'LSTM_UNSUPPORTED',
      'lstm_0.sequence_lens',
      /lengths, which has 39 of 40 frames/,
    ],
    [
      'sequence lengths that are an input',
      one({ inputs: ['lengths'] }, parts([]), [value('lengths', [1], 'int32')]),
      'LSTM_UNSUPPORTED',
      'lstm_0.sequence_lens',
      /lengths, which is computed/,
    ],
    [
      'sequence lengths',
      one({ inputs: ['lengths'] }, parts([], { lengths: tensor([1], [40], 'int32') })),
      'LSTM_UNSUPPORTED',
      'lstm_0.sequence_lens',
      'lengths',
    ],
    [
      'an int8 LSTM',
      after(of('com.microsoft.DynamicQuantizeLSTM', ['h', 'W_0', 'R_0'], 'y', { hidden_size: 3 })),
      'LSTM_UNSUPPORTED',
      'com.microsoft.DynamicQuantizeLSTM_y',
      'DynamicQuantizeLSTM',
    ],
  ]);

  const inner = { ...one({}), input: [] };
  const branch = (op: string) =>
    graphOf([parts([node(op, ['x'], ['y'], { then_branch: { graph: inner } }, 'outer')])], {
      outputs: ['y'],
    });
  refuses(
    ['If', 'Loop', 'Scan'].map(
      (op): Refusal => [
        `an LSTM inside ${op}`,
        branch(op),
        'LSTM_UNSUPPORTED',
        'outer',
        `LSTM inside a graph of this ${op}`,
      ],
    ),
  );

  it('an LSTM two graphs deep', () => {
    const deep = node('If', ['x'], ['y'], { else_branch: { graph: branch('Loop') } }, 'top');
    expect(refusal(() => read(graphOf([parts([deep])], { outputs: ['y'] })))).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: 'top',
    });
  });

  it('an LSTM in a function of another version of the operators', () => {
    const opset_import = [{ domain: '', version: 16 }];
    const functions = [{ name: 'Layer', domain: 'own', node: inner.node, opset_import }];
    const report = refusal(() => read(good, { extra: { functions } }));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'function Layer' });
  });
});

describe('of an ONNX file is refused, as it is no LSTM network:', () => {
  const spelled = ['MatMul', 'Split', 'Sigmoid', 'Sigmoid', 'Tanh', 'Mul'].map((op, i) =>
    node(op, ['x'], [`v${i}`]),
  );
  refuses([
    [
      'an LSTM spelled out',
      graphOf([parts(spelled)], { outputs: ['v5'] }),
      'NOT_AN_LSTM',
      'graph',
      /2 Sigmoid, 1 MatMul, 1 Split, 1 Tanh, 1 Mul; an LSTM may be spelled out in them/,
    ],
    [
      'another network',
      graphOf([of('Relu', ['x'], 'y')], { outputs: ['y'] }),
      'NOT_AN_LSTM',
      'graph',
      /got 1 Relu$/,
    ],
    ['no nodes', graphOf([], { outputs: ['x'] }), 'NOT_AN_LSTM', 'graph', /no nodes/],
    [
      'an LSTM of another domain',
      graphOf([of('own.LSTM', ['x'], 'y')], { outputs: ['y'] }),
      'NOT_AN_LSTM',
      'graph',
      /1 own.LSTM/,
    ],
  ]);
});
