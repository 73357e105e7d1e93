import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { type GraphMessage, node, onnxFile, tensor } from '../../support/onnx.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { randomDense } from './support/random-dense.js';
import { parts, random, squeezed } from './support/standard-network.js';

const COUNT = Number(process.env.HCGS_RANDOM_NETWORKS ?? 120);
const SEED = Number(process.env.HCGS_SEED ?? 1);
const LIMIT = 1e-5;

const K = (...shape: number[]) =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random.unit() - 1),
  );
const number = (one: number) => tensor([], [one]);

/** [N, 5] through `own` to y. */
const rowsTo = (own: Parts, outputs = ['y']): GraphMessage =>
  graphOf([own], { outputs, shape: ['N', 5] });

async function same(graph: GraphMessage, dims: readonly number[], opset = 17): Promise<Imported> {
  const bytes = onnxFile(graph, { opset });
  const imported = importNetwork(bytes, 'net.onnx');
  expect(await disagreement(bytes, imported, { x: dims }, { limit: LIMIT })).toBeNull();
  return imported;
}

const cellsOf = ({ model }: Imported) => model.layers.map(({ cell }) => cell);

/** Nodes of a layer as PyTorch exports it: Gemm, and a function. */
const layer = (from: string, to: string, [outputs, inputs]: [number, number], op: string): Parts =>
  parts(
    [
      node('Gemm', [from, `W_${to}`, `b_${to}`], [`s_${to}`], { transB: 1 }, `fc_${to}`),
      node(op, [`s_${to}`], [to], {}),
    ],
    { [`W_${to}`]: K(outputs, inputs), [`b_${to}`]: K(outputs) },
  );

const join = (...all: readonly Parts[]): Parts => ({
  nodes: all.flatMap(({ nodes }) => nodes),
  tensors: Object.assign({}, ...all.map(({ tensors }) => tensors)),
});

describe('an ONNX file of fully connected layers alone', () => {
  it('is a network whose frames are the rows of its input', async () => {
    const own = join(
      layer('x', 'a', [6, 5], 'Relu'),
      layer('a', 'b', [4, 6], 'Tanh'),
      parts([node('Gemm', ['b', 'F', 'f'], ['y'], {}, 'head')], { F: K(4, 3), f: K(3) }),
    );
    const imported = await same(rowsTo(own), [7, 5]);
    const { model, notes, leftOut, taken } = imported;
    expect(cellsOf(imported)).toEqual(['dense-linear', 'dense-tanh']);
    expect(model.layers[0]?.range).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
    expect(model.layers[0]?.h).toBeNull();
    expect(model.output).toMatchObject({ inputs: 4, outputs: 3 });
    expect(notes).toEqual([
      'frames are the rows of graph input x [frames, 5]: without recurrent layers each is one by itself',
      'outputs are output y [frames, 3]',
    ]);
    expect(leftOut).toEqual([]);
    expect(taken).toHaveLength(11);
  });

  it('is one of several utterances where it has three axes', async () => {
    const own = parts(
      [
        node('MatMul', ['x', 'F'], ['m']),
        node('Add', ['m', 'f'], ['s']),
        node('Relu', ['s'], ['y']),
      ],
      { F: K(5, 3), f: K(3) },
    );
    const imported = await same(graphOf([own], { outputs: ['y'] }), [4, 2, 5]);
    expect(imported.model.output).toBeNull();
    expect(imported.notes.at(-1)).toBe('outputs are output y [frames, batch, 3]');
  });

  it('leaves a softmax at its end out, and has a layer where there is one alone', async () => {
    const own = parts([node('Gemm', ['x', 'F'], ['s']), node('Softmax', ['s'], ['y'])], {
      F: K(5, 3),
    });
    const imported = await same(rowsTo(own), [7, 5]);
    expect(cellsOf(imported)).toEqual(['dense-linear']);
    expect(imported.model.layers[0]?.range).toBeUndefined();
    expect(imported.model.output).toBeNull();
    expect(imported.notes.at(-1)).toMatch(/behind Softmax, which the hardware leaves out/);
  });

  it('has its batch norms in its weights', async () => {
    const norm = (from: string, to: string, n: number) =>
      parts(
        [node('BatchNormalization', [from, `g${to}`, `B${to}`, `m${to}`, `v${to}`], [to])],
        Object.fromEntries(
          ['g', 'B', 'm', 'v'].map((name) => [
            `${name}${to}`,
            tensor(
              [n],
              Array.from({ length: n }, (_, i) => 0.25 + i / 4),
            ),
          ]),
        ),
      );
    const own = join(
      norm('x', 'n', 5),
      parts([node('Gemm', ['n', 'F'], ['s'])], { F: K(5, 4) }),
      norm('s', 't', 4),
      parts([node('Relu', ['t'], ['r'])]),
      norm('r', 'u', 4),
      parts([node('Gemm', ['u', 'G'], ['y'])], { G: K(4, 2) }),
    );
    const imported = await same(rowsTo(own), [7, 5]);
    expect(cellsOf(imported)).toEqual(['dense-linear']);
    expect(imported.leftOut).toEqual([]);
  });

  it('may choose the frames by name among inputs', async () => {
    const own = join(layer('x', 'a', [6, 5], 'Relu'), layer('a', 'y', [4, 6], 'Relu'));
    const bytes = onnxFile(rowsTo(own));
    expect(importNetwork(bytes, 'net.onnx', { map: ['frames=x'] }).frames?.said).toBe(true);
  });
});

describe('a function behind a fully connected layer is', () => {
  const infinite = Number.POSITIVE_INFINITY;
  const bounds = { low: number(-0.5), high: number(0.25) };
  it.each<[string, Parts['nodes'], string, object | undefined, number]>([
    ['ReLU', [node('Relu', ['s'], ['r'])], 'dense-linear', { low: 0, high: infinite }, 17],
    ['tanh', [node('Tanh', ['s'], ['r'])], 'dense-tanh', undefined, 17],
    ['sigmoid', [node('Sigmoid', ['s'], ['r'])], 'dense-sigmoid', undefined, 17],
    [
      'a clip',
      [node('Clip', ['s', 'low', 'high'], ['r'])],
      'dense-linear',
      { low: -0.5, high: 0.25 },
      17,
    ],
    [
      'a clip with one bound',
      [node('Clip', ['s', '', 'high'], ['r'])],
      'dense-linear',
      { low: -infinite, high: 0.25 },
      17,
    ],
    [
      'a clip of old files',
      [node('Clip', ['s'], ['r'], { min: { float: -0.5 }, max: { float: 0.25 } })],
      'dense-linear',
      { low: -0.5, high: 0.25 },
      9,
    ],
    [
      'ReLU and a clip',
      [node('Relu', ['s'], ['q']), node('Clip', ['q', 'low', 'high'], ['r'])],
      'dense-linear',
      { low: 0, high: 0.25 },
      17,
    ],
    ['hard sigmoid', [node('HardSigmoid', ['s'], ['r'])], 'dense-linear', { low: 0, high: 1 }, 17],
    [
      'hard sigmoid of another slope',
      [node('HardSigmoid', ['s'], ['r'], { alpha: { float: 2 }, beta: { float: 0.25 } })],
      'dense-linear',
      { low: 0, high: 1 },
      17,
    ],
    [
      'hard sigmoid in small operators',
      [
        node('Mul', ['s', 'high'], ['p']),
        node('Add', ['p', 'high'], ['q']),
        node('Clip', ['q', 'zero', 'one'], ['r']),
      ],
      'dense-linear',
      { low: 0, high: 1 },
      17,
    ],
  ])('%s', async (_, nodes, cell, range, opset) => {
    const own = parts(
      [
        node('Gemm', ['x', 'F', 'f'], ['s']),
        ...nodes,
        node('Dropout', ['r'], ['d']),
        node('Gemm', ['d', 'G', 'g'], ['y']),
      ],
      { F: K(5, 4), f: K(4), G: K(4, 2), g: K(2), ...bounds, zero: number(0), one: number(1) },
    );
    const imported = await same(rowsTo(own), [9, 5], opset);
    expect(imported.model.layers).toHaveLength(1);
    expect(imported.model.layers[0]).toMatchObject({ cell });
    expect(imported.model.layers[0]?.range).toEqual(range);
  });
});

describe('fully connected layers around recurrent ones', () => {
  const wide = randomLayer(random, 6, 4);
  const narrow = randomLayer(random, 3, 3);
  const before = parts(
    [node('MatMul', ['x', 'A'], ['a']), node('Add', ['a', 'p'], ['s']), node('Relu', ['s'], ['f'])],
    { A: K(5, 6), p: K(6) },
  );
  const between = parts([node('MatMul', ['h_0', 'B'], ['b']), node('Tanh', ['b'], ['g'])], {
    B: K(4, 3),
  });
  const behind = parts(
    [
      node('MatMul', ['h_1', 'C'], ['c']),
      node('Sigmoid', ['c'], ['e']),
      node('MatMul', ['e', 'D'], ['y']),
    ],
    { C: K(3, 7), D: K(7, 2) },
  );
  const whole = [
    before,
    lstm(wide, 0, 'f'),
    squeezed('Y_0', 'h_0'),
    between,
    lstm(narrow, 1, 'g'),
    squeezed('Y_1', 'h_1'),
    behind,
  ];

  it('are layers between them, and the frames are the input of the network', async () => {
    const imported = await same(graphOf(whole, { outputs: ['y'] }), [6, 2, 5]);
    expect(cellsOf(imported)).toEqual([
      'dense-linear',
      'lstm',
      'dense-tanh',
      'lstm',
      'dense-sigmoid',
    ]);
    expect(imported.model.output?.outputs).toBe(2);
    expect(imported.leftOut).toEqual([]);
    expect(imported.notes[0]).toBe('frames are graph input x [frames, batch, 5]');
  });

  it('are left out behind the last one, where the user wants its h', () => {
    const bytes = onnxFile(graphOf(whole, { outputs: ['y'] }));
    const imported = importNetwork(bytes, 'net.onnx', { map: ['fc=none'] });
    expect(cellsOf(imported)).toEqual(['dense-linear', 'lstm', 'dense-tanh', 'lstm']);
    expect(imported.model.output).toBeNull();
    expect(imported.headLeftOut).toBe(true);
  });

  it('are left out before the first one, where the user names the value behind them', async () => {
    const bytes = onnxFile(graphOf(whole, { outputs: ['y'] }));
    const imported = importNetwork(bytes, 'net.onnx', { map: ['frames=f'] });
    expect(cellsOf(imported)[0]).toBe('lstm');
    expect(imported.frames).toMatchObject({ name: 'f', behind: 'Relu_f (Relu)', said: true });
    expect(await disagreement(bytes, imported, { x: [6, 2, 5] }, { limit: LIMIT })).toBeNull();
  });

  it('read h of the last frame, with states handed back', async () => {
    const own = [
      lstm(randomLayer(random, 5, 4), 0, 'x'),
      parts(
        [
          node('Squeeze', ['H_0', 'zero'], ['l']),
          node('Gemm', ['l', 'F'], ['s']),
          node('Relu', ['s'], ['r']),
          node('Gemm', ['r', 'G'], ['y']),
        ],
        { zero: { dims: [1], data_type: 7, raw_data: new Uint8Array(8) }, F: K(4, 3), G: K(3, 2) },
      ),
    ];
    const graph = graphOf(own, { outputs: ['y', 'H_0', 'C_0'] });
    const imported = await same(graph, [6, 2, 5]);
    expect(imported.outputs?.map(({ is }) => is)).toEqual(['outputs', 'states', 'states']);
  });
});

describe('random networks of fully connected layers', () => {
  it('compute what ONNX Runtime computes', async () => {
    for (let i = 0; i < COUNT; i++) {
      const seed = SEED * 1_000_000 + i;
      const { bytes, feeds, what } = randomDense(new Random(seed));
      const bad = await check(bytes, feeds, seed).catch((error) => `failed: ${error}`);
      expect({ seed, what, bad }).toEqual({ seed, what, bad: null });
    }
  });
});

async function check(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, readonly number[]>>,
  seed: number,
): Promise<string | null> {
  const imported = importNetwork(bytes, 'net.onnx');
  if (imported.leftOut.some(({ what }) => !/^(Sigmoid|Dropout)$/.test(what)))
    return 'left something out';
  return disagreement(bytes, imported, feeds, { seed, limit: LIMIT });
}
