import { describe, expect, it } from 'vitest';
import { node, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, lstm, type Parts } from './support/lstm-graph.js';
import { of, read } from './support/refuses.js';
import { first, parts, squeezed } from './support/standard-network.js';

/** Operators between two layers that their version of the operator set does not have in this form. */
const CASES = [
  [
    'Concat without an axis',
    13,
    of('Concat', ['s_0'], 't'),
    'ONNX_ATTRIBUTE',
    'which Concat needs',
  ],
  [
    'Split with lengths as an input before version 13',
    11,
    parts([node('Split', ['s_0', 'parts'], ['t'])], { parts: tensor([1], [4]) }),
    'ONNX_INVALID',
    'at most 1 inputs of Split in version 11',
  ],
  [
    'Split with neither lengths nor a number from version 18 on',
    18,
    of('Split', ['s_0'], 't'),
    'ONNX_INVALID',
    'either split or num_outputs',
  ],
  [
    'Split with a number of parts before version 18',
    17,
    of('Split', ['s_0'], 't', { num_outputs: 1 }),
    'ONNX_ATTRIBUTE',
    'before version 18',
  ],
  [
    'Dropout with a list as ratio',
    13,
    parts([node('Dropout', ['s_0', 'ratio'], ['t'])], { ratio: tensor([1], [0.5]) }),
    'ONNX_INVALID',
    'a number as ratio',
  ],
  [
    'Dropout with an input before version 12',
    11,
    parts([node('Dropout', ['s_0', 'ratio'], ['t'])], { ratio: tensor([], [0.5]) }),
    'ONNX_INVALID',
    'at most 1 inputs of Dropout in version 11',
  ],
  [
    'Dropout with its ratio as an attribute from version 12 on',
    12,
    of('Dropout', ['s_0'], 't', { ratio: 0.5 }),
    'ONNX_ATTRIBUTE',
    'from version 12 of the operators on',
  ],
  [
    'Transpose with an attribute of another type, read or not',
    14,
    of('Transpose', ['s_0'], 't', { perm: 'abc' }),
    'ONNX_ATTRIBUTE',
    'expected INTS',
  ],
] as const;

/** An LSTM, and the operator on its h [frames, batch, cells]. */
const behind = (own: Parts, opset: number) => {
  const dropped =
    opset < 13 ? of('Squeeze', ['Y_0'], 's_0', { axes: [1] }) : squeezed('Y_0', 's_0');
  return read(graphOf([lstm(first, 0, 'x'), dropped, own], { outputs: ['t'] }), { opset });
};

describe('an ONNX operator is held against its version of the operator set:', () => {
  it.each(CASES)('%s', (_, opset, own, code, says) => {
    const report = refusal(() => behind(own, opset));
    expect(report).toMatchObject({ code, file: 'net.onnx' });
    expect(report.message).toContain(says);
  });

  it.each([11, 12, 13, 17])('Squeeze and Transpose are taken in version %i', (opset) => {
    const { model } = behind(of('Transpose', ['s_0'], 't', { perm: [0, 1, 2] }), opset);
    expect(model.layers).toHaveLength(1);
  });
});
