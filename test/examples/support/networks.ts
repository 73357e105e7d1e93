import { Random } from '../../../generator/base/random.js';
import {
  initializers,
  ints,
  type NodeMessage,
  node,
  onnxFile,
  type TensorMessage,
  tensor,
  value,
} from '../../support/onnx.js';

/** The networks of examples/networks, written as ONNX files: untrained, of weights that keep their signals lively. */
export function exampleNetworks(): ReadonlyMap<string, Uint8Array> {
  const { gru, lstm, rnn, dense } = drawn(new Random(20));
  const squeezed = (l: number) => node('Squeeze', [`Y_${l}`, 'one'], [`h_${l}`]);
  const one = { one: ints(1) };
  return new Map([
    [
      'voice.onnx',
      file(
        [
          ...gru(0, 'x', 12, { linear_before_reset: 1 }),
          squeezed(0),
          ...gru(1, 'h_0', CELLS, { linear_before_reset: 1 }),
          squeezed(1),
          node('Concat', ['h_0', 'h_1'], ['both'], { axis: 2 }),
          ...dense('fc', 'both', 2 * CELLS, 1, 'sums'),
          node('Sigmoid', ['sums'], ['y']),
        ],
        one,
      ),
    ],
    [
      'peephole.onnx',
      file(
        [
          ...lstm(0, 'x', { clip: { float: 3 } }, ['peephole']),
          squeezed(0),
          ...dense('fc', 'h_0', CELLS, 4, 'y'),
        ],
        one,
      ),
    ],
    [
      'coupled.onnx',
      file(
        [
          ...lstm(0, 'x', { input_forget: 1 }, ['start']),
          squeezed(0),
          ...dense('fc', 'h_0', CELLS, 4, 'y'),
        ],
        one,
      ),
    ],
    [
      'hard.onnx',
      file(
        [
          ...gru(0, 'x', 12, { activations: ['HardSigmoid', 'Tanh'] }),
          squeezed(0),
          ...dense('fc', 'h_0', CELLS, 4, 'y'),
        ],
        one,
      ),
    ],
    [
      'relu.onnx',
      file(
        [
          ...dense('front', 'x', 12, 16, 'front'),
          node('Tanh', ['front'], ['f']),
          ...gru(0, 'f', 16, { linear_before_reset: 1, activations: ['Sigmoid', 'Relu'] }),
          squeezed(0),
          ...dense('middle', 'h_0', CELLS, 16, 'm'),
          node('Clip', ['m', 'low', 'high'], ['c']),
          ...dense('fc', 'c', 16, 4, 'y'),
        ],
        { ...one, low: tensor([], [0]), high: tensor([], [6]) },
      ),
    ],
    [
      'last.onnx',
      file(
        [
          ...rnn(0, 'x'),
          squeezed(0),
          node('Gather', ['h_0', 'end'], ['last'], { axis: 0 }),
          ...dense('fc', 'last', CELLS, 4, 'y'),
        ],
        { ...one, end: tensor([], [-1], 'int64') },
      ),
    ],
  ]);
}

const CELLS = 16;

type Attributes = NonNullable<Parameters<typeof node>[3]>;
/** Nodes, and the constants that they read. */
type Part = NodeMessage | { readonly name: string; readonly of: TensorMessage };

/** Layers with weights of their own. */
function drawn(random: Random) {
  // multiples of 1/64, none of them zero: a zero would be one that a pattern drops
  const number = (deviation: number) =>
    Math.round(deviation * 128 * (random.unit() + random.unit() - 1)) / 64 || 1 / 64;
  const numbers = (count: number, deviation: number) =>
    Array.from({ length: count }, () => number(deviation));
  const constant = (name: string, dims: readonly number[], deviation: number): Part => ({
    name,
    of: tensor(
      dims,
      numbers(
        dims.reduce((a, b) => a * b, 1),
        deviation,
      ),
    ),
  });
  const recurrent = (
    op: string,
    [gates, l, x, inputs]: readonly [number, number, string, number],
    attributes: Attributes,
    more: readonly string[] = [],
  ): readonly Part[] => [
    constant(`W_${l}`, [1, gates * CELLS, inputs], 0.6),
    constant(`R_${l}`, [1, gates * CELLS, CELLS], 0.5),
    constant(`B_${l}`, [1, 2 * gates * CELLS], 0.3),
    node(
      op,
      [x, `W_${l}`, `R_${l}`, `B_${l}`, ...more],
      [`Y_${l}`],
      { hidden_size: CELLS, ...attributes },
      `${op.toLowerCase()}_${l}`,
    ),
  ];
  const start = (name: string) => constant(name, [1, 1, CELLS], 0.8);
  return {
    gru: (l: number, x: string, inputs: number, attributes: Attributes) =>
      recurrent('GRU', [3, l, x, inputs], attributes),
    rnn: (l: number, x: string) => [
      start('h0'),
      ...recurrent('RNN', [1, l, x, 12], {}, ['', 'h0']),
    ],
    lstm: (l: number, x: string, attributes: Attributes, with_: readonly string[]) => [
      ...(with_.includes('start') ? [start('h0'), start('c0')] : []),
      ...(with_.includes('peephole') ? [constant('P', [1, 3 * CELLS], 0.4)] : []),
      ...recurrent(
        'LSTM',
        [4, l, x, 12],
        attributes,
        with_.includes('start') ? ['', 'h0', 'c0'] : ['', '', '', 'P'],
      ),
    ],
    dense: (
      name: string,
      x: string,
      inputs: number,
      outputs: number,
      y: string,
    ): readonly Part[] => [
      constant(`${name}.weight`, [inputs, outputs], 0.6),
      constant(`${name}.bias`, [outputs], 0.3),
      node('MatMul', [x, `${name}.weight`], [`${name}.product`], {}, name),
      node('Add', [`${name}.product`, `${name}.bias`], [y]),
    ],
  };
}

function file(
  parts: readonly Part[],
  constants: Readonly<Record<string, TensorMessage>>,
): Uint8Array {
  const own = parts.flatMap((part) => ('of' in part ? [[part.name, part.of] as const] : []));
  return onnxFile({
    node: parts.flatMap((part) => ('of' in part ? [] : [part])),
    initializer: initializers({ ...Object.fromEntries(own), ...constants }),
    input: [value('x', ['frames', 1, 12])],
    output: [value('y')],
  });
}
