import { type AttributeType, TYPE, typeName } from './attribute-types.js';
import { onnxError } from './errors.js';
import type { Node } from './node.js';

const ANY = Number.POSITIVE_INFINITY;

/** What an operator takes from one version of the operator set on, of those that this program reads. */
interface Signature {
  readonly since?: number;
  readonly inputs: readonly [fewest: number, most: number];
  readonly outputs?: number;
  /** Attributes that must be there. */
  readonly required?: readonly string[];
}

const ONE: Signature = { inputs: [1, 1] };
const TWO: Signature = { inputs: [2, 2] };

/** By operator, oldest first; those that are not here have one input and one output. https://onnx.ai/onnx/operators */
const SIGNATURES: Readonly<Record<string, readonly Signature[]>> = {
  Add: [TWO],
  And: [TWO],
  BatchNormalization: [
    { inputs: [5, 5], outputs: 5 },
    { since: 14, inputs: [5, 5], outputs: 3 },
  ],
  Cast: [{ inputs: [1, 1], required: ['to'] }],
  Clip: [ONE, { since: 11, inputs: [1, 3] }],
  Concat: [{ inputs: [1, ANY], required: ['axis'] }],
  ConcatFromSequence: [{ inputs: [1, 1], required: ['axis'] }],
  Constant: [{ inputs: [0, 0] }],
  DequantizeLinear: [{ inputs: [2, 3] }],
  Div: [TWO],
  Dropout: [
    { inputs: [1, 1], outputs: 2 },
    { since: 12, inputs: [1, 3], outputs: 2 },
  ],
  Equal: [TWO],
  Expand: [TWO],
  Gather: [TWO],
  GRU: [{ inputs: [3, 6], outputs: 2 }],
  Gemm: [{ inputs: [3, 3] }, { since: 11, inputs: [2, 3] }],
  Greater: [TWO],
  LSTM: [{ inputs: [3, 8], outputs: 3 }],
  Less: [TWO],
  Loop: [{ inputs: [2, ANY], outputs: ANY, required: ['body'] }],
  MatMul: [TWO],
  Mod: [TWO],
  Mul: [TWO],
  Or: [TWO],
  RNN: [{ inputs: [3, 6], outputs: 2 }],
  Range: [{ inputs: [3, 3] }],
  ReduceMean: [ONE, { since: 18, inputs: [1, 2] }],
  ReduceSum: [ONE, { since: 13, inputs: [1, 2] }],
  Reshape: [TWO],
  Scan: [{ inputs: [1, ANY], outputs: ANY, required: ['body', 'num_scan_inputs'] }],
  Slice: [
    { inputs: [1, 1], required: ['starts', 'ends'] },
    { since: 10, inputs: [3, 5] },
  ],
  Split: [
    { inputs: [1, 1], outputs: ANY },
    { since: 13, inputs: [1, 2], outputs: ANY },
  ],
  Squeeze: [ONE, { since: 13, inputs: [1, 2] }],
  Sub: [TWO],
  Sum: [{ inputs: [1, ANY] }],
  Tile: [TWO],
  Unsqueeze: [
    { inputs: [1, 1], required: ['axes'] },
    { since: 13, inputs: [2, 2] },
  ],
  Where: [{ inputs: [3, 3] }],
};

/** Attributes that some versions of an operator do not have: the first that has it, and the first that no longer does. */
const VERSIONS: Readonly<Record<string, readonly [since: number, until: number]>> = {
  'BatchNormalization.spatial': [0, 9],
  'BatchNormalization.training_mode': [14, ANY],
  'Cast.round_mode': [24, ANY],
  'Cast.saturate': [19, ANY],
  'Clip.max': [0, 11],
  'Clip.min': [0, 11],
  'DequantizeLinear.axis': [13, ANY],
  'DequantizeLinear.block_size': [21, ANY],
  'DequantizeLinear.output_dtype': [23, ANY],
  'Dropout.ratio': [0, 12],
  'Dropout.seed': [12, ANY],
  'GRU.layout': [14, ANY],
  'LSTM.layout': [14, ANY],
  'RNN.layout': [14, ANY],
  'ReduceMean.axes': [0, 18],
  'ReduceMean.noop_with_empty_axes': [18, ANY],
  'ReduceSum.axes': [0, 13],
  'ReduceSum.noop_with_empty_axes': [13, ANY],
  'Reshape.allowzero': [14, ANY],
  'Shape.end': [15, ANY],
  'Shape.start': [15, ANY],
  'Slice.axes': [0, 10],
  'Slice.ends': [0, 10],
  'Slice.starts': [0, 10],
  'Split.num_outputs': [18, ANY],
  'Split.split': [0, 13],
  'Squeeze.axes': [0, 13],
  'Unsqueeze.axes': [0, 13],
};

/** Types of attributes by name: one each, whatever the operator. `value` and others that are always read are not here. */
const ATTRIBUTES: Readonly<Partial<Record<AttributeType, readonly string[]>>> = {
  FLOAT: [
    ...['alpha', 'beta', 'clip', 'epsilon', 'max', 'min', 'momentum', 'ratio', 'value_float'],
  ],
  INT: [
    ...[
      'allowzero',
      'axis',
      'block_size',
      'end',
      'fmod',
      'hidden_size',
      'input_forget',
      'keepdims',
      'layout',
    ],
    ...[
      'linear_before_reset',
      'new_axis',
      'noop_with_empty_axes',
      'num_outputs',
      'num_scan_inputs',
      'output_dtype',
    ],
    ...['saturate', 'seed', 'spatial', 'start', 'to', 'training_mode', 'transA', 'transB'],
    'value_int',
  ],
  STRING: ['direction', 'round_mode'],
  FLOATS: ['activation_alpha', 'activation_beta', 'value_floats'],
  INTS: [
    ...['axes', 'ends', 'perm', 'split', 'starts', 'value_ints', 'scan_input_axes'],
    ...['scan_input_directions', 'scan_output_axes', 'scan_output_directions'],
  ],
  STRINGS: ['activations'],
};
const TYPE_OF = new Map(
  Object.entries(ATTRIBUTES).flatMap(([type, names]) =>
    names.map((name) => [name, type as AttributeType] as const),
  ),
);

/** The file and its version of ONNX's own operators. */
export interface Version {
  readonly file: string;
  readonly opset: number;
}

/**
 * Checks that a node has as many inputs and outputs, and the attributes, that this version of its operator takes.
 * @throws UserError ONNX_INVALID or ONNX_ATTRIBUTE.
 */
export function checkSignature(
  { op, label, inputs, outputs, attributes }: Node,
  { file, opset }: Version,
): void {
  const versions = SIGNATURES[op] ?? [ONE];
  const own = versions.findLast(({ since = 0 }) => since <= opset) as Signature;
  const [fewest, most] = own.inputs;
  const mostOutputs = own.outputs ?? 1;
  const of = versions.length > 1 ? `${op} in version ${opset}` : op;
  const fail = (expected: string, got: number) =>
    onnxError(file, 'ONNX_INVALID', label, `${expected} of ${of}`, `${got}`);
  if (inputs.length < fewest) throw fail(`at least ${fewest} inputs`, inputs.length);
  if (inputs.length > most) throw fail(`at most ${most} inputs`, inputs.length);
  if (outputs.length > mostOutputs) throw fail(`at most ${mostOutputs} outputs`, outputs.length);
  const names = attributes.map(({ name = '' }) => name);
  for (const name of own.required ?? []) {
    if (names.includes(name)) continue;
    throw onnxError(
      file,
      'ONNX_ATTRIBUTE',
      `${label}.${name}`,
      `the attribute, which ${of} needs`,
      'none',
    );
  }
  for (const name of names) {
    const [since, until] = VERSIONS[`${op}.${name}`] ?? [0, ANY];
    if (opset >= since && opset < until) continue;
    const expected =
      opset < since
        ? `no such attribute before version ${since} of the operators`
        : `no such attribute from version ${until} of the operators on`;
    throw onnxError(file, 'ONNX_ATTRIBUTE', `${label}.${name}`, expected, `version ${opset}`);
  }
  for (const { name = '', type } of attributes) {
    const known = TYPE_OF.get(name);
    if (known === undefined || !type || type === TYPE[known]) continue;
    const got = typeName(type) ?? `type ${type}`;
    throw onnxError(file, 'ONNX_ATTRIBUTE', `${label}.${name}`, known, got);
  }
}
