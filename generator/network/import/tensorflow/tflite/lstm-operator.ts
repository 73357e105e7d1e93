import { MAX_CODES, MAX_SIZE } from '../../../limits.js';
import { TRAIN, tensorflowError, unsupported } from '../errors.js';
import { addLstm, type FoundLstm } from '../lstm.js';
import type { Gate } from '../recurrent-operator.js';
import { type Call, valueName } from './call.js';
import { describe, FLOAT32, isIntegerValue, typeName } from './tensors.js';

/**
 * Inputs of UNIDIRECTIONAL_SEQUENCE_LSTM and LSTM by position, gates in the order i, f, g, o:
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/lstm_shared.h
 */
const X = 0;
const WEIGHTS = { x: 1, h: 5, bias: 12, norm: 20 } as const;
const PEEPHOLES = [9, 10, 11];
const PROJECTION = 16;
const STATE = { h: 18, c: 19 } as const;
const GATES = ['i', 'f', 'g', 'o'] as const;
const GATE_WORDS = ['input', 'forget', 'cell', 'output'];

/** Where the options of an operator are in their tables. */
const OPTIONS = {
  UNIDIRECTIONAL_SEQUENCE_LSTM: { timeMajor: 3, diagonal: 5, kernel: null },
  LSTM: { timeMajor: null, diagonal: null, kernel: 3 },
} as const;

const FULL_KERNEL = 0;

/** What the converter of TensorFlow writes as clip for every LSTM of Keras, which has none. */
const CONVERTERS_CLIP = 10;

/**
 * Adds an LSTM operator: weights [cells, inputs] and [cells, cells] and biases [cells] of each gate.
 * @throws UserError LSTM_UNSUPPORTED for what the hardware does not do, TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE
 */
export function addLstmOperator(call: Call): void {
  const { name, options, scope, builder } = call;
  const { file } = scope;
  const op = call.operator.op as keyof typeof OPTIONS;
  const places = OPTIONS[op];
  const refuse = (got: string, expected?: string) => unsupported(file, name, got, expected);
  if (places.kernel !== null && (options?.number(places.kernel, 'int8') ?? 0) !== FULL_KERNEL) {
    throw refuse(
      'LSTM with a basic kernel',
      'an LSTM with weights of each gate (kernel type FULL)',
    );
  }
  if (places.diagonal !== null && options?.boolean(places.diagonal)) {
    throw refuse('diagonal recurrent weights');
  }
  const x = call.tensor(X);
  const integers = [X, ...Object.values(STATE)].map((input) => call.tensor(input));
  const integer = integers.find((tensor) => tensor !== null && isIntegerValue(tensor));
  if (integer) {
    const expected =
      'an LSTM in floating point (convert the network without a representative dataset)';
    throw refuse(`integer-quantised LSTM: ${describe(integer)} activations`, expected);
  }
  if (x === null || x.type !== FLOAT32) {
    throw refuse(`LSTM on ${x === null ? 'nothing' : typeName(x)}`, 'an LSTM on float32');
  }
  checkKind(call, refuse);
  const cells = call.tensor(WEIGHTS.h + 1)?.shape[0] ?? 0;
  const inputs = call.tensor(WEIGHTS.x + 1)?.shape[1] ?? 0;
  if (!sensible(cells, inputs)) {
    const got = `${cells} cells and ${inputs} inputs`;
    throw tensorflowError(file, 'TENSOR_SHAPE', name, 'an LSTM of sensible size', got);
  }
  const single = op === 'LSTM';
  const every = call.outputs[0] ?? '';
  const frames = call.input(X);
  const lstm: FoundLstm = {
    name,
    nodes: [name],
    inputs,
    cells,
    ...gatesOf(call, inputs, cells),
    frames: single
      ? builder.part(name, 'Unsqueeze', [frames, builder.integers(name, [0])])
      : frames,
    timeFirst:
      single || (places.timeMajor !== null && (options?.boolean(places.timeMajor) ?? false)),
    start: { h: start(call, 'h'), c: start(call, 'c') },
    outputs: single ? { h: every } : { every },
  };
  addLstm(builder, lstm);
}

const sensible = (cells: number, inputs: number) =>
  cells >= 1 &&
  cells <= MAX_SIZE &&
  inputs >= 1 &&
  inputs <= MAX_SIZE &&
  4 * cells * Math.max(cells, inputs) <= MAX_CODES;

/** What of the operator the hardware has: four gates, tanh, neither clips nor peepholes, projections, norms. */
function checkKind(call: Call, refuse: (got: string, expected?: string) => Error): void {
  const { options } = call;
  const activation = call.activation(0);
  if (activation !== 'TANH') {
    throw refuse(`LSTM with activation ${activation}`, `tanh (${TRAIN})`);
  }
  const clip = options?.number(1, 'float32') ?? 0;
  if (clip === CONVERTERS_CLIP) {
    call.builder.collected.cellClips.add(clip);
    call.builder.notes.push(
      `${call.name} clips its cell state at ${clip} in the file, as the converter writes for every Keras LSTM: the hardware does not, which is the same while c stays within that`,
    );
  } else if (clip !== 0) throw refuse(`clip of the cell state at ${clip}`, `no clip (${TRAIN})`);
  const none = (input: number, what: string) => {
    if (call.tensor(input) !== null) throw refuse(what, `no ${what} (${TRAIN})`);
  };
  none(PROJECTION, 'projection');
  none(PROJECTION + 1, 'projection');
  for (const gate of GATES.keys()) none(WEIGHTS.norm + gate, 'layer normalization');
  for (const input of PEEPHOLES) {
    const zero =
      call.tensor(input)?.data && call.reals(input, 'peephole').values.every((w) => w === 0);
    if (!zero) none(input, 'peephole');
  }
  if (call.tensor(WEIGHTS.x) === null) {
    throw refuse('coupled input and forget gate', `an input gate of its own (${TRAIN})`);
  }
}

/** Weights and biases of the gates. */
function gatesOf(call: Call, inputs: number, cells: number): Pick<FoundLstm, 'gates' | 'tensors'> {
  const { file } = call.scope;
  const of = { x: [] as string[], h: [] as string[], bias: [] as string[] };
  const read = (part: 'x' | 'h' | 'bias', gate: number, ...shape: number[]): Float64Array => {
    const input = WEIGHTS[part] + gate;
    const word = part === 'bias' ? 'bias' : part === 'x' ? 'weights' : 'recurrent weights';
    const field = `${GATE_WORDS[gate]} gate ${word}`;
    const tensor = call.tensor(input);
    if (tensor !== null && tensor.shape.join() !== shape.join()) {
      const [expected, got] = [`[${shape.join(', ')}]`, describe(tensor)];
      throw tensorflowError(file, 'TENSOR_SHAPE', `${call.name}.${field}`, expected, got);
    }
    const found = call.reals(input, field);
    of[part].push(...found.of);
    return found.values;
  };
  const gates = GATES.map((_, gate): Gate => {
    const x = read('x', gate, cells, inputs);
    return { x, h: read('h', gate, cells, cells), bias: read('bias', gate, cells) };
  });
  const [i, f, g, o] = gates as [Gate, Gate, Gate, Gate];
  return {
    gates: { i, f, g, o },
    tensors: {
      x: { name: `${call.name} weights`, of: of.x },
      h: { name: `${call.name} recurrent weights`, of: of.h },
      bias: { name: `${call.name} biases`, of: of.bias },
    },
  };
}

/** The value of a state at the start; empty for zeros: a tensor that keeps its value is zero at first. */
function start(call: Call, state: 'h' | 'c'): string {
  const number = call.operator.inputs[STATE[state]] ?? -1;
  const tensor = call.tensor(STATE[state]);
  if (tensor === null || tensor.variable) return '';
  return valueName(call.scope, number);
}
