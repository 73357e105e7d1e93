import { Random } from '../../../../generator/base/random.js';
import { constant, tfNode } from '../../../support/tensorflow.js';

export const [INPUTS, CELLS, OUTPUTS, FRAMES] = [3, 2, 2, 5];
const random = new Random(5);
export const numbers = (count: number) =>
  Array.from({ length: count }, () => Math.fround(2 * random.unit() - 1));
export const kernel = numbers((INPUTS + CELLS) * 4 * CELLS);
export const bias = numbers(4 * CELLS);
export const head = numbers(CELLS * OUTPUTS);
export const d = numbers(OUTPUTS);
export const whole = (name: string, ...values: number[]) =>
  constant(name, values.length === 1 ? [] : [values.length], values, true);
const frame = { frame_name: { s: new TextEncoder().encode('loop') } };
export const enter = (name: string, input: string, is_constant = false) =>
  tfNode('Enter', name, [input], { ...frame, is_constant: { b: is_constant } });
export const variable = (n: number, start: string, after: string) => [
  enter(`Enter${n}`, start),
  tfNode('Merge', `Merge${n}`, [`Enter${n}`, `Next${n}`]),
  tfNode('Switch', `Switch${n}`, [`Merge${n}`, 'cond']),
  tfNode('Identity', `v${n}`, [`Switch${n}:1`]),
  tfNode('NextIteration', `Next${n}`, [after]),
  tfNode('Exit', `Exit${n}`, [`Switch${n}`]),
];

export type Nodes = readonly ReturnType<typeof tfNode>[];

/** An LSTM as dynamic_rnn writes it, with a layer on its last h; `own` stands in for nodes of the same name. */
export function loop(own: Nodes = [], { frames = FRAMES } = {}): Nodes {
  const nodes = [
    tfNode('Placeholder', 'x', [], {
      dtype: { type: 1 },
      shape: { shape: { dim: [1, FRAMES, INPUTS].map((size) => ({ size })) } },
    }),
    whole('perm', 1, 0, 2),
    tfNode('Transpose', 'xs', ['x', 'perm']),
    whole('zero', 0),
    whole('one', 1),
    whole('T', frames),
    tfNode('Range', 'range', ['zero', 'T', 'one']),
    tfNode('TensorArrayV3', 'array', ['T']),
    tfNode('TensorArrayScatterV3', 'scatter', ['array', 'range', 'xs', 'array:1']),
    whole('dims', 1, CELLS),
    constant('nil', [], [0]),
    tfNode('Fill', 'zeros', ['dims', 'nil']),
    ...variable(0, 'zero', 'next'),
    ...variable(1, 'zeros', 'c'),
    ...variable(2, 'zeros', 'h'),
    enter('bound', 'T', true),
    tfNode('Less', 'less', ['Merge0', 'bound']),
    tfNode('LoopCond', 'cond', ['less']),
    tfNode('AddV2', 'next', ['v0', 'one']),
    enter('arrayIn', 'array', true),
    enter('flow', 'scatter', true),
    tfNode('TensorArrayReadV3', 'read', ['arrayIn', 'v0', 'flow']),
    constant('kernel', [INPUTS + CELLS, 4 * CELLS], kernel),
    constant('bias', [4 * CELLS], bias),
    enter('K', 'kernel', true),
    enter('B', 'bias', true),
    tfNode('ConcatV2', 'xh', ['read', 'v2', 'one']),
    tfNode('MatMul', 'product', ['xh', 'K']),
    tfNode('BiasAdd', 'sums', ['product', 'B']),
    tfNode('Split', 'split', ['one', 'sums'], { num_split: { i: 4 } }),
    constant('forget_bias', [], [1]),
    tfNode('AddV2', 'f', ['split:2', 'forget_bias']),
    tfNode('Sigmoid', 'sf', ['f']),
    tfNode('Mul', 'kept', ['v1', 'sf']),
    tfNode('Sigmoid', 'si', ['split']),
    tfNode('Tanh', 'tg', ['split:1']),
    tfNode('Mul', 'added', ['si', 'tg']),
    tfNode('AddV2', 'c', ['kept', 'added']),
    tfNode('Sigmoid', 'so', ['split:3']),
    tfNode('Tanh', 'tc', ['c']),
    tfNode('Mul', 'h', ['tc', 'so']),
    constant('W_o', [CELLS, OUTPUTS], head),
    constant('b_o', [OUTPUTS], d),
    tfNode('MatMul', 'out', ['Exit2', 'W_o']),
    tfNode('Add', 'y', ['out', 'b_o']),
    tfNode('Softmax', 'labels', ['y']),
  ];
  const names = new Set(own.map(({ name }) => name));
  return [...nodes.filter(({ name }) => !names.has(name)), ...own];
}
