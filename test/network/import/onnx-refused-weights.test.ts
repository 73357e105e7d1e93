import { describe, expect, it } from 'vitest';
import { ints, node, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { graphOf, lstmTensors, type Parts } from './support/lstm-graph.js';
import { after, good, of, one, read, refuses } from './support/refuses.js';
import { first, parts, rows, two } from './support/standard-network.js';

describe('of an ONNX file are refused weights that', () => {
  const tensors = lstmTensors(first);
  const changed = (own: Partial<typeof tensors>, before = parts([])) =>
    one({ tensors: { ...tensors, ...own } }, before);
  const without = (name: string, before: Parts, more: readonly Record<string, unknown>[] = []) => {
    const graph = one({}, before, more);
    return { ...graph, initializer: (graph.initializer ?? []).filter((own) => own.name !== name) };
  };
  const nan = { ...tensors.W, raw_data: undefined, float_data: new Array(80).fill(Number.NaN) };
  refuses([
    [
      'are an input',
      without('W_0', parts([]), [value('W_0', [1, 16, 5])]),
      'ONNX_NOT_CONSTANT',
      'W_0',
      'an input of the graph',
    ],
    [
      'are computed from an input',
      without('W_0', parts([node('Mul', ['w', 'x'], ['W_0'])], { w: tensors.W })),
      'ONNX_NOT_CONSTANT',
      'W_0',
      'x, an input of the graph',
    ],
    [
      'are made by an operator that is not computed here',
      without(
        'R_0',
        parts([node('MatMulInteger', ['r', 's'], ['R_0'])], {
          r: tensors.R,
          s: tensor([], [1]),
        }),
      ),
      'ONNX_NOT_CONSTANT',
      'R_0',
      'MatMulInteger_R_0 (MatMulInteger)',
    ],
    [
      'are in another file',
      changed({ W: { ...tensors.W, raw_data: undefined, data_location: 1 } }),
      'ONNX_EXTERNAL_DATA',
      'W_0',
      'data in another file',
    ],
    [
      'are not finite',
      changed({ W: nan }),
      'TENSOR_NOT_FINITE',
      'lstm_0.W (W_0)',
      'NaN at element 0',
    ],
    [
      'are integers',
      changed({ R: tensor([1, 16, 4], new Array(64).fill(1), 'int64') }),
      'TENSOR_DTYPE',
      'lstm_0.R (R_0)',
      'int64',
    ],
    [
      'are text',
      changed({ R: { dims: [1], data_type: 8, string_data: [new Uint8Array(1)] } }),
      'TENSOR_DTYPE',
      'R_0',
      'ONNX data type 8',
    ],
    [
      'have other axes',
      changed({ R: { ...tensors.R, dims: [16, 4] } }),
      'TENSOR_SHAPE',
      'lstm_0',
      '',
    ],
    [
      'have two directions',
      changed({ W: tensor([2, 16, 5], new Array(160).fill(1)) }),
      'TENSOR_SHAPE',
      'lstm_0.W',
      '2, 16, 5',
    ],
    [
      'have rows of a GRU',
      changed({ W: tensor([1, 12, 5], new Array(60).fill(1)) }),
      'TENSOR_SHAPE',
      'lstm_0.W',
      '1, 12, 5',
    ],
    [
      'have one bias instead of two',
      changed({ B: tensor([1, 16], new Array(16).fill(1)) }),
      'TENSOR_SHAPE',
      'lstm_0.B',
      '1, 32',
    ],
    [
      'have another number of elements',
      changed({ W: { ...tensors.W, dims: [1, 16, 6] } }),
      'TENSOR_SHAPE',
      'W_0',
      '96 elements',
    ],
    [
      'have a negative length',
      changed({ W: { ...tensors.W, dims: [-1, 16, -5] } }),
      'TENSOR_SHAPE',
      'W_0',
      '-1',
    ],
    [
      'do not fit hidden_size',
      one({ attributes: { hidden_size: 3 } }),
      'TENSOR_SHAPE',
      'lstm_0.hidden_size',
      '4, as R has it, got 3',
    ],
    [
      'are much more than the file',
      without(
        'W_0',
        parts(
          [
            node('Transpose', ['row'], ['column'], { perm: [1, 0] }),
            node('Add', ['row', 'column'], ['square']),
            node('Gather', ['square', 'zero'], ['W_0'], { axis: 0 }),
          ],
          { row: tensor([1, 3000], new Array(3000).fill(1)), zero: ints(0) },
        ),
      ),
      'IMPORT_TOO_LARGE',
      'Add_square',
      '9000000 elements',
    ],
    [
      'have more axes than a network',
      without(
        'W_0',
        parts([node('Unsqueeze', ['w', 'axes'], ['v']), node('Squeeze', ['v', 'axes'], ['W_0'])], {
          w: tensors.W,
          axes: ints(...Array.from({ length: 20 }, (_, i) => i)),
        }),
      ),
      'TENSOR_SHAPE',
      'v',
      'at most 16 axes',
    ],
  ]);
});

describe('of an ONNX file is refused as the output layer', () => {
  const matrix = { F2: tensor([3, 2], [1, 2, 3, 4, 5, 6]) };
  const head = (name: string) =>
    parts([node('MatMul', ['h', `F_${name}`], [name], {}, name)], { [`F_${name}`]: matrix.F2 });
  refuses([
    [
      'one of several',
      graphOf([...two, head('a'), head('b')], { outputs: ['a', 'b'] }),
      'OUTPUT_AMBIGUOUS',
      'lstm_1',
      /--map fc=NAME, or --map fc=none, got a, b$/,
    ],
    [
      'one behind an activation',
      after(of('Relu', ['h'], 'r'), parts([node('MatMul', ['r', 'F2'], ['y'])], matrix)),
      'OUTPUT_NOT_TAKEN',
      'Relu_r',
      /between h of lstm_1 and output y .*--map fc=none\), got Relu: it changes values/,
    ],
    [
      'one over all frames at once',
      after(
        parts([node('Reshape', ['h', 'n'], ['r'])], { n: ints(1, -1) }),
        parts([node('MatMul', ['r', 'F2'], ['y'])], matrix),
      ),
      'OUTPUT_NOT_TAKEN',
      'MatMul_y',
      /over other axes than the cells/,
    ],
    [
      'one on the first frame',
      after(
        parts([node('Gather', ['h', 'n'], ['r'], { axis: 0 })], { n: tensor([], [0], 'int64') }),
        parts([node('MatMul', ['r', 'F2'], ['y'])], matrix),
      ),
      'OUTPUT_NOT_TAKEN',
      'Gather_r',
      'lstm_1',
    ],
    [
      'one with a computed bias',
      after(rows, parts([node('Gemm', ['rows', 'F2', 'x'], ['y'])], matrix)),
      'OUTPUT_BIAS',
      'Gemm_y.C',
      'x, which is computed',
    ],
    [
      'one with a bias for each frame',
      after(
        rows,
        parts([node('Gemm', ['rows', 'F2', 'C'], ['y'])], { ...matrix, C: tensor([2, 1], [1, 2]) }),
      ),
      'OUTPUT_BIAS',
      'Gemm_y.C',
      '2 values, the same in every frame',
    ],
    [
      'one that is not finite',
      after(
        parts([node('MatMul', ['h', 'F2'], ['y'])], { F2: tensor([3, 1], [1, Number.NaN, 1]) }),
      ),
      'TENSOR_NOT_FINITE',
      'MatMul_y (F2)',
      'NaN at element 1',
    ],
  ]);

  it('one that the user names and that is none', () => {
    const named = (map: string) => refusal(() => read(good, {}, map));
    expect(named('fc=lstm_0')).toMatchObject({ code: 'BAD_MAP', expected: 'head', got: 'lstm_0' });
    expect(named('lstm.weight_ih_l0=W_0')).toMatchObject({
      code: 'BAD_MAP',
      got: 'lstm.weight_ih_l0',
    });
  });

  it('none where the user says so, of what is refused else', () => {
    const graph = after(
      of('Relu', ['h'], 'r'),
      parts([node('MatMul', ['r', 'F2'], ['y'])], matrix),
    );
    expect(read(graph, {}, 'fc=none').model.output).toBeNull();
  });
});
