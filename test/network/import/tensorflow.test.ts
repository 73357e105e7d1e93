import { describe, expect, it } from 'vitest';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { constant, graphDef, tfNode } from '../../support/tensorflow.js';
import {
  bias,
  CELLS,
  d,
  FRAMES,
  INPUTS,
  kernel,
  loop,
  type Nodes,
  numbers,
  whole,
} from './support/tensorflow-network.js';

const read = (nodes: Nodes, ...map: string[]) =>
  importNetwork(graphDef(...nodes), 'net.pb', { map });
const refused = (nodes: Nodes) => refusal(() => read(nodes));

/** Columns of a gate of the kernel, from some rows: [cells][rows]. */
const gate = (place: number, from: number, rows: number) =>
  Array.from({ length: CELLS * rows }, (_, i) => {
    const [cell, row] = [Math.floor(i / rows), i % rows];
    return kernel[(from + row) * 4 * CELLS + place * CELLS + cell] as number;
  });
const GATES = [0, 2, 1, 3];

describe('a frozen graph of TensorFlow', () => {
  it('may hold fully connected layers alone', () => {
    const dense = (from: string, to: string, inputs: number, outputs: number) => [
      constant(`W_${to}`, [inputs, outputs], numbers(inputs * outputs)),
      constant(`b_${to}`, [outputs], numbers(outputs)),
      tfNode('MatMul', `m_${to}`, [from, `W_${to}`]),
      tfNode('BiasAdd', to, [`m_${to}`, `b_${to}`]),
    ];
    const { model, leftOut } = read([
      tfNode('Placeholder', 'x', []),
      ...dense('x', 'a', 3, 4),
      tfNode('Relu6', 'r', ['a']),
      ...dense('r', 'b', 4, 5),
      tfNode('Sigmoid', 's', ['b']),
      ...dense('s', 'c', 5, 2),
      tfNode('Softmax', 'p', ['c']),
    ]);
    expect(model.layers).toMatchObject([
      { cell: 'dense-linear', inputs: 3, cells: 4, range: { low: 0, high: 6 } },
      { cell: 'dense-sigmoid', inputs: 4, cells: 5 },
    ]);
    expect(model.output?.outputs).toBe(2);
    expect(leftOut.map(({ name }) => name)).toEqual(['x', 'p']);
  });

  it('an attribute that says another kind of value is as good as none', () => {
    const [enter] = loop().filter(({ name }) => name === 'Enter0');
    const odd = { ...enter, attr: { frame_name: { i: 1 } } } as Nodes[number];
    expect(refused(loop([odd])).code).toBe('TENSORFLOW_INVALID');
  });

  it.each([
    ['Add', ['x', 'x', 'x'], '2 inputs of Add', '3'],
    ['Tanh', [], '1 inputs of Tanh', '0'],
    ['ConcatV2', ['x'], 'at least 2 inputs of ConcatV2', '1'],
  ])('an operator %s of %j is refused', (op, inputs, expected, got) => {
    expect(refused(loop([tfNode(op, 'odd', inputs)]))).toMatchObject({
      ...{ code: 'TENSORFLOW_INVALID', field: 'odd', expected, got },
    });
  });

  it('an output that a node does not have is refused', () => {
    const far = [tfNode('Add', 'odd', ['x:2', 'x'])];
    expect(refused(loop(far))).toMatchObject({
      code: 'TENSORFLOW_INVALID',
      field: 'x',
      got: 'x:2',
    });
    const [split] = loop().filter(({ op }) => op === 'Split');
    const beyond = [tfNode('Neg', 'odd', [`${split?.name}:4`])];
    expect(refused(loop(beyond))).toMatchObject({ got: `${split?.name}:4` });
  });

  it('an end inside of a loop is refused by name', () => {
    const [gate] = loop().filter(({ op }) => op === 'Sigmoid');
    expect(refused(loop([tfNode('Softmax', 'odd', [gate?.name as string])]))).toMatchObject({
      ...{ code: 'TENSORFLOW_INVALID', field: 'odd' },
      got: expect.stringContaining('Softmax in the loop'),
    });
  });

  it('reads the gates i, j, f, o of a loop, and what is added to them at run time', () => {
    const { format, model, outputs, frames, leftOut } = read(loop());
    expect(format).toBe('tensorflow');
    const [layer] = model.layers;
    expect(layer).toMatchObject({ inputs: INPUTS, cells: CELLS });
    expect([...(layer?.x.values ?? [])]).toEqual(GATES.flatMap((n) => gate(n, 0, INPUTS)));
    expect([...(layer?.h?.values ?? [])]).toEqual(GATES.flatMap((n) => gate(n, INPUTS, CELLS)));
    const forget = GATES.flatMap((n) =>
      bias.slice(n * CELLS, (n + 1) * CELLS).map((b) => (n === 2 ? Math.fround(b) + 1 : b)),
    );
    expect([...(layer?.bias.values ?? [])]).toEqual(forget);
    expect([...(model.output?.bias.values ?? [])]).toEqual(d);
    expect(frames).toMatchObject({ name: 'x', behind: null });
    expect(outputs).toMatchObject([{ name: 'labels', is: 'outputs', final: 'Softmax' }]);
    expect(leftOut.map(({ name }) => name)).toContain('labels');
    expect(leftOut.map(({ name }) => name)).not.toContain('kernel');
  });

  it('says which value the frames are behind a front end', () => {
    const front = tfNode('Relu', 'front', ['x']);
    const { frames } = read(loop([front, tfNode('Transpose', 'xs', ['front', 'perm'])]));
    expect(frames).toMatchObject({ name: 'xs', behind: expect.stringContaining('Relu') });
  });

  const clip = [
    constant('three', [], [3]),
    tfNode('Minimum', 'clipped', ['c', 'three']),
    tfNode('Tanh', 'tc', ['clipped']),
    tfNode('NextIteration', 'Next1', ['clipped']),
  ];
  it.each<readonly [string, Nodes, RegExp]>([
    ['a clip', loop(clip), /clip of the cell state/],
    ['a loop over fewer frames', loop([], { frames: FRAMES - 1 }), /got 4 of 5/],
    ['a ReLU in the cell', loop([tfNode('Relu', 'tc', ['c'])]), /ReLU in the cell/],
    ['a block of Cudnn', loop([tfNode('CudnnRNN', 'labels', ['y'])]), /CudnnRNN/],
  ])('refuses %s by name', (_, nodes, says) => {
    const report = refused(nodes);
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.pb' });
    expect(report.message).toMatch(says);
  });

  it('refuses frames that are turned round, weights in variables, and circles', () => {
    const back = [whole('axis', 1), tfNode('ReverseV2', 'turned', ['x', 'axis'])];
    const turned = loop([...back, tfNode('Transpose', 'xs', ['turned', 'perm'])]);
    expect(refused(turned).message).toMatch(/got backward LSTM/);
    expect(refused(loop([tfNode('VarHandleOp', 'kernel')]))).toMatchObject({
      code: 'TENSORFLOW_VARIABLES',
      field: 'kernel',
    });
    const circle = [tfNode('Relu', 'a', ['b']), tfNode('Relu', 'b', ['a'])];
    expect(refused(loop(circle))).toMatchObject({ code: 'TENSORFLOW_INVALID', field: 'graph' });
  });

  it('lists what is in a file', () => {
    expect(contentsOf(graphDef(...loop()), 'net.pb')).toContainEqual({ name: 'h', what: 'Mul' });
  });

  it('ends in an error of its own wherever the file is cut or changed', () => {
    const bytes = graphDef(...loop());
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x15;
      for (const broken of [changed, bytes.slice(0, at)]) {
        try {
          importNetwork(broken, 'broken.pb');
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
        }
      }
    }
  });
});
