import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { ints, node, onnxFile, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { cellNode } from './support/cell-graph.js';
import { randomCell } from './support/cell-reference.js';
import { graphOf, lstm } from './support/lstm-graph.js';
import { read } from './support/refuses.js';
import { first, layers, parts, second, squeezed, two } from './support/standard-network.js';

/** A branch with a layer of its own; names of values may be those of the other branch. */
const branch = (layer: typeof first, l: number) => {
  const { nodes, tensors } = lstm(layer, l, 'x');
  const initializer = Object.entries(tensors).map(([name, one]) => ({ ...one, name }));
  return { name: 'b', node: nodes, initializer, input: [], output: [value(`Y_${l}`)] };
};
const choice = (before = parts([]), condition = 'flag') =>
  graphOf(
    [
      before,
      parts([
        node(
          'If',
          [condition],
          ['y'],
          {
            then_branch: { graph: branch(first, 0) },
            else_branch: {
              graph: branch({ ...first, gates: { ...first.gates, i: first.gates.o } }, 0),
            },
          },
          'If_0',
        ),
      ]),
    ],
    {
      outputs: ['y'],
      frames: 3,
      batch: 1,
      more: condition === 'flag' ? [value('flag', [1], 'bool')] : [],
    },
  );
const taken = (graph: Parameters<typeof onnxFile>[0], ...choices: string[]) =>
  importNetwork(onnxFile(graph), 'net.onnx', { graph: choices });

describe('a layer in a branch of an If', () => {
  it('is refused with what takes it', () => {
    const { message, code } = refusal(() => read(choice()));
    expect(code).toBe('LSTM_UNSUPPORTED');
    expect(message).toContain('--graph If_0.then_branch or --graph If_0.else_branch');
    expect(contentsOf(onnxFile(choice()), 'net.onnx').map(({ name }) => name)).toContain(
      'If_0.else_branch/lstm_0',
    );
  });

  it.each(['then_branch', 'else_branch'])('is taken by name: %s', (name) => {
    const imported = taken(choice(), `If_0.${name}`);
    expect(imported.taken).toContain('If_0');
    expect(imported.leftOut.map((one) => one.name)).toEqual([
      `If_0.${name === 'then_branch' ? 'else_branch' : 'then_branch'}`,
    ]);
    expect(imported.notes.join()).toContain(`${name} of If_0 (If) is taken: --graph says so`);
    const i = imported.model.layers[0]?.x.values.slice(0, 5);
    expect([...(i ?? [])]).toEqual(first.gates[name === 'then_branch' ? 'i' : 'o'].W[0]);
  });

  it('is taken where the condition is constant, also by the stated shape of an input', async () => {
    for (const batch of [1, 0]) {
      const graph = choice(
        parts(
          [
            node('Shape', ['x'], ['shape']),
            node('Gather', ['shape', 'last'], ['n'], { axis: 0 }),
            node('Equal', ['n', 'five'], ['is']),
          ],
          { last: ints(2), five: ints(batch === 1 ? 5 : 6) },
        ),
        'is',
      );
      const imported = read(graph);
      const at = batch === 1 ? 'then_branch' : 'else_branch';
      expect(imported.notes.join()).toContain(`${at} of If_0 (If) is taken: its condition`);
      const gate = first.gates[batch === 1 ? 'i' : 'o'];
      expect([...(imported.model.layers[0]?.x.values.slice(0, 5) ?? [])]).toEqual(gate.W[0]);
      expect(await disagreement(onnxFile(graph), imported, { x: [3, 1, 5] })).toBeNull();
    }
  });

  it.each([
    ['If_0', 'NODE.then_branch'],
    ['If_1.then_branch', 'If_0.then_branch or If_0.else_branch'],
  ])('is not taken by a wrong name: %s', (name, says) => {
    const report = refusal(() => taken(choice(), name));
    expect(report).toMatchObject({ code: 'BAD_GRAPH', field: '--graph' });
    expect(report.message).toContain(says);
  });

  it('is not taken by two names', () => {
    const both = () => taken(choice(), 'If_0.then_branch', 'If_0.else_branch');
    expect(refusal(both).message).toContain('one branch of If_0');
  });
});

describe('functions of a model', () => {
  const body = {
    name: 'Layer',
    domain: 'own',
    opset_import: [{ domain: '', version: 17 }],
    input: ['in', 'w', 'r', 'b'],
    output: ['out'],
    attribute: ['size'],
    node: [
      {
        ...node('LSTM', ['in', 'w', 'r', 'b'], ['y'], {}, 'cell'),
        attribute: [{ name: 'hidden_size', type: 2, ref_attr_name: 'size' }],
      },
      node('Constant', [], ['axes'], { value: { tensor: ints(1) } }),
      node('Squeeze', ['y', 'axes'], ['out']),
    ],
  };
  const call = (layer: typeof first, l: number, x: string) => {
    const { nodes, tensors } = lstm(layer, l, x);
    const [own] = nodes;
    return parts(
      [node('own.Layer', own?.input ?? [], [`s_${l}`], { size: layer.cells }, `call_${l}`)],
      tensors,
    );
  };
  const graph = graphOf([call(first, 0, 'x'), call(second, 1, 's_0')], {
    outputs: ['s_1'],
    frames: 3,
    batch: 1,
  });
  const extra = { functions: [body] };

  it('stand in place of their calls', () => {
    const imported = importNetwork(onnxFile(graph, { extra }), 'net.onnx');
    const plain = read(graphOf([...two], { outputs: ['h'] }));
    expect(
      imported.model.layers.map(({ x, h, bias }) => [x.values, h?.values, bias.values]),
    ).toEqual(plain.model.layers.map(({ x, h, bias }) => [x.values, h?.values, bias.values]));
    expect(imported.taken).toEqual(expect.arrayContaining(['call_0', 'call_1', 'call_0/cell']));
    expect(layers).toHaveLength(2);
  });

  it('that call themselves are refused', () => {
    const own = { ...body, node: [node('own.Layer', ['in', 'w', 'r', 'b'], ['out'])] };
    const report = refusal(() =>
      importNetwork(onnxFile(graph, { extra: { functions: [own] } }), 'net.onnx'),
    );
    expect(report.code).toBe('IMPORT_TOO_LARGE');
  });
});

describe('of several networks in one file', () => {
  const two = graphOf([lstm(first, 0, 'x'), lstm(first, 1, 'x'), squeezed('Y_1', 'h')], {
    outputs: ['Y_0', 'h'],
  });

  it('one is taken by the name of its nodes', () => {
    expect(refusal(() => read(two)).message).toContain('--map lstm=NODE,NODE');
    const imported = read(two, {}, 'lstm=lstm_1');
    expect(imported.taken).toContain('lstm_1');
    expect(imported.leftOut.map(({ name }) => name)).toContain('lstm_0');
    expect(refusal(() => read(two, {}, 'lstm=lstm_9')).message).toContain('lstm_0, lstm_1');
  });

  it('the layers of several cells are listed, and taken by their names', () => {
    const gru = cellNode(randomCell(new Random(1), 'gru', 4, 2), 1, 'h');
    const mixed = graphOf([lstm(first, 0, 'x'), squeezed('Y_0', 'h'), lstm(first, 2, 'x'), gru], {
      outputs: ['h', 'Y_1', 'Y_2'],
    });
    const report = refusal(() => read(mixed));
    expect(report.code).toBe('LSTM_CHAIN');
    const cells = (...map: string[]) =>
      read(mixed, {}, ...map).model.layers.map((layer) => layer.cell);
    expect(cells('lstm=lstm_0', 'fc=none')).toEqual(['lstm']);
    expect(cells('lstm=cell_1', 'frames=h', 'fc=none')).toEqual(['gru']);
    expect(cells('lstm=lstm_0,cell_1', 'fc=none')).toEqual(['lstm', 'gru']);
  });
});
