import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import { ints, node, onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { read } from './support/refuses.js';
import { first, gemm, parts, rows, second, squeezed, two } from './support/standard-network.js';

const five = (...values: number[]) => tensor([5], values);
const [g, beta, m, v] = [
  five(0.5, -1, 2, 1.5, 0.25),
  five(0.1, 0.2, -0.3, 0, 1),
  five(-1, 0.5, 0, 2, 0.125),
  five(0.25, 4, 1, 0.5, 2),
];
const rest = [...two.slice(1), rows, gemm];

/** Both layers and the dense one, on `front` of x. */
const behind = (front: Parts, given: Partial<Parameters<typeof graphOf>[1]> = {}) =>
  graphOf([front, lstm(first, 0, 'f'), ...rest], { outputs: ['y'], ...given });

describe('what is done to the frames before the first layer goes into its weights:', () => {
  const channels = parts(
    [
      node('Transpose', ['x'], ['c'], { perm: [1, 2, 0] }),
      node('BatchNormalization', ['c', 'g', 'beta', 'm', 'v'], ['n'], { epsilon: { float: 0.01 } }),
      node('Transpose', ['n'], ['f'], { perm: [2, 0, 1] }),
    ],
    { g, beta, m, v },
  );
  it.each<[string, Parts, { axes?: 'no batch' }]>([
    ['a batch norm over channels', channels, {}],
    [
      'a batch norm of rows',
      parts(
        [
          node('Reshape', ['x', 'flat'], ['r']),
          node('BatchNormalization', ['r', 'g', 'beta', 'm', 'v'], ['n']),
          node('Reshape', ['n', 'back'], ['f']),
        ],
        { g, beta, m, v, flat: ints(-1, 5), back: ints(-1, 1, 5) },
      ),
      {},
    ],
    [
      'a mean and a deviation',
      parts([node('Sub', ['x', 'm'], ['s']), node('Div', ['s', 'v'], ['f'])], { m, v }),
      {},
    ],
    [
      'a scale, an offset and a sign',
      parts(
        [
          node('Mul', ['two', 'x'], ['s']),
          node('Add', ['beta', 's'], ['t']),
          node('Neg', ['t'], ['u']),
          node('Sub', ['one', 'u'], ['f']),
        ],
        { two: tensor([], [2]), beta, one: tensor([1, 1, 5], [1, 2, 3, 4, 5]) },
      ),
      {},
    ],
    [
      'a batch norm on frames without a batch',
      parts(
        [
          node('BatchNormalization', ['x', 'g', 'beta', 'm', 'v'], ['n']),
          node('Unsqueeze', ['n', 'at'], ['f']),
        ],
        { g, beta, m, v, at: ints(1) },
      ),
      { axes: 'no batch' },
    ],
  ])('%s', async (_, front, own) => {
    const shape = own.axes === 'no batch' ? { shape: ['frames', 5] } : { batch: 1 };
    const graph = behind(front, shape);
    const bytes = onnxFile(graph);
    const imported = importNetwork(bytes, 'net.onnx');
    const dims = own.axes === 'no batch' ? [7, 5] : [7, 1, 5];
    expect(await disagreement(bytes, imported, { x: dims })).toBeNull();
    const { notes, leftOut } = imported;
    expect(notes[0]).toMatch(/^frames are graph input x \[frames, (batch, |1, )?5\]$/);
    expect(notes[1]).toMatch(/went into the weights of lstm_0, which is exact$/);
    expect(leftOut).toEqual([]);
  });
});

describe('what is done to h between two layers', () => {
  it('goes into the weights of the upper one, where it is a batch norm', async () => {
    const four = (...values: number[]) => tensor([4], values);
    const norm = parts(
      [
        node('Transpose', ['s_0'], ['c'], { perm: [1, 2, 0] }),
        node('BatchNormalization', ['c', 'g', 'beta', 'm', 'v'], ['n']),
        node('Transpose', ['n'], ['s'], { perm: [2, 0, 1] }),
      ],
      {
        g: four(1, -2, 0.5, 3),
        beta: four(0.5, 0, 1, -1),
        m: four(0.25, 0, -0.5, 0.125),
        v: four(1, 2, 0.5, 4),
      },
    );
    const own = [
      lstm(first, 0, 'x'),
      squeezed('Y_0', 's_0'),
      norm,
      lstm(second, 1, 's'),
      squeezed('Y_1', 'h'),
      rows,
      gemm,
    ];
    const bytes = onnxFile(graphOf(own, { outputs: ['y'], batch: 1 }));
    const imported = importNetwork(bytes, 'net.onnx');
    expect(await disagreement(bytes, imported, { x: [9, 1, 5] })).toBeNull();
    expect(imported.notes[1]).toMatch(/BatchNormalization_n .* went into the weights of lstm_1/);
  });
});

describe('what is done to h and to the sums of the dense layer', () => {
  it('goes into its weights, where it is the same in every frame', async () => {
    const head = parts(
      [
        node('Mul', ['h', 'k'], ['s']),
        node('Add', ['s', 'o'], ['t']),
        node('MatMul', ['t', 'F2'], ['q']),
        node('Add', ['q', 'b2'], ['r']),
        node('Div', ['r', 'd'], ['u']),
        node('Softmax', ['u'], ['y'], { axis: -1 }),
      ],
      {
        k: tensor([3], [1, -2, 0.5]),
        o: tensor([1, 3], [0.5, 0.25, -1]),
        F2: tensor([3, 2], [1, 0.5, -1, 2, 0.25, -0.5]),
        b2: tensor([2], [1, -1]),
        d: tensor([2], [2, 0.5]),
      },
    );
    const bytes = onnxFile(graphOf([...two, head], { outputs: ['y'] }));
    const imported = importNetwork(bytes, 'net.onnx');
    expect(await disagreement(bytes, imported, { x: [9, 2, 5] })).toBeNull();
    expect(imported.notes.at(-1)).toMatch(/output y \[frames, batch, 2\], behind Softmax/);
  });
});

describe('where frames are not the input of the network, that is said:', () => {
  it.each<[string, Parts]>([
    ['Relu', parts([node('Relu', ['x'], ['f'])])],
    ['LayerNormalization', parts([node('LayerNormalization', ['x', 'g'], ['f'])], { g })],
    [
      'Add',
      parts([node('Add', ['x', 'each'], ['f'])], {
        each: tensor([7, 1, 5], new Array(35).fill(1)),
      }),
    ],
    [
      'Tanh',
      parts([node('Mul', ['x', 'k'], ['s']), node('Tanh', ['s'], ['f'])], {
        k: tensor([], [2]),
      }),
    ],
  ])('behind %s', async (op, front) => {
    const bytes = onnxFile(behind(front));
    const imported = importNetwork(bytes, 'net.onnx');
    expect(imported.notes[0]).toMatch(
      new RegExp(
        `^frames are not the input of the network: they are f, behind ${op}_f \\(${op}\\).*record`,
      ),
    );
    const frames = { name: 'f', axes: [['time'], ['batch'], ['feature']] };
    expect(imported.frames).toEqual({ ...frames, behind: `${op}_f (${op})`, said: false });
    const said = importNetwork(bytes, 'net.onnx', { map: ['frames=f'] });
    expect(said.frames).toEqual({ ...frames, behind: `${op}_f (${op})`, said: true });
    expect(refusal(() => importNetwork(bytes, 'net.onnx', { map: ['frames=x'] }))).toMatchObject({
      ...{ code: 'BAD_MAP', expected: 'frames=f', got: 'frames=x' },
    });
    expect(await disagreement(bytes, imported, { x: [7, 2, 5] })).toBeNull();
  });

  it('a batch norm with a scale that is no number is refused', () => {
    const bad = parts([node('Mul', ['x', 'k'], ['f'])], { k: tensor([], [Number.NaN]) });
    expect(refusal(() => read(behind(bad)))).toMatchObject({
      code: 'TENSOR_NOT_FINITE',
      field: 'lstm_0.W',
    });
  });
});
