import { MAX_CODES, MAX_SIZE } from '../../../limits.js';
import { tensorflowError, unsupported } from '../errors.js';
import { addRnn, type RnnFunction } from '../rnn.js';
import { type Call, startOf } from './call.js';
import { shaped } from './shaped.js';
import { describe, FLOAT32, isIntegerValue, typeName } from './tensors.js';

/** Inputs of UNIDIRECTIONAL_SEQUENCE_RNN and RNN: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/unidirectional_sequence_rnn.cc */
const INPUT = { x: 0, W: 1, U: 2, bias: 3, h: 4 } as const;

/** Where the options of an operator are in their tables. */
const OPTIONS = {
  UNIDIRECTIONAL_SEQUENCE_RNN: { timeMajor: 0, activation: 1 },
  RNN: { timeMajor: null, activation: 0 },
} as const;

const FUNCTIONS: Readonly<Record<string, RnnFunction>> = { TANH: 'Tanh', RELU: 'Relu' };

/**
 * Adds an RNN operator, h = f(W x + U h' + b): W [cells, inputs], U [cells, cells], b [cells].
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE
 */
export function addRnnOperator(call: Call): void {
  const { name, options, builder } = call;
  const { file } = call.scope;
  const op = call.operator.op as keyof typeof OPTIONS;
  const { timeMajor, activation } = OPTIONS[op];
  const refuse = (got: string, expected: string) => unsupported(file, name, got, expected);
  const [x, h] = [call.tensor(INPUT.x), call.tensor(INPUT.h)];
  const integer = [x, h].find((tensor) => tensor !== null && isIntegerValue(tensor));
  if (integer) {
    const expected =
      'an RNN in floating point (convert the network without a representative dataset)';
    throw refuse(`integer-quantised RNN: ${describe(integer)} activations`, expected);
  }
  if (x === null || x.type !== FLOAT32) {
    throw refuse(`RNN on ${x === null ? 'nothing' : typeName(x)}`, 'an RNN on float32');
  }
  const given = call.activation(activation);
  const own = FUNCTIONS[given];
  if (own === undefined) throw refuse(`RNN with activation ${given}`, 'tanh or relu');
  const [cells = 0, inputs = 0] = call.tensor(INPUT.W)?.shape ?? [];
  const sizes = [cells, inputs];
  const fits = sizes.every((size) => size >= 1 && size <= MAX_SIZE);
  if (!fits || cells * Math.max(cells, inputs) > MAX_CODES) {
    const got = `${cells} cells and ${inputs} inputs`;
    throw tensorflowError(file, 'TENSOR_SHAPE', name, 'an RNN of sensible size', got);
  }
  const W = shaped(call, INPUT.W, 'weights', [cells, inputs]);
  const U = shaped(call, INPUT.U, 'recurrent weights', [cells, cells]);
  const bias = shaped(call, INPUT.bias, 'bias', [cells]);
  const single = timeMajor === null;
  const every = call.outputs[0] ?? '';
  const frames = call.input(INPUT.x);
  addRnn(builder, {
    ...{ name, nodes: [name], inputs, cells, function: own },
    gate: { x: W.values, h: U.values, bias: bias.values },
    tensors: {
      x: { name: `${name} weights`, of: W.of },
      h: { name: `${name} recurrent weights`, of: U.of },
      bias: { name: `${name} biases`, of: bias.of },
    },
    frames: single
      ? builder.part(name, 'Unsqueeze', [frames, builder.integers(name, [0])])
      : frames,
    timeFirst: single || (options?.boolean(timeMajor) ?? false),
    start: { h: startOf(call, INPUT.h), c: '' },
    outputs: single ? { h: every } : { every },
  });
}
