import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { functionsOf, USUAL_FUNCTIONS } from '../../../generator/network/table-functions.js';
import { type GraphMessage, ints, node, onnxFile, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { cellNode } from './support/cell-graph.js';
import { type CellLayer, randomCell } from './support/cell-reference.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { gemm, parts, rows, squeezed } from './support/standard-network.js';

const random = new Random(12);
const KINDS = ['LSTM', 'GRU', 'GRU with the reset before'] as const;
type Kind = (typeof KINDS)[number];
type Attributes = Parameters<typeof node>[3];

const lstms = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)] as const;
const grus = [randomCell(random, 'gru', 5, 4), randomCell(random, 'gru', 4, 3)] as const;

/** Layer `l` of a kind on `x`, with an initial h where that is given. */
function layer(kind: Kind, l: 0 | 1, x: string, attributes: Attributes, h0 = ''): Parts {
  const inputs = h0 === '' ? [] : ['', h0];
  if (kind === 'LSTM') return lstm(lstms[l], l, x, { attributes, inputs });
  const own: CellLayer = { ...grus[l], ...(kind !== 'GRU' && { reset: 'before' }) };
  return cellNode(own, l, x, { attributes, inputs });
}

const functions = (kind: Kind, gates: string, candidate = 'Tanh', output = candidate) =>
  kind === 'LSTM' ? [gates, candidate, output] : [gates, candidate];
const floats = (...numbers: number[]) => ({ floats: numbers });
const read = (graph: GraphMessage) => importNetwork(onnxFile(graph), 'net.onnx');
const one = (kind: Kind, attributes: Attributes) =>
  graphOf([layer(kind, 0, 'x', attributes)], { outputs: ['Y_0'] });

const same = async (graph: GraphMessage, feeds = { x: [9, 1, 5] }) => {
  const imported = read(graph);
  expect(await disagreement(onnxFile(graph), imported, feeds, { limit: 1e-5 })).toBeNull();
  return imported;
};

describe.each(KINDS)('a hard sigmoid in the gates of %s is as ONNX Runtime has it', (kind) => {
  const hard = functions(kind, 'HardSigmoid');
  const label = kind === 'LSTM' ? 'lstm_0' : 'cell_0';

  it.each([
    ['without parameters', { activations: hard }, Math.fround(0.2)],
    ['of Keras 3', { activations: hard, activation_alpha: floats(1 / 6) }, Math.fround(1 / 6)],
    [
      'with both parameters, in any case',
      {
        activations: hard.map((name) => name.toLowerCase()),
        activation_alpha: floats(0.5),
        activation_beta: floats(0.5),
      },
      0.5,
    ],
  ] as const)('%s', async (_, attributes, alpha) => {
    const h0 = parts([], { h0: tensor([1, 1, 4], [0.5, -0.25, 0.75, 0.125]) });
    const graph = graphOf(
      [
        h0,
        layer(kind, 0, 'x', attributes, 'h0'),
        squeezed('Y_0', 's'),
        layer(kind, 1, 's', attributes),
        squeezed('Y_1', 'h'),
        rows,
        gemm,
      ],
      { outputs: ['y', 'H_0'], batch: 1 },
    );
    const { model, notes } = await same(graph);
    expect(model.functions?.tanh).toEqual({ kind: 'tanh' });
    const sigmoid = model.functions?.sigmoid;
    expect(sigmoid?.kind).toBe('hard-sigmoid');
    expect(sigmoid?.kind === 'hard-sigmoid' && sigmoid.alpha).toBeCloseTo(alpha, 7);
    const text = `hard sigmoid with alpha ${Number(alpha.toPrecision(7))}`;
    expect(notes).toContain(`${label}: its gates have ${text}`);
  });

  it.runIf(kind !== 'LSTM')('in the body of a Scan', async () => {
    const inner = layer(kind, 0, 'x1', { activations: hard }, 'h1');
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
    const attributes = { body: { graph: body }, num_scan_inputs: 1 };
    const scan = node('Scan', ['h0', 'x'], ['H', 'Y'], attributes, 'scan');
    const graph = graphOf([parts([scan], tensors)], { outputs: ['Y'], frames: 6, batch: 1 });
    const { model } = await same(graph, { x: [6, 1, 5] });
    expect(model.functions?.sigmoid.kind).toBe('hard-sigmoid');
  });

  it.each([
    ['Affine', 'Tanh'],
    ['Relu', 'Tanh'],
    ['Tanh', 'Tanh'],
    ['Sigmoid', 'ScaledTanh'],
    ['Sigmoid', 'Softsign'],
    ['Sigmoid', 'Elu'],
    ['HardSigmoid', 'LeakyRelu'],
    ['Sigmoid', 'HardSigmoid'],
    ['ThresholdedRelu', 'Tanh'],
  ])('but %s, %s are refused by name', (gates, candidate) => {
    const activations = functions(kind, gates, candidate);
    const report = refusal(() => read(one(kind, { activations })));
    expect(report).toMatchObject({
      code: 'LSTM_UNSUPPORTED',
      field: `${label}.activations`,
      got: activations.join(', '),
    });
  });

  it.each<[string, Attributes, string, string]>([
    ['another height', { activation_beta: floats(0.25) }, 'activation_beta', '0.25'],
    ['a slope of zero', { activation_alpha: floats(0) }, 'activation_alpha', '0'],
    ['a slope below zero', { activation_alpha: floats(-0.5) }, 'activation_alpha', '-0.5'],
    ['a slope out of tables', { activation_alpha: floats(0.03125) }, 'activation_alpha', '0.03125'],
    ['no number', { activation_alpha: floats(Number.NaN) }, 'activation_alpha', 'NaN'],
    ['two slopes', { activation_alpha: floats(0.5, 0.25) }, 'activation_alpha', '0.5, 0.25'],
    ['two heights', { activation_beta: floats(0.5, 0.5) }, 'activation_beta', '0.5, 0.5'],
  ])('but %s is refused', (_, attributes, field, got) => {
    const report = refusal(() => read(one(kind, { activations: hard, ...attributes })));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: `${label}.${field}`, got });
  });
});

describe('functions of an ONNX network', () => {
  it('other ones in h than in the candidate, or too few, are refused', () => {
    for (const activations of [
      ['Sigmoid', 'Tanh', 'Softsign'],
      ['Sigmoid', 'Tanh'],
      ['Sigmoid,Tanh', 'Tanh'],
    ]) {
      expect(refusal(() => read(one('LSTM', { activations }))).field).toBe('lstm_0.activations');
    }
  });

  it('are those of an RNN too, which has no gates', () => {
    const rnn = randomCell(random, 'rnn-tanh', 5, 4);
    const graph = graphOf(
      [cellNode(rnn, 0, 'x', { attributes: { activations: ['HardSigmoid'] } })],
      {
        outputs: ['Y_0'],
      },
    );
    expect(refusal(() => read(graph)).field).toBe('cell_0.activations');
  });

  const hard = { activations: functions('GRU', 'HardSigmoid') };
  const between = (...nodes: Parts['nodes']) =>
    parts([node('MatMul', ['s', 'M'], ['m']), ...nodes], {
      M: tensor(
        [4, 4],
        Array.from({ length: 16 }, (_, i) => (i % 5) / 4 - 0.5),
      ),
    });
  const stack = (upper: Attributes, ...nodes: Parts['nodes']) =>
    graphOf(
      [
        layer('GRU', 0, 'x', hard),
        squeezed('Y_0', 's'),
        ...(nodes.length > 0 ? [between(...nodes)] : []),
        layer('GRU', 1, nodes.length > 0 ? 'd' : 's', upper),
      ],
      { outputs: ['Y_1'], batch: 1 },
    );

  it('stand in all layers of the network alike', async () => {
    const report = refusal(() => read(stack({})));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'cell_1', got: 'sigmoid' });
    expect(report.expected).toContain('hard sigmoid with alpha 0.2, as cell_0 has it');
    const other = refusal(() => read(stack({ ...hard, activation_alpha: floats(0.25) })));
    expect(other.got).toBe('hard sigmoid with alpha 0.25');
    await same(stack(hard));
  });

  it('also in fully connected layers between them', async () => {
    const report = refusal(() => read(stack(hard, node('Sigmoid', ['m'], ['d']))));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', got: 'sigmoid' });
    await same(stack(hard, node('HardSigmoid', ['m'], ['d'])));
    await same(stack(hard, node('Tanh', ['m'], ['d'])));
    await same(stack(hard, node('Relu', ['m'], ['d'])));
  });

  it('are undefined where they are the usual ones', () => {
    expect(read(one('LSTM', {})).model.functions).toBeUndefined();
    expect(functionsOf(USUAL_FUNCTIONS).sigmoid(0)).toBe(0.5);
  });
});
