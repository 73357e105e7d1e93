import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { onnxFile, tensor } from '../../support/onnx.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { gemm, parts, rows, squeezed } from './support/standard-network.js';

const random = new Random(31);
const layers = [randomLayer(random, 5, 4), randomLayer(random, 4, 3)] as const;

describe('a coupled input and forget gate', () => {
  it.each([
    ['with sigmoids', {}],
    ['with hard sigmoids', { activations: ['HardSigmoid', 'Tanh', 'Tanh'] }],
  ])('%s is as ONNX Runtime has it', async (_, functions) => {
    const attributes = { input_forget: 1, ...functions };
    const h0 = parts([], {
      h0: tensor([1, 1, 4], [0.5, -0.25, 0.75, 0.125]),
      c0: tensor([1, 1, 4], [1.5, -1.25, 0.5, 0.25]),
    });
    const graph = graphOf(
      [
        h0,
        lstm(layers[0], 0, 'x', { attributes, inputs: ['', 'h0', 'c0'] }),
        squeezed('Y_0', 's'),
        lstm(layers[1], 1, 's', { attributes }),
        squeezed('Y_1', 'h'),
        rows,
        gemm,
      ],
      { outputs: ['y'], batch: 1 },
    );
    const imported = importNetwork(onnxFile(graph), 'net.onnx');
    const feeds = { x: [9, 1, 5] };
    expect(await disagreement(onnxFile(graph), imported, feeds, { limit: 1e-5 })).toBeNull();
    expect(imported.notes).toContainEqual(
      expect.stringContaining('lstm_0: its forget gate is 1 - its input gate'),
    );
    const plain = importNetwork(
      onnxFile(graphOf([lstm(layers[0], 0, 'x', {})], { outputs: ['Y_0'] })),
      'net.onnx',
    );
    const [own, other] = [imported, plain].map(({ model }) => model.layers[0]?.x.values ?? []);
    expect([...(own ?? [])].slice(0, 20)).toEqual([...(other ?? [])].slice(0, 20));
    expect([...(own ?? [])].slice(20, 40)).toEqual([...(own ?? [])].slice(0, 20).map((w) => -w));
  });
});
