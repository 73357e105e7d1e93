import { describe, expect, it } from 'vitest';
import { node, onnxFile, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { read } from './support/refuses.js';
import { first, parts } from './support/standard-network.js';

const some = [0.5, -0.25, 1, 0.125];
const state = (values: readonly number[], batch = 1) =>
  tensor([1, batch, 4], Array.from({ length: batch }, () => values).flat());
const net = (before: Parts, { batch = 1, more = [] as readonly ReturnType<typeof value>[] } = {}) =>
  graphOf([before, lstm(first, 0, 'x', { inputs: ['', 'h0', 'c0'] })], {
    outputs: ['Y_0'],
    frames: 3,
    batch,
    more,
  });

describe('an initial state that is a constant', () => {
  it.each([
    ['of both', net(parts([], { h0: state(some), c0: state([1, 2, 3, 4]) })), some, [1, 2, 3, 4]],
    ['of h', net(parts([], { h0: state(some), c0: state([0, 0, 0, 0]) })), some, [0, 0, 0, 0]],
    ['of c', net(parts([], { h0: state([0, 0, 0, 0]), c0: state(some) })), [0, 0, 0, 0], some],
    [
      'of several utterances',
      net(
        parts([node('Expand', ['one', 'shape'], ['h0'])], {
          one: state(some),
          shape: tensor([3], [1, 2, 4], 'int64'),
          c0: state(some, 2),
        }),
        { batch: 2 },
      ),
      some,
      some,
    ],
  ] as const)('%s is that of every utterance', async (_, graph, h, c) => {
    const imported = read(graph);
    const [layer] = imported.model.layers;
    expect([...(layer?.initial?.h.values ?? [])]).toEqual(h);
    expect([...(layer?.initial?.c?.values ?? [])]).toEqual(c);
    expect(imported.leftOut).toEqual([]);
    const batch = graph.initializer?.some(({ name }) => name === 'shape') ? 2 : 1;
    expect(await disagreement(onnxFile(graph), imported, { x: [3, batch, 5] })).toBeNull();
  });

  it('that differs among utterances is refused', () => {
    const odd = tensor([1, 2, 4], [...some, 1, 2, 3, 4]);
    const report = refusal(() => read(net(parts([], { h0: odd, c0: odd }), { batch: 2 })));
    expect(report).toMatchObject({ code: 'LSTM_STATE', field: 'lstm_0.initial_h' });
    expect(report.message).toContain('the same for every utterance');
  });

  it('beside one that the caller hands in is refused', () => {
    const graph = net(parts([], { h0: state(some) }), { more: [value('c0', [1, 1, 4])] });
    expect(refusal(() => read(graph)).message).toContain('h0, a constant, beside c0');
  });

  it('of zeros is none', () => {
    const zeros = state([0, 0, 0, 0]);
    expect(read(net(parts([], { h0: zeros, c0: zeros }))).model.layers[0]?.initial).toBeUndefined();
  });
});
