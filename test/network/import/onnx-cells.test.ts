import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import type { Imported, ImportOptions } from '../../../generator/network/import/imported.js';
import { type GraphMessage, ints, node, onnxFile, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { cellNode } from './support/cell-graph.js';
import { expectCells, OTHER_CELLS, randomCell, withoutBiases } from './support/cell-reference.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { gemm, linear, parts, rows, squeezed } from './support/standard-network.js';

const random = new Random(8);
const feeds = { x: [6, 1, 5] };

const bytesOf = (graph: GraphMessage, producer_name = '') =>
  onnxFile(graph, { extra: { producer_name } });
const read = (graph: GraphMessage, options: ImportOptions = {}, producer = ''): Imported =>
  importNetwork(bytesOf(graph, producer), 'net.onnx', options);

const KINDS = [...OTHER_CELLS, 'gru-before'] as const;

describe.each(KINDS)('%s nodes compute what ONNX Runtime computes', (kind) => {
  const cell = kind === 'gru-before' ? 'gru' : kind;
  const place = kind === 'gru-before' ? ({ reset: 'before' } as const) : {};
  const [first, second] = [
    { ...randomCell(random, cell, 5, 4), ...place },
    { ...randomCell(random, cell, 4, 3), ...place },
  ];
  const op = cell === 'gru' ? 'GRU' : 'RNN';
  const two = [
    cellNode(first, 0, 'x'),
    squeezed('Y_0', 's_0'),
    cellNode(second, 1, 's_0'),
    squeezed('Y_1', 'h'),
  ];
  const same = async (graph: GraphMessage, imported: Imported, more = {}) => {
    expect(await disagreement(bytesOf(graph), imported, { ...feeds, ...more })).toBeNull();
  };

  it('in a chain, with a fully connected layer', async () => {
    const graph = graphOf([...two, rows, gemm], { outputs: ['y', 'H_0'], batch: 1 });
    const imported = read(graph);
    expect(imported.taken).toEqual(expect.arrayContaining(['cell_0', 'cell_1', 'head', 'B_1']));
    expect(imported.leftOut).toEqual([]);
    expect(imported.outputs?.map(({ is }) => is)).toEqual(['outputs', 'states']);
    expectCells(imported, [first, second], linear);
    await same(graph, imported);
  });

  it('with the h of the last frame alone, and several utterances', async () => {
    const graph = graphOf([...two], { outputs: ['H_1'], batch: 2 });
    const imported = read(graph);
    expect(imported.outputs).toEqual([expect.objectContaining({ is: 'outputs', lastFrame: true })]);
    await same(graph, imported, { x: [6, 2, 5] });
  });

  it('without biases', async () => {
    const graph = graphOf([cellNode(first, 0, 'x', { bias: false })], { outputs: ['Y_0'] });
    expectCells(read(graph), [withoutBiases(first)], null);
    await same(graph, read(graph));
  });

  it('batch first', () => {
    const graph = graphOf([cellNode(first, 0, 'x', { attributes: { layout: 1 } })], {
      shape: ['batch', 'frames', 5],
      outputs: ['Y_0'],
    });
    expect(read(graph).frames?.axes).toEqual([['batch'], ['time'], ['feature']]);
    expectCells(read(graph), [first], null);
  });

  it('from an h that is a constant, zero, or handed in', async () => {
    const from = (tensors: Parts['tensors'], more: readonly Record<string, unknown>[] = []) =>
      graphOf([parts([], tensors), cellNode(first, 0, 'x', { inputs: ['', 'h0'] })], {
        outputs: ['Y_0', 'H_0'],
        more,
      });
    const h = [0.5, -0.25, 0.75, 0.125];
    const constant = from({ h0: tensor([1, 1, 4], h) });
    const imported = read(constant);
    const { initial } = imported.model.layers[0] ?? {};
    expect([...(initial?.h.values ?? [])]).toEqual(h);
    expect(initial?.c).toBeNull();
    expectCells(imported, [first], null, [h]);
    await same(constant, imported);
    const zeros = read(from({ h0: tensor([1, 1, 4], [0, 0, 0, 0]) }));
    expect(zeros.model.layers[0]?.initial).toBeUndefined();
    const given = read(from({}, [value('h0', [1, 1, 4])]));
    expect(given.notes.join('\n')).toContain('cell_0.initial_h comes from graph input h0');
  });

  it('behind a scale and a shift of the frames, which go into its weights', async () => {
    const list = (at: number) => Array.from({ length: 5 }, (_, i) => at + i / 8);
    const before = parts([node('Mul', ['x', 'scale'], ['m']), node('Add', ['m', 'shift'], ['a'])], {
      scale: tensor([5], list(0.5)),
      shift: tensor([5], list(-1)),
    });
    const graph = graphOf([before, cellNode(first, 0, 'a')], { outputs: ['Y_0'] });
    await same(graph, read(graph));
  });

  it('in the body of a Scan', async () => {
    const inner = cellNode(first, 0, 'x1', { inputs: ['', 'h1'] });
    const body = {
      name: 'body',
      node: [
        node('Unsqueeze', ['xt', 'axis'], ['x1']),
        node('Unsqueeze', ['h', 'axis'], ['h1']),
        ...inner.nodes,
        node('Squeeze', ['H_0', 'axis'], ['ho']),
        node('Identity', ['ho'], ['yo']),
      ],
      input: [value('h'), value('xt')],
      output: [value('ho'), value('yo')],
    };
    const tensors = { ...inner.tensors, axis: ints(0), h0: tensor([1, 4], [0, 0, 0, 0]) };
    const scan = node(
      'Scan',
      ['h0', 'x'],
      ['H', 'Y'],
      { body: { graph: body }, num_scan_inputs: 1 },
      'scan',
    );
    const graph = graphOf([parts([scan], tensors)], { outputs: ['Y'], frames: 6, batch: 1 });
    expectCells(read(graph), [first], null);
    await same(graph, read(graph));
  });

  const single = (attributes: Parameters<typeof node>[3], inputs: readonly string[] = []) =>
    graphOf([cellNode(first, 0, 'x', { attributes, inputs })], {
      outputs: ['Y_0'],
      more: inputs.map((name) => value(name, [1], 'int32')),
    });
  it.each([
    ['direction', { direction: 'both' }, /both/],
    [
      'activations',
      { activations: cell === 'gru' ? ['Softsign', 'Tanh'] : ['Sigmoid'] },
      /Softsign|Sigmoid/,
    ],
    ['activation_alpha', { activation_alpha: { floats: [0.5] } }, /0\.5/],
    ['clip', { clip: { float: -3 } }, /-3/],
    ['layout', { layout: 2 }, /2/],
  ] as const)('but for its %s is refused', (field, attributes, got) => {
    const report = refusal(() => read(single(attributes)));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: `cell_0.${field}` });
    expect(String(report.got)).toMatch(got);
  });

  it('but for lengths of utterances, or a state of another cell, is refused', () => {
    const lengths = refusal(() => read(single({}, ['lens'])));
    expect(lengths).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'cell_0.sequence_lens' });
    const c = graphOf([cellNode(first, 0, 'x', { inputs: ['', '', 'x'] })], { outputs: ['Y_0'] });
    expect(refusal(() => read(c))).toMatchObject({ code: 'ONNX_INVALID', field: 'cell_0' });
  });

  it('is listed', () => {
    const graph = graphOf([cellNode(first, 0, 'x')], { outputs: ['Y_0'] });
    expect(contentsOf(bytesOf(graph), 'net.onnx')).toEqual([
      { name: 'cell_0', what: `${op}, 5 inputs, 4 cells` },
    ]);
  });
});

it('layers of all cells make one chain', async () => {
  const own = [randomCell(random, 'gru', 4, 3), randomCell(random, 'rnn-tanh', 3, 2)] as const;
  const graph = graphOf(
    [
      lstm(randomLayer(random, 5, 4), 0, 'x'),
      squeezed('Y_0', 's_0'),
      cellNode(own[0], 1, 's_0'),
      squeezed('Y_1', 's_1'),
      cellNode(own[1], 2, 's_1'),
    ],
    { outputs: ['Y_2', 'C_0'], batch: 1 },
  );
  const imported = read(graph);
  expect(imported.model.layers.map(({ cell }) => cell)).toEqual(['lstm', 'gru', 'rnn-tanh']);
  expect(await disagreement(bytesOf(graph), imported, feeds)).toBeNull();
});

describe('linear_before_reset 0 of a GRU', () => {
  const gru = randomCell(random, 'gru', 5, 4);
  const flag = (linear_before_reset: number) =>
    graphOf([cellNode(gru, 0, 'x', { attributes: { linear_before_reset } })], {
      outputs: ['Y_0'],
    });
  const field = 'cell_0.linear_before_reset';

  const before = { ...gru, reset: 'before' } as const;
  const h = [0.5, -0.25, 0.75, 0.125];

  it('is the reset before the product, as ONNX Runtime has it', async () => {
    const upper = { ...randomCell(random, 'gru', 4, 3), reset: 'before' } as const;
    const graph = graphOf(
      [
        parts([], { h0: tensor([1, 1, 4], h) }),
        cellNode(before, 0, 'x', { inputs: ['', 'h0'] }),
        squeezed('Y_0', 's_0'),
        cellNode(upper, 1, 's_0', { attributes: { linear_before_reset: 0 }, bias: false }),
        squeezed('Y_1', 'h'),
        rows,
        gemm,
      ],
      { outputs: ['y', 'H_0'], batch: 1 },
    );
    const imported = read(graph);
    expectCells(imported, [before, withoutBiases(upper)], linear, [h, [0, 0, 0]]);
    expect(imported.notes).toContain('cell_0: the reset gate stands before the product');
    const file = bytesOf(graph);
    expect(await disagreement(file, imported, feeds, { limit: 1e-5 })).toBeNull();
    expectCells(read(flag(0), { reset: 'before' }), [before], null);
    expect(await disagreement(bytesOf(flag(0)), read(flag(0)), feeds, { limit: 1e-5 })).toBeNull();
  });

  it('is taken at its word where another program has written it', () => {
    const said = refusal(() => read(flag(0), { reset: 'after' }, 'tf2onnx'));
    expect(said.message).toContain('no file of PyTorch');
    expect(refusal(() => read(flag(2))).code).toBe('LSTM_UNSUPPORTED');
  });

  it('is asked about in a file of PyTorch, whose exporter leaves 1 out', () => {
    const report = refusal(() => read(flag(0), {}, 'pytorch'));
    expect(report).toMatchObject({ code: 'GRU_RESET', field });
    expect(report.message).toContain('--reset after');
    expect(report.message).toContain('onnxscript #2852');
    const other = read(flag(0), { reset: 'before' }, 'pytorch');
    expect(other.notes.join('\n')).toContain('before the product, as --reset before says');
    expectCells(other, [before], null);
    const imported = read(flag(0), { reset: 'after' }, 'pytorch');
    expect(imported.notes.join('\n')).toContain('as --reset after says');
    expectCells(imported, [gru], null);
  });

  it('is no question where the file says 1', () => {
    expectCells(read(flag(1), {}, 'pytorch'), [gru], null);
    expectCells(read(flag(1), { reset: 'after' }), [gru], null);
    expect(refusal(() => read(flag(1), { reset: 'before' }))).toMatchObject({
      code: 'GRU_RESET',
      field: '--reset',
    });
  });
});
