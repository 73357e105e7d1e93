import { describe, expect, it } from 'vitest';
import { type GraphMessage, ints, node, onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { graphOf, linearTensor, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer, randomLinear } from './support/lstm-reference.js';
import { of, read } from './support/refuses.js';
import { first, parts, random, second, squeezed } from './support/standard-network.js';

const square = randomLayer(random, 4, 4);

/** Two layers of four cells, and of three; h of every frame in s_0 and s_1. */
const stack = (upper: typeof second): readonly Parts[] => [
  lstm(first, 0, 'x'),
  squeezed('Y_0', 's_0'),
  lstm(upper, 1, 's_0'),
  squeezed('Y_1', 's_1'),
];

/** A fully connected layer on a value. */
const head = (from: string, inputs: number): Parts => {
  const linear = randomLinear(random, inputs, 2);
  return parts([node('MatMul', [from, 'F'], ['m']), node('Add', ['m', 'b'], ['y'])], {
    F: linearTensor(linear, 'inputs'),
    b: tensor([2], linear.b),
  });
};
const joined = (...names: string[]) => of('Concat', names, 'j', { axis: 2 });
const scales = { k: tensor([4], [0.5, -1, 2, 0.25]) };

const cases: readonly [string, readonly Parts[], number[] | undefined, number][] = [
  ['an inner layer', [...stack(second), head('s_0', 4)], undefined, 1],
  ['both layers', [...stack(second), joined('s_0', 's_1'), head('j', 7)], [0, 1], 2],
  [
    'both layers, the upper one first',
    [...stack(second), joined('s_1', 's_0'), head('j', 7)],
    [0, 1],
    2,
  ],
  ['one of them twice', [...stack(second), joined('s_1', 's_0', 's_1'), head('j', 10)], [0, 1], 2],
  [
    'one of them scaled',
    [
      ...stack(second),
      parts([node('Mul', ['s_0', 'k'], ['a'])], scales),
      joined('a', 's_1'),
      head('j', 7),
    ],
    [0, 1],
    2,
  ],
  [
    'h_n of all layers',
    [
      ...stack(square),
      of('Concat', ['H_0', 'H_1'], 'h_n', { axis: 0 }),
      of('Transpose', ['h_n'], 't', { perm: [1, 0, 2] }),
      parts([node('Reshape', ['t', 'flat'], ['j'])], { flat: ints(-1, 8) }),
      head('j', 8),
    ],
    [0, 1],
    2,
  ],
];

describe('of an ONNX file is taken a fully connected layer on', () => {
  it.each(cases)('%s', async (_, own, from, count) => {
    const graph = graphOf(own, { outputs: ['y'] });
    const imported = read(graph);
    expect(imported.model.layers).toHaveLength(count);
    expect(imported.model.output?.from).toEqual(from);
    expect(await disagreement(onnxFile(graph), imported, { x: [5, 1, 5] })).toBeNull();
  });

  it('an inner layer, with a note about the one that is left out', () => {
    const imported = read(graphOf([...stack(second), head('s_0', 4)], { outputs: ['y'] }));
    const note = 'lstm_1 is left out: the output that is taken does not depend on it';
    expect(imported.notes).toContain(note);
    expect(imported.leftOut.map(({ name }) => name)).toContain('lstm_1');
  });

  it('a recurrent layer on two below it', async () => {
    const upper = randomLayer(random, 7, 3);
    const graph = graphOf([...stack(second), joined('s_0', 's_1'), lstm(upper, 2, 'j')], {
      outputs: ['Y_2'],
    });
    const imported = read(graph);
    expect(imported.model.layers[2]?.from).toEqual([0, 1]);
    expect(await disagreement(onnxFile(graph), imported, { x: [5, 1, 5] })).toBeNull();
  });
});

it('a fully connected layer below all others stands beside them, too', async () => {
  const [front, lower] = [randomLinear(random, 5, 4), randomLayer(random, 4, 4)];
  const upper = randomLayer(random, 8, 3);
  const graph = graphOf(
    [
      parts([node('MatMul', ['x', 'D'], ['p']), node('Tanh', ['p'], ['d'])], {
        D: linearTensor(front, 'inputs'),
      }),
      lstm(lower, 0, 'd'),
      squeezed('Y_0', 's_0'),
      of('Concat', ['d', 's_0'], 'below', { axis: 2 }),
      lstm(upper, 1, 'below'),
      squeezed('Y_1', 's_1'),
      of('Concat', ['s_1', 'd', 's_0'], 'j', { axis: 2 }),
      head('j', 11),
    ],
    { outputs: ['y'] },
  );
  const imported = read(graph);
  expect(imported.model.layers.map(({ from }) => from)).toEqual([undefined, undefined, [0, 1]]);
  expect(imported.model.output?.from).toEqual([0, 1, 2]);
  expect(await disagreement(onnxFile(graph), imported, { x: [5, 1, 5] })).toBeNull();
});

describe('of an ONNX file is refused', () => {
  const refused: readonly [string, GraphMessage, string, RegExp][] = [
    [
      'h of two layers as the output',
      graphOf([...stack(second), joined('s_0', 's_1')], { outputs: ['j'] }),
      'OUTPUT_NOT_TAKEN',
      /it joins h of lstm_0 and h of lstm_1, which no layer reads/,
    ],
    [
      'a layer on the frames and h',
      graphOf([...stack(second), joined('x', 's_1'), head('j', 8)], { outputs: ['y'] }),
      'OUTPUT_NOT_TAKEN',
      /it joins h of lstm_1 and other values/,
    ],
    [
      'states of a layer that the output does not need',
      graphOf([...stack(second), head('s_0', 4)], { outputs: ['y', 'H_1'] }),
      'OUTPUT_NOT_TAKEN',
      /states of lstm_1/,
    ],
  ];
  it.each(refused)('%s', (_, graph, code, says) => {
    const report = refusal(() => read(graph));
    expect(report).toMatchObject({ code });
    expect(report.message).toMatch(says);
  });
});
