import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { type FloatModel, sourcesOf } from '../../../generator/network/float/model.js';
import { type GraphMessage, ints, node, onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { graphOf, linearTensor, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer, randomLinear } from './support/lstm-reference.js';
import { of, read } from './support/refuses.js';
import { first, parts } from './support/standard-network.js';
import { both, CELL_KINDS } from './support/two-directions.js';

const random = new Random(71);
const lower = { inputs: 5, cells: 3 };

/** A fully connected layer on a value. */
const head = (from: string, inputs: number, to = 'y'): Parts => {
  const linear = randomLinear(random, inputs, 2);
  return parts(
    [node('MatMul', [from, `F_${to}`], [`m_${to}`]), node('Add', [`m_${to}`, 'b'], [to])],
    {
      [`F_${to}`]: linearTensor(linear, 'inputs'),
      b: tensor([2], linear.b),
    },
  );
};
/** Y [frames, 2, batch, cells] as PyTorch joins it: [frames, batch, 2 cells]. */
const joined = (from: string, to: string): Parts =>
  parts(
    [
      node('Transpose', [from], [`${to}_t`], { perm: [0, 2, 1, 3] }),
      node('Reshape', [`${to}_t`, `${to}_s`], [to]),
    ],
    { [`${to}_s`]: ints(0, 0, -1) },
  );
/** One of the values on an axis. */
const pick = (from: string, axis: number, index: number, to: string): Parts =>
  parts([node('Gather', [from, `${to}_i`], [to], { axis })], {
    [`${to}_i`]: tensor([], [index], 'int64'),
  });
const cut = (from: string, to: string, axis: number, start: number, end: number): Parts =>
  parts([node('Slice', [from, `${to}_s`, `${to}_e`, `${to}_a`], [to])], {
    [`${to}_s`]: ints(start),
    [`${to}_e`]: ints(end),
    [`${to}_a`]: ints(axis),
  });
const last = (from: string, to: string): Parts => pick(from, 0, -1, to);

/** Layers by their direction: `<` backward, `!` in the order of its steps; then what they read. */
const shown = (model: FloatModel) =>
  [...model.layers, ...(model.output ? [model.output] : [])].map((layer, l) => {
    const { direction, aligned } =
      'cell' in layer ? layer : { direction: undefined, aligned: undefined };
    const word = 'cell' in layer ? layer.cell : 'output';
    const marks = `${direction ? '<' : ''}${aligned === false ? '!' : ''}`;
    return `${word}${marks} ${sourcesOf(model, l).join()}`;
  });

const same = async (graph: GraphMessage, batch = 2) => {
  const imported = read(graph);
  expect(await disagreement(onnxFile(graph), imported, { x: [6, batch, 5] })).toBeNull();
  return imported;
};

describe.each(CELL_KINDS)('%s nodes of two directions compute what ONNX Runtime does', (kind) => {
  const low = both(random, 0, 'x', { kind, ...lower });
  const high = both(random, 1, 'j_0', { kind, inputs: 6, cells: 2 });
  const stack = [low, joined('Y_0', 'j_0'), high];

  it('in a stack', async () => {
    const graph = graphOf([...stack, joined('Y_1', 'j_1'), head('j_1', 4)], { outputs: ['y'] });
    const { model, notes } = await same(graph);
    expect(model.layers.map(({ direction }) => direction)).toEqual([
      ...[undefined, 'backward', undefined, 'backward'],
    ]);
    expect(
      shown(model)
        .slice(2)
        .map((text) => text.split(' ')[1]),
    ).toEqual(['0,1', '0,1', '2,3']);
    expect(notes.join('\n')).not.toContain('copied');
  });

  it('at the last frame, and with both final states', async () => {
    const every = graphOf([...stack, joined('Y_1', 'j_1'), last('j_1', 'l'), head('l', 4)], {
      outputs: ['y'],
    });
    const [a, b] = [
      await same(every),
      await same(
        graphOf(
          [
            ...stack,
            of('Transpose', ['H_1'], 't', { perm: [1, 0, 2] }),
            parts([node('Reshape', ['t', 's'], ['l'])], { s: ints(-1, 4) }),
            head('l', 4),
          ],
          { outputs: ['y'] },
        ),
      ),
    ];
    expect(a.model.layers[3]).not.toHaveProperty('aligned');
    expect(b.model.layers[3]?.aligned).toBe(false);
    for (const { outputs } of [a, b])
      expect(outputs?.[0]).toMatchObject({ is: 'outputs', lastFrame: true });
  });

  it('without biases, backward alone', async () => {
    const graph = graphOf(
      [both(random, 0, 'x', { kind, ...lower, direction: 'reverse', bias: false }), head('Y_0', 3)],
      { outputs: ['y'] },
    );
    const { model } = await same(graph);
    expect(shown(model)[0]).toMatch(/< -1$/);
  });
});

const low = both(random, 0, 'x', lower);
const sums: readonly [string, readonly Parts[]][] = [
  ['ReduceSum', [parts([node('ReduceSum', ['Y_0', 'a'], ['s'], { keepdims: 0 })], { a: ints(1) })]],
  ['ReduceMean', [of('ReduceMean', ['Y_0'], 's', { axes: [1], keepdims: 0 })]],
  ['picked halves', [pick('Y_0', 1, 0, 'f'), pick('Y_0', 1, 1, 'g'), of('Add', ['f', 'g'], 's')]],
  [
    'Split',
    [
      joined('Y_0', 'j'),
      parts([node('Split', ['j', 'n'], ['f', 'g'], { axis: 2 })], { n: ints(3, 3) }),
      of('Add', ['g', 'f'], 's'),
    ],
  ],
  [
    'Slice',
    [
      joined('Y_0', 'j'),
      cut('j', 'f', 2, 0, 3),
      cut('j', 'g', 2, 3, 99),
      of('Add', ['f', 'g'], 's'),
    ],
  ],
  [
    'a Reshape that takes them apart',
    [
      joined('Y_0', 'j'),
      parts([node('Reshape', ['j', 'r'], ['q'])], { r: ints(0, 0, 2, 3) }),
      parts([node('ReduceSum', ['q', 'a'], ['s'], { keepdims: 0 })], { a: ints(2) }),
    ],
  ],
  [
    'half of it',
    [
      pick('Y_0', 1, 0, 'f'),
      pick('Y_0', 1, -1, 'g'),
      of('Add', ['f', 'g'], 'w'),
      parts([node('Mul', ['w', 'k'], ['s'])], { k: tensor([], [0.5]) }),
    ],
  ],
];

describe('the sum of both directions of an ONNX file', () => {
  it.each(sums)('by %s', async (_, own) => {
    const { model } = await same(graphOf([low, ...own, head('s', 3)], { outputs: ['y'] }));
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'output 0,1']);
    const { weights } = model.output as NonNullable<FloatModel['output']>;
    expect([...weights.values.subarray(0, 3)]).toEqual([...weights.values.subarray(3, 6)]);
  });

  it('below a recurrent layer, and as the outputs', async () => {
    const [, halves] = sums[2] as (typeof sums)[number];
    const upper = lstm(randomLayer(random, 3, 4), 1, 's');
    const { model } = await same(graphOf([low, ...halves, upper], { outputs: ['Y_1'] }));
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'lstm 0,1']);
    const { model: copied, notes } = await same(graphOf([low, ...halves], { outputs: ['s'] }));
    expect(shown(copied)).toEqual(['lstm -1', 'lstm< -1', 'dense-linear 0,1']);
    expect(notes.join('\n')).toContain('copied by a linear layer with the identity matrix');
  });

  it('and of final states', async () => {
    const own = [pick('H_0', 0, 0, 'f'), pick('H_0', 0, 1, 'g'), of('Add', ['f', 'g'], 's')];
    const { model } = await same(graphOf([low, ...own, head('s', 3)], { outputs: ['y'] }));
    expect(shown(model)[1]).toBe('lstm<! -1');
  });
});

describe('final states of an ONNX file', () => {
  const high = both(random, 1, 'j_0', { inputs: 6, cells: 3 });
  const h_n = [low, joined('Y_0', 'j_0'), high, of('Concat', ['H_0', 'H_1'], 'h_n', { axis: 0 })];

  it('picked from those of all layers', async () => {
    const own = [
      pick('h_n', 0, -2, 'f'),
      pick('h_n', 0, 3, 'g'),
      of('Concat', ['f', 'g'], 'l', { axis: 1 }),
    ];
    const { model } = await same(graphOf([...h_n, ...own, head('l', 6)], { outputs: ['y'] }));
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'lstm 0,1', 'lstm<! 0,1', 'output 2,3']);
  });

  it('of one direction alone, which leaves the other out', async () => {
    const { model } = await same(
      graphOf([...h_n, pick('h_n', 0, 3, 'l'), head('l', 3)], { outputs: ['y'] }),
    );
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'lstm<! 0,1', 'output 2']);
  });

  it('beside frames of the same direction are refused', () => {
    const all = [
      of('Transpose', ['h_n'], 't', { perm: [1, 0, 2] }),
      parts([node('Reshape', ['t', 's'], ['l'])], { s: ints(-1, 12) }),
    ];
    const report = refusal(() =>
      read(graphOf([...h_n, ...all, head('l', 12)], { outputs: ['y'] })),
    );
    expect(report).toMatchObject({ code: 'DIRECTIONS', field: 'both_0' });
  });
});

describe('outputs of an ONNX file that are h of two directions', () => {
  it.each([
    ['Y as it is', [], ['Y_0'], 'time'],
    ['Y, joined', [joined('Y_0', 'j')], ['j'], 'time'],
    ['Y, joined, and states', [joined('Y_0', 'j')], ['j', 'H_0', 'C_0'], 'time'],
    ['Y_h as it is', [], ['H_0'], 'last'],
  ] as const)('%s, are copied', async (_, own, outputs, at) => {
    const { model, outputs: claims = [] } = await same(graphOf([low, ...own], { outputs }));
    expect(shown(model)[2]).toBe('dense-linear 0,1');
    expect(model.layers[1]?.aligned).toBe(at === 'last' ? false : undefined);
    expect(claims[0]).toMatchObject({ is: 'outputs', lastFrame: at === 'last' });
    expect(claims.slice(1).every(({ is }) => is === 'states')).toBe(true);
  });

  it('of which a file has several are asked about', () => {
    const graph = graphOf([low, pick('Y_0', 1, 0, 'f'), pick('Y_0', 1, 1, 'g')], {
      outputs: ['f', 'g'],
    });
    expect(refusal(() => read(graph)).code).toBe('OUTPUT_AMBIGUOUS');
    const none = read(graph, {}, 'fc=none').model;
    expect(shown(none)).toHaveLength(3);
  });

  it('of a backward layer alone, too', async () => {
    const back = both(random, 0, 'x', { ...lower, direction: 'reverse' });
    const { model } = await same(graphOf([back], { outputs: ['Y_0'] }));
    expect(shown(model)).toEqual(['lstm< -1', 'dense-linear 0']);
  });

  it('in another order are refused', () => {
    const own = [
      pick('Y_0', 1, 0, 'f'),
      pick('Y_0', 1, 1, 'g'),
      of('Concat', ['g', 'f'], 'j', { axis: 2 }),
    ];
    expect(refusal(() => read(graphOf([low, ...own], { outputs: ['j'] }))).code).toBe(
      'OUTPUT_NOT_TAKEN',
    );
  });
});

describe('of both directions of an ONNX file', () => {
  it('initial states, peepholes and clips are those of each', async () => {
    const numbers = (count: number) =>
      Array.from({ length: count }, () => random.between(-99, 99) / 64);
    const state = () => {
      const [one, other] = [numbers(3), numbers(3)];
      return tensor([2, 2, 3], [...one, ...one, ...other, ...other]);
    };
    const constants = parts([], { h0: state(), c0: state(), P: tensor([2, 9], numbers(18)) });
    const own = both(random, 0, 'x', {
      ...lower,
      attributes: { clip: { float: 1.5 } },
      more: ['', 'h0', 'c0', 'P'],
    });
    const { model } = await same(
      graphOf([constants, own, joined('Y_0', 'j'), head('j', 6)], { outputs: ['y'] }),
    );
    expect(model.layers.map(({ cell }) => cell)).toEqual(['lstm-peephole', 'lstm-peephole']);
    const [one, other] = model.layers.map(({ initial }) => [...(initial?.h.values ?? [])]);
    expect(one).not.toEqual(other);
  });

  it('functions are the same', async () => {
    const attributes = (second: string, alpha: readonly number[] = []) => ({
      activations: ['HardSigmoid', 'Tanh', 'Tanh', second, 'Tanh', 'Tanh'],
      ...(alpha.length > 0 && { activation_alpha: { floats: [...alpha] } }),
    });
    const graph = (own: ReturnType<typeof attributes>) =>
      graphOf(
        [both(random, 0, 'x', { ...lower, attributes: own }), joined('Y_0', 'j'), head('j', 6)],
        { outputs: ['y'] },
      );
    await same(graph(attributes('HardSigmoid', [0.3, 0.3])));
    for (const odd of [attributes('Sigmoid'), attributes('HardSigmoid', [0.3])]) {
      expect(refusal(() => read(graph(odd))).message).toContain('both directions');
    }
  });

  it('nodes of one direction each are one layer with two', async () => {
    const forward = lstm(first, 1, 'x');
    const back = both(random, 0, 'x', { inputs: 5, cells: 4, direction: 'reverse' });
    const own = [forward, back, of('Concat', ['Y_1', 'Y_0'], 'j', { axis: 3 })];
    const { model } = await same(graphOf([...own, head('j', 8)], { outputs: ['y'] }));
    expect(shown(model)).toEqual(['lstm -1', 'lstm< -1', 'output 0,1']);
  });

  it('a direction that is none is refused', () => {
    const own = both(random, 0, 'x', { ...lower, attributes: { direction: 'sideways' } });
    const report = refusal(() => read(graphOf([own], { outputs: ['Y_0'] })));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'both_0.direction' });
  });
});
