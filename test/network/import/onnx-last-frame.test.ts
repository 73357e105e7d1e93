import { describe, expect, it } from 'vitest';
import { ints, node, tensor } from '../../support/onnx.js';
import { graphOf, linearTensor, lstm, type Parts } from './support/lstm-graph.js';
import { randomLayer, randomLinear } from './support/lstm-reference.js';
import { expectSame } from './support/same-network.js';
import { first, gemm, parts, random, squeezed, withHead } from './support/standard-network.js';

const zero = { zero: ints(0) };
const last = parts([node('Gather', ['h', 'end'], ['rows'], { axis: 0 })], {
  end: tensor([], [-1], 'int64'),
});

describe('an ONNX file computes the same, with a dense layer on', () => {
  it.each<[string, readonly Parts[]]>([
    ['out[-1]', [last, gemm]],
    [
      'out[-1:] without its axis',
      [
        parts(
          [
            node('Slice', ['h', 'from', 'to', 'zero', 'one'], ['s']),
            node('Squeeze', ['s', 'zero'], ['rows']),
          ],
          { from: ints(-1), to: ints(2 ** 53), one: ints(1), ...zero },
        ),
        gemm,
      ],
    ],
    [
      'h behind Identity and Dropout',
      [
        parts(
          [
            node('Identity', ['h'], ['i']),
            node('Dropout', ['i'], ['d']),
            node('Gather', ['d', 'end'], ['rows'], { axis: 0 }),
          ],
          { end: tensor([], [-1], 'int64') },
        ),
        gemm,
      ],
    ],
    [
      'h_n[-1] of the last layer alone',
      [
        parts([node('Gather', ['H_1', 'end'], ['rows'], { axis: 0 })], {
          end: tensor([], [-1], 'int64'),
        }),
        gemm,
      ],
    ],
    ['h_n, flattened', [parts([node('Flatten', ['H_1'], ['rows'], { axis: 2 })]), gemm]],
  ])('%s', async (_, head) => {
    await expectSame({ ...withHead(head), lastFrame: true });
  });

  const square = randomLayer(random, 4, 4);
  const wide = randomLinear(random, 4, 2);
  const fc = parts([node('Gemm', ['rows', 'F', 'b'], ['y'], { transB: 1 }, 'head')], {
    F: linearTensor(wide, 'outputs'),
    b: tensor([2], wide.b),
  });
  const at = (index: number) => ({ at: tensor([], [index], 'int64') });
  /** Two layers of four cells, and h_n of both as PyTorch stacks them. */
  const stackedBefore = (...picked: readonly Parts[]) => [
    lstm(first, 0, 'x'),
    squeezed('Y_0', 's_0'),
    lstm(square, 1, 's_0'),
    parts([node('Concat', ['H_0', 'H_1'], ['h_n'], { axis: 0 })]),
    ...picked,
    fc,
  ];
  it.each<[string, Parts]>([
    ['[-1]', parts([node('Gather', ['h_n', 'at'], ['rows'], { axis: 0 })], at(-1))],
    ['[1]', parts([node('Gather', ['h_n', 'at'], ['rows'], { axis: 0 })], at(1))],
    [
      '[1:2] without its axis',
      parts(
        [
          node('Slice', ['h_n', 'one', 'two', 'zero'], ['s']),
          node('Squeeze', ['s', 'zero'], ['rows']),
        ],
        { one: ints(1), two: ints(2), ...zero },
      ),
    ],
    [
      '.unbind(0)[1]',
      parts(
        [node('Split', ['h_n'], ['p', 'q'], { axis: 0 }), node('Squeeze', ['q', 'zero'], ['rows'])],
        zero,
      ),
    ],
    [
      '.transpose(0, 1)[:, -1]',
      parts(
        [
          node('Transpose', ['h_n'], ['t'], { perm: [1, 0, 2] }),
          node('Gather', ['t', 'at'], ['rows'], { axis: 1 }),
        ],
        at(-1),
      ),
    ],
    [
      '.view(layers, 1, -1, cells)[-1, 0]',
      parts(
        [
          node('Reshape', ['h_n', 'four'], ['v']),
          node('Gather', ['v', 'at'], ['w'], { axis: 0 }),
          node('Squeeze', ['w', 'zero'], ['rows']),
        ],
        { four: ints(2, 1, -1, 4), ...at(-1), ...zero },
      ),
    ],
  ])('h_n%s of two layers', async (_, picked) => {
    const graph = graphOf(stackedBefore(picked), { outputs: ['y', 'h_n'] });
    const { notes, taken } = await expectSame({
      ...{ layers: [first, square], linear: wide, sums: 'y', lastFrame: true },
      graph,
    });
    expect(notes.at(-1)).toMatch(/^output h_n hands states back to the caller/);
    expect(taken).toContain('Concat_h_n');
  });
});
