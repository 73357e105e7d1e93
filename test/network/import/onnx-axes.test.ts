import { describe, expect, it } from 'vitest';
import { ints, node, tensor, value } from '../../support/onnx.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { type Case, expectSame } from './support/same-network.js';
import {
  first,
  full,
  gemm,
  layers,
  outputs,
  parts,
  rows,
  second,
  squeezed,
} from './support/standard-network.js';

describe('an ONNX file computes the same, with axes moved', () => {
  it('batch first, in the layers', async () => {
    const attributes = { layout: 1 };
    const own = [
      lstm(first, 0, 'x', { attributes }),
      squeezed('Y_0', 's_0', 2),
      lstm(second, 1, 's_0', { attributes }),
      squeezed('Y_1', 'h', 2),
    ];
    const graph = graphOf([...own, rows, gemm], { outputs });
    await expectSame({ ...full, graph, notInRuntime: 'it has no layout 1' });
  });

  it('batch first, one layer so and one not', async () => {
    const own = [
      lstm(first, 0, 'x', { attributes: { layout: 1 } }),
      squeezed('Y_0', 's', 2),
      parts([node('Transpose', ['s'], ['s_0'], { perm: [1, 0, 2] })]),
      lstm(second, 1, 's_0'),
      squeezed('Y_1', 'h'),
    ];
    await expectSame({
      ...full,
      graph: graphOf([...own, rows, gemm], { outputs }),
      notInRuntime: 'layout 1',
    });
  });

  it('batch first, around layers that are not', async () => {
    const own = [
      parts([node('Transpose', ['x'], ['x_t'], { perm: [1, 0, 2] })]),
      lstm(first, 0, 'x_t'),
      // as exporters of Keras write it
      parts(
        [
          node('Transpose', ['Y_0'], ['k'], { perm: [2, 1, 0, 3] }),
          node('Squeeze', ['k', 'one'], ['k_b']),
        ],
        { one: ints(1) },
      ),
      parts([node('Transpose', ['k_b'], ['s_0'], { perm: [1, 0, 2] })]),
      lstm(second, 1, 's_0'),
      parts(
        [
          node('Transpose', ['Y_1'], ['t'], { perm: [0, 2, 1, 3] }),
          node('Reshape', ['t', 'same'], ['h']),
        ],
        { same: ints(0, 0, -1) },
      ),
    ];
    const graph = graphOf([...own, rows, gemm], { outputs, shape: ['batch', 'frames', 5] });
    const { notes } = await expectSame({ ...full, axes: 'batch first', graph });
    expect(notes[0]).toBe('frames are graph input x [batch, frames, 5]');
  });

  it('by Identity, Dropout and Cast between the layers', async () => {
    const between = [
      parts([node('Squeeze', ['Y_0', 'one'], ['a']), node('Identity', ['a'], ['i'])], {
        one: ints(1),
      }),
      parts(
        [
          node('Dropout', ['i', 'ratio', 'no'], ['c', 'mask']),
          node('Cast', ['c'], ['s_0'], { to: 1 }),
        ],
        {
          ratio: tensor([], [0.5]),
          no: { dims: [], data_type: 9, raw_data: Uint8Array.of(0) },
        },
      ),
    ];
    const own = [
      lstm(first, 0, 'x'),
      ...between,
      lstm(second, 1, 's_0'),
      squeezed('Y_1', 'h'),
      rows,
      gemm,
    ];
    const { leftOut } = await expectSame({ ...full, graph: graphOf(own, { outputs }) });
    expect(leftOut).toEqual([]);
  });

  it('by Dropout that old files have, with a ratio', async () => {
    const drop = parts([
      node('Squeeze', ['Y_0'], ['a'], { axes: [1] }),
      node('Dropout', ['a'], ['s_0'], { ratio: { float: 0.5 } }),
    ]);
    const own = [lstm(first, 0, 'x'), drop, lstm(second, 1, 's_0')];
    await expectSame({ layers, opset: 11, graph: graphOf(own, { outputs: ['Y_1'] }) });
  });

  it('in lengths that the file states, by reshapes and slices that only these make harmless', async () => {
    const own = [
      lstm(first, 0, 'x'),
      parts(
        [
          node('Squeeze', ['Y_0'], ['a']),
          node('Reshape', ['a', 'shape'], ['r']),
          node('Slice', ['r', 'from', 'to', 'from', 'one'], ['s_0']),
        ],
        { shape: ints(12, 1, 4), from: ints(0), to: ints(12), one: ints(1) },
      ),
      lstm(second, 1, 's_0'),
      parts([node('Reshape', ['Y_1', 'rows_shape'], ['rows'])], { rows_shape: ints(12, 3) }),
      gemm,
    ];
    await expectSame({
      ...full,
      frames: 12,
      graph: graphOf(own, { outputs, frames: 12, batch: 1 }),
    });
  });

  it('in a network that gets one frame at a time, h of the last frame into the next layer', async () => {
    const own = [
      lstm(first, 0, 'x'),
      lstm(second, 1, 'H_0'),
      parts([node('Flatten', ['H_1'], ['rows'], { axis: 2 })]),
      gemm,
    ];
    await expectSame({ ...full, frames: 1, graph: graphOf(own, { outputs, frames: 1 }) });
  });

  it('frames without a batch axis, before the layers and after', async () => {
    const own = [
      parts([node('Unsqueeze', ['x', 'one'], ['x_b'])], { one: ints(1) }),
      lstm(first, 0, 'x_b'),
      squeezed('Y_0', 's_0'),
      lstm(second, 1, 's_0'),
      squeezed('Y_1', 'h'),
      parts([node('Squeeze', ['h', 'one'], ['rows'])]),
      gemm,
    ];
    await expectSame({
      ...full,
      axes: 'no batch',
      graph: graphOf(own, { outputs, shape: ['frames', 5] }),
    });
  });
});

describe('an ONNX file computes the same, with initial states', () => {
  const states = ['', 'h0', 'c0'];
  const one = (before: Parts, more: readonly Record<string, unknown>[] = [], feeds = {}): Case => ({
    layers: [first],
    feeds,
    graph: graphOf([before, lstm(first, 0, 'x', { inputs: states })], { outputs: ['Y_0'], more }),
  });

  it('that are zeros in the file', async () => {
    const zeros = tensor([1, 1, 4], [0, 0, 0, 0]);
    const { leftOut, notes } = await expectSame(one(parts([], { h0: zeros, c0: zeros })));
    expect(leftOut).toEqual([]);
    expect(notes).toHaveLength(3);
  });

  it('that are zeros of the length of the batch', async () => {
    const nodes = [
      node('Shape', ['x'], ['shape']),
      node('Gather', ['shape', 'one'], ['batch'], { axis: 0 }),
      node('Concat', ['one', 'batch', 'four'], ['state_shape'], { axis: 0 }),
      node('ConstantOfShape', ['state_shape'], ['h0']),
      node('Expand', ['z', 'state_shape'], ['e']),
      node('Identity', ['e'], ['c0']),
    ];
    const tensors = { one: ints(1), four: ints(4), z: tensor([1], [0]) };
    const { notes } = await expectSame(one(parts(nodes, tensors)));
    expect(notes).toHaveLength(3);
  });

  it('that are inputs of the graph, which is said', async () => {
    const nodes = [
      node('Slice', ['state', 'zero', 'one', 'zero'], ['h0']),
      node('Gather', ['state', 'second'], ['c'], { axis: 0 }),
      node('Unsqueeze', ['c', 'zero'], ['c0']),
    ];
    const tensors = { zero: ints(0), one: ints(1), second: tensor([], [1], 'int64') };
    const more = [value('state', [2, 'batch', 4])];
    const { notes, leftOut } = await expectSame(
      one(parts(nodes, tensors), more, { state: [2, 1, 4] }),
    );
    expect(notes.slice(1, 3)).toEqual(
      ['h', 'c'].map((state) =>
        expect.stringContaining(
          `lstm_0.initial_${state} comes from graph input state: the hardware carries`,
        ),
      ),
    );
    expect(leftOut.map(({ what }) => what)).toEqual([
      ...['Slice', 'Gather', 'Unsqueeze'],
      ...['int64 [1]', 'int64 [1]', 'int64 []'],
    ]);
  });
});
