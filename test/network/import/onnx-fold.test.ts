import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Constants } from '../../../generator/network/import/onnx/constants.js';
import { FOLDED } from '../../../generator/network/import/onnx/fold/fold.js';
import { graphOf } from '../../../generator/network/import/onnx/graph.js';
import { decodeOnnx } from '../../../generator/network/import/onnx/protobuf.js';
import {
  initializers,
  ints,
  node,
  onnxFile,
  type TensorMessage,
  type TensorType,
  tensor,
} from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { refusal } from '../../support/refusal.js';

type Attributes = Parameters<typeof node>[3];

interface Fold {
  readonly op: string;
  readonly inputs: readonly (TensorMessage | null)[];
  readonly attributes?: Attributes;
  readonly opset?: number;
  readonly outputs?: number;
  /** Type of the results. */
  readonly type?: TensorType;
}

function fileOf({
  op,
  inputs,
  attributes = {},
  opset = 17,
  outputs = 1,
  type = 'float32',
}: Fold): Uint8Array {
  const names = inputs.map((input, i) => (input === null ? '' : `in${i}`));
  const results = Array.from({ length: outputs }, (_, i) => `out${i}`);
  const tensors = Object.fromEntries(
    inputs.flatMap((input, i) => (input ? [[`in${i}`, input]] : [])),
  );
  const { data_type: elem_type } = tensor([0], [], type);
  return onnxFile(
    {
      node: [node(op, names, results, attributes, 'it')],
      initializer: initializers(tensors),
      input: [],
      output: results.map((name) => ({ name, type: { tensor_type: { elem_type } } })),
    },
    { opset, ir: opset < 10 ? 4 : 8 },
  );
}

function constantsOf(bytes: Uint8Array): Constants {
  return new Constants(graphOf(decodeOnnx(bytes, 'f'), 'f'), bytes.length);
}

/** The results are those of ONNX Runtime, exactly. */
async function same(fold: Fold): Promise<void> {
  const bytes = fileOf(fold);
  const constants = constantsOf(bytes);
  const runtime = await OnnxRuntime.load(bytes);
  const results = await runtime.run({});
  for (const [name, { dims, data }] of results) {
    const { shape, data: own } = constants.get(name);
    expect([name, shape]).toEqual([name, [...dims]]);
    expect([...own]).toEqual([...data]);
  }
  expect(results.size).toBe(fold.outputs ?? 1);
  await runtime.release();
}

const counted = (...shape: number[]): TensorMessage => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    shape,
    Array.from({ length: size }, (_, i) => Math.fround(0.3 * i - 1)),
  );
};
const cube = counted(2, 3, 4);
const slice = (...lists: number[][]) => [cube, ...lists.map((list) => ints(...list))];

const cases: Fold[] = [
  { op: 'Identity', inputs: [cube] },
  { op: 'Neg', inputs: [cube] },
  ...['Add', 'Sub', 'Mul', 'Div'].flatMap((op): Fold[] => [
    { op, inputs: [cube, counted(2, 3, 4)].map((one) => one) },
    { op, inputs: [cube, counted(4)] },
    { op, inputs: [counted(3, 1), cube] },
    { op, inputs: [tensor([], [3]), cube] },
    { op, inputs: [tensor([3], [7, -8, 9], 'int64'), tensor([1], [2], 'int64')], type: 'int64' },
  ]),
  { op: 'Transpose', inputs: [cube] },
  { op: 'Transpose', inputs: [cube], attributes: { perm: [2, 0, 1] } },
  ...[[24], [0, -1], [-1, 4, 0], [2, 2, 3, 2], [0, 0, 0]].map(
    (shape): Fold => ({
      op: 'Reshape',
      inputs: [
        shape.length === 3 && shape[0] === -1 ? counted(2, 3, 1) : cube,
        ints(...(shape[0] === -1 ? [-1, 3, 0] : shape)),
      ],
    }),
  ),
  { op: 'Reshape', inputs: [counted(0, 4), ints(4, 0)], attributes: { allowzero: 1 } },
  ...[0, 1, 3, -1].map((axis): Fold => ({ op: 'Flatten', inputs: [cube], attributes: { axis } })),
  { op: 'Squeeze', inputs: [counted(1, 3, 1)] },
  { op: 'Squeeze', inputs: [counted(1, 3, 1), ints(-1)] },
  { op: 'Squeeze', inputs: [counted(1, 3, 1)], attributes: { axes: [0] }, opset: 11 },
  { op: 'Unsqueeze', inputs: [counted(3), ints(0, 2)] },
  { op: 'Unsqueeze', inputs: [counted(3, 2), ints(-1, 0)] },
  { op: 'Unsqueeze', inputs: [counted(3)], attributes: { axes: [1] }, opset: 11 },
  { op: 'Slice', inputs: slice([1], [3], [1]) },
  { op: 'Slice', inputs: slice([0, -3], [1, 100], [0, 2]) },
  { op: 'Slice', inputs: slice([-1], [-100], [2], [-2]) },
  { op: 'Slice', inputs: slice([3], [0], [-1], [-1]) },
  { op: 'Slice', inputs: slice([-1], [-100], [1], [-1]) },
  { op: 'Slice', inputs: slice([2], [1], [1]) },
  { op: 'Slice', inputs: slice([0], [2 ** 62], [2], [3]) },
  { op: 'Slice', inputs: slice([1, 1], [2, 3]) },
  {
    op: 'Slice',
    inputs: [cube],
    attributes: { starts: [1, 0], ends: [2, -1], axes: [1, 2] },
    opset: 9,
  },
  { op: 'Slice', inputs: [cube], attributes: { starts: [1], ends: [9] }, opset: 9 },
  { op: 'Concat', inputs: [cube, counted(2, 1, 4), counted(2, 0, 4)], attributes: { axis: 1 } },
  { op: 'Concat', inputs: [cube, cube], attributes: { axis: -1 } },
  { op: 'Concat', inputs: [counted(3)], attributes: { axis: 0 } },
  { op: 'Split', inputs: [cube], outputs: 2 },
  { op: 'Split', inputs: [cube, ints(1, 0, 3)], attributes: { axis: 2 }, outputs: 3 },
  { op: 'Split', inputs: [cube], attributes: { axis: 1, split: [2, 1] }, outputs: 2, opset: 11 },
  { op: 'Split', inputs: [counted(7)], attributes: { num_outputs: 3 }, outputs: 3, opset: 18 },
  { op: 'Gather', inputs: [cube, tensor([], [1], 'int64')] },
  { op: 'Gather', inputs: [cube, tensor([2, 2], [0, -1, 2, 1], 'int64')], attributes: { axis: 1 } },
  { op: 'Gather', inputs: [cube, tensor([1], [-4], 'int32')], attributes: { axis: -1 } },
  { op: 'Shape', inputs: [cube], type: 'int64' },
  { op: 'Shape', inputs: [cube], attributes: { start: -2, end: 9 }, type: 'int64' },
  {
    op: 'Cast',
    inputs: [tensor([3], [1.7, -1.7, 3], 'float32')],
    attributes: { to: 7 },
    type: 'int64',
  },
  { op: 'Cast', inputs: [tensor([3], [1, -2, 3], 'int64')], attributes: { to: 1 } },
  { op: 'Cast', inputs: [tensor([3], [0.1, -2e-7, 65504], 'float16')], attributes: { to: 1 } },
  { op: 'Cast', inputs: [tensor([3], [0.1, -2e-40, 3e38], 'bfloat16')], attributes: { to: 1 } },
  { op: 'Cast', inputs: [tensor([2], [0.1, 1e-50], 'float64')], attributes: { to: 1 } },
  { op: 'Constant', inputs: [], attributes: { value: { tensor: cube } } },
  { op: 'Constant', inputs: [], attributes: { value_float: { float: 0.5 } } },
  { op: 'Constant', inputs: [], attributes: { value_floats: { floats: [0.5, 2] } } },
  { op: 'Constant', inputs: [], attributes: { value_int: -3 }, type: 'int64' },
  { op: 'Constant', inputs: [], attributes: { value_ints: [1, 2, 3] }, type: 'int64' },
];

const whole = (...values: number[]) => tensor([values.length], values, 'int64');
const bools = (...values: number[]) => tensor([values.length], values, 'bool');
const more: readonly Fold[] = [
  ...['Equal', 'Less', 'Greater'].flatMap((op): Fold[] => [
    { op, inputs: [whole(1, 2, 3, -4), whole(2)], type: 'bool' },
    { op, inputs: [cube, counted(4)], type: 'bool' },
  ]),
  ...['And', 'Or'].map(
    (op): Fold => ({ op, inputs: [bools(0, 0, 1, 1), bools(0, 1, 0, 1)], type: 'bool' }),
  ),
  { op: 'Not', inputs: [bools(0, 1)], type: 'bool' },
  { op: 'Div', inputs: [whole(7, -7, 8, -1), whole(2)], type: 'int64' },
  { op: 'Mod', inputs: [whole(7, -7, 7, -7, 6), whole(3, 3, -3, -3, 3)], type: 'int64' },
  {
    op: 'Mod',
    inputs: [whole(7, -7, 7, -7), whole(3, 3, -3, -3)],
    attributes: { fmod: 1 },
    type: 'int64',
  },
  { op: 'Mod', inputs: [cube, counted(1)], attributes: { fmod: 1 } },
  { op: 'Where', inputs: [bools(1, 0, 1, 0), cube, counted(3, 1)] },
  { op: 'Where', inputs: [tensor([], [1], 'bool'), whole(1, 2), whole(3)], type: 'int64' },
  { op: 'Expand', inputs: [counted(3, 1), whole(2, 1, 4)] },
  { op: 'Expand', inputs: [counted(4), whole(1)] },
  { op: 'Tile', inputs: [counted(2, 3), whole(2, 1)] },
  { op: 'Tile', inputs: [counted(2, 3, 1), whole(1, 2, 3)] },
  { op: 'ConstantOfShape', inputs: [whole(2, 0, 3)] },
  { op: 'ConstantOfShape', inputs: [whole(2, 3)], attributes: { value: { tensor: counted(1) } } },
  { op: 'Range', inputs: [3, 12, 4].map((n) => tensor([], [n], 'int64')), type: 'int64' },
  { op: 'Range', inputs: [5, -2, -2].map((n) => tensor([], [n], 'int64')), type: 'int64' },
  { op: 'Range', inputs: [5, 2, 2].map((n) => tensor([], [n], 'int64')), type: 'int64' },
  { op: 'Size', inputs: [cube], type: 'int64' },
  {
    op: 'DequantizeLinear',
    inputs: [tensor([2, 3], [1, -2, 3, 127, -128, 0], 'int8'), counted(1)],
  },
  {
    op: 'DequantizeLinear',
    inputs: [
      tensor([2, 3], [1, -2, 3, 127, -128, 0], 'int8'),
      counted(2),
      tensor([2], [3, -4], 'int8'),
    ],
    attributes: { axis: 0 },
  },
  {
    op: 'DequantizeLinear',
    inputs: [
      tensor([2, 3], [1, -2, 3, 127, -128, 0], 'int8'),
      counted(3),
      tensor([3], [3, -4, 0], 'int8'),
    ],
    attributes: { axis: -1 },
  },
];
cases.push(...more);

describe('constants are folded as ONNX Runtime computes them:', () => {
  it.each(cases.map((fold, i) => [`${i} ${fold.op}`, fold] as const))('%s', (_, fold) =>
    same(fold),
  );

  it('every operator that is folded is in these cases', () => {
    expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(FOLDED.keys()));
  });

  it('rounding to half precision, for numbers of every size', async () => {
    const values = fc.array(
      fc.oneof(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -70_000, max: 70_000 }),
        fc.double({ min: -1e-4, max: 1e-4, noNaN: true }).map(Math.fround),
      ),
      { minLength: 1, maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(values, async (numbers) => {
        // to half and back again
        const bytes = onnxFile({
          node: [
            node('Cast', ['in0'], ['half'], { to: 10 }),
            node('Cast', ['half'], ['out0'], { to: 1 }),
          ],
          initializer: initializers({ in0: tensor([numbers.length], numbers) }),
          input: [],
          output: [{ name: 'out0', type: { tensor_type: { elem_type: 1 } } }],
        });
        const runtime = await OnnxRuntime.load(bytes);
        const results = await runtime.run({});
        expect([...constantsOf(bytes).get('out0').data]).toEqual([
          ...(results.get('out0')?.data ?? []),
        ]);
        await runtime.release();
      }),
      { numRuns: 30 },
    );
  });
});

describe('a constant is refused whose node', () => {
  const wrong: readonly [string, Fold][] = [
    ['adds two types', { op: 'Add', inputs: [cube, tensor([1], [1], 'float64')] }],
    ['adds shapes that do not fit', { op: 'Add', inputs: [cube, counted(3)] }],
    ['divides integers by zero', { op: 'Div', inputs: [ints(1), ints(0)] }],
    ['has no second input', { op: 'Sub', inputs: [cube] }],
    ['casts to text', { op: 'Cast', inputs: [cube], attributes: { to: 8 } }],
    [
      'casts to integers what they do not hold',
      { op: 'Cast', inputs: [counted(1)], attributes: { to: 2 } },
    ],
    ['reshapes to another number of elements', { op: 'Reshape', inputs: [cube, ints(5, 5)] }],
    ['reshapes with two rests', { op: 'Reshape', inputs: [cube, ints(-1, -1)] }],
    ['reshapes with a rest that does not work out', { op: 'Reshape', inputs: [cube, ints(-1, 7)] }],
    ['reshapes to a negative length', { op: 'Reshape', inputs: [cube, ints(-24, -1)] }],
    ['reshapes to real numbers', { op: 'Reshape', inputs: [cube, counted(1)] }],
    ['copies a length that is not there', { op: 'Reshape', inputs: [cube, ints(2, 3, 4, 0)] }],
    [
      'flattens at an axis that is not there',
      { op: 'Flatten', inputs: [cube], attributes: { axis: 4 } },
    ],
    ['squeezes a longer axis', { op: 'Squeeze', inputs: [cube, ints(0)] }],
    ['squeezes an axis that is not there', { op: 'Squeeze', inputs: [cube, ints(3)] }],
    [
      'squeezes by an attribute of old',
      { op: 'Squeeze', inputs: [counted(1)], attributes: { axes: [0] } },
    ],
    [
      'squeezes by an input before its time',
      { op: 'Squeeze', inputs: [counted(1), ints(0)], opset: 11 },
    ],
    ['unsqueezes one axis twice', { op: 'Unsqueeze', inputs: [cube, ints(0, 0)] }],
    ['unsqueezes nothing', { op: 'Unsqueeze', inputs: [cube] }],
    [
      'transposes by no permutation',
      { op: 'Transpose', inputs: [cube], attributes: { perm: [0, 0, 1] } },
    ],
    [
      'slices by a number that is no list',
      { op: 'Slice', inputs: [cube, tensor([], [0], 'int64'), ints(1)] },
    ],
    ['slices without ends', { op: 'Slice', inputs: slice([0]) }],
    ['slices lists of different lengths', { op: 'Slice', inputs: slice([0, 0], [1]) }],
    ['slices with a step of zero', { op: 'Slice', inputs: slice([0], [1], [0], [0]) }],
    ['slices an axis twice', { op: 'Slice', inputs: slice([0, 0], [1, 1], [0, -3]) }],
    [
      'slices by attributes of old',
      { op: 'Slice', inputs: slice([0], [1]), attributes: { starts: [0] } },
    ],
    [
      'concatenates shapes that do not fit',
      { op: 'Concat', inputs: [cube, counted(2, 3, 5)], attributes: { axis: 0 } },
    ],
    ['concatenates nowhere', { op: 'Concat', inputs: [cube] }],
    [
      'splits into parts of another length',
      { op: 'Split', inputs: [cube, ints(1, 2)], outputs: 2 },
    ],
    [
      'splits into parts of negative length',
      { op: 'Split', inputs: [cube, ints(3, -1)], outputs: 2 },
    ],
    ['splits unevenly before its time', { op: 'Split', inputs: [counted(7)], outputs: 3 }],
    ['splits without saying how', { op: 'Split', inputs: [cube], outputs: 2, opset: 18 }],
    [
      'splits in two ways',
      {
        op: 'Split',
        inputs: [cube, ints(1, 1)],
        attributes: { num_outputs: 2 },
        outputs: 2,
        opset: 18,
      },
    ],
    [
      'splits as later files do',
      { op: 'Split', inputs: [cube], attributes: { num_outputs: 2 }, outputs: 2 },
    ],
    ['gathers outside', { op: 'Gather', inputs: [cube, ints(2)] }],
    ['gathers by real numbers', { op: 'Gather', inputs: [cube, counted(1)] }],
    [
      'is a constant of two values',
      { op: 'Constant', inputs: [], attributes: { value_int: 1, value_float: { float: 1 } } },
    ],
    ['is a constant of text', { op: 'Constant', inputs: [], attributes: { value_string: 'no' } }],
  ];

  it.each(wrong)('%s', (_, fold) => {
    const report = refusal(() => constantsOf(fileOf(fold)).get('out0'));
    expect(report.code).toMatch(/^ONNX_(INVALID|ATTRIBUTE)$/);
    expect(report.field).toMatch(/^it|in1/);
  });
});
