import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../../generator/network/import/import.js';
import {
  initializers,
  ints,
  type NodeMessage,
  nestedGraphs,
  node,
  onnxFile,
  value,
} from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf } from './support/lstm-graph.js';
import { good, one, read, refuses } from './support/refuses.js';
import { two } from './support/standard-network.js';

describe('an ONNX file is refused that', () => {
  const withNodes = (change: (nodes: readonly NodeMessage[]) => readonly NodeMessage[]) => ({
    ...good,
    node: change(good.node),
  });
  refuses([
    [
      'is not in the order of execution',
      withNodes((nodes) => [...nodes].reverse()),
      'ONNX_INVALID',
      'head',
      'inputs that are defined before it',
    ],
    [
      'has a cycle',
      withNodes((nodes) => [
        ...nodes,
        node('Add', ['p', 'q'], ['q'], {}, 'p'),
        node('Add', ['q', 'q'], ['p'], {}, 'q'),
      ]),
      'ONNX_INVALID',
      'p',
      'p, which is not',
    ],
    [
      'defines a value twice',
      withNodes((nodes) => [...nodes, ...nodes.slice(-1)]),
      'ONNX_INVALID',
      'y',
      'one definition',
    ],
    [
      'has two initializers of one name',
      { ...good, initializer: [...(good.initializer ?? []), ...initializers({ W_0: ints(1) })] },
      'ONNX_INVALID',
      'W_0',
      'one initializer, got two',
    ],
    [
      'promises an output that is not computed',
      { ...good, output: [value('nothing')] },
      'ONNX_INVALID',
      'nothing',
      'no definition',
    ],
    [
      'has an attribute that nobody knows',
      one({ attributes: { own: 1 } }),
      'ONNX_ATTRIBUTE',
      'lstm_0.own',
      'another attribute',
    ],
    [
      'has more inputs than an operator takes',
      withNodes((nodes) =>
        nodes.map((own) =>
          own.op_type === 'Squeeze' ? { ...own, input: [...own.input, 'x'] } : own,
        ),
      ),
      'ONNX_INVALID',
      'Squeeze_s_0',
      'at most 2 inputs of Squeeze in version 17, got 3',
    ],
    [
      'has an attribute of another type',
      one({ attributes: { clip: 0 } }),
      'ONNX_ATTRIBUTE',
      'lstm_0.clip',
      'expected FLOAT, got INT',
    ],
    [
      'states another shape of the frames',
      graphOf(two, { outputs: ['Y_1'], inputs: 7 }),
      'TENSOR_SHAPE',
      'lstm_0.X (x)',
      'the last of length 5',
    ],
  ]);

  it('is of a version that is not known', () => {
    for (const opset of [6, 27, 2 ** 40]) {
      expect(refusal(() => read(good, { opset }))).toMatchObject({
        code: 'ONNX_OPSET',
        got: `version ${opset}`,
      });
    }
    const extra = { opset_import: [] };
    expect(refusal(() => read(good, { extra }))).toMatchObject({ code: 'ONNX_OPSET', got: 'none' });
  });

  it('has no graph, an old format, an attribute without a value, or one twice', () => {
    expect(refusal(() => read(good, { extra: { graph: undefined } })).code).toBe('ONNX_INVALID');
    const old = refusal(() => read(good, { ir: 2 }));
    expect(old).toMatchObject({ code: 'ONNX_INVALID', field: 'ir_version', got: '2' });
    const cases = [
      [{}, 'LSTM_UNSUPPORTED'],
      [{ i: 1 }, 'ONNX_ATTRIBUTE'],
      [{ s: Uint8Array.of(65), i: 1 }, 'ONNX_ATTRIBUTE'],
    ] as const;
    for (const [value, code] of cases) {
      const own = { name: 'direction', type: 3, ...value };
      const changed = one({}).node.map((lstm) => ({
        ...lstm,
        attribute: [...lstm.attribute, own],
      }));
      const report = refusal(() => read({ ...one({}), node: changed }));
      expect(report).toMatchObject({ code, field: 'lstm_0.direction' });
    }
    const nodes = one({}).node.map((own) => ({
      ...own,
      attribute: [...own.attribute, ...own.attribute],
    }));
    expect(refusal(() => read({ ...one({}), node: nodes })).code).toBe('ONNX_ATTRIBUTE');
  });

  it('is cut anywhere, or nested without end', () => {
    const bytes = onnxFile(good);
    // without its last field, the version of operators of another domain, it is whole
    const last = 21;
    for (let length = 7; length < bytes.length - last; length += 7) {
      const { code } = refusal(() => importNetwork(bytes.slice(0, length), 'net.onnx'));
      expect(code).toMatch(/^(ONNX|NOT|TENSOR)_/);
    }
    const report = refusal(() => importNetwork(nestedGraphs(1000), 'net.onnx'));
    expect(report).toMatchObject({ code: 'ONNX_INVALID', got: 'max depth exceeded' });
  });
});
