import { MAX_CODES, MAX_SIZE } from '../../../limits.js';
import { TRAIN, tensorflowError, unsupported } from '../errors.js';
import { addLstm, type FoundLstm } from '../lstm.js';
import type { FoundProjection, Gate } from '../recurrent-operator.js';
import { type Call, startOf } from './call.js';
import { shaped } from './shaped.js';
import { describe, FLOAT32, isIntegerValue, typeName } from './tensors.js';

/**
 * Inputs of UNIDIRECTIONAL_SEQUENCE_LSTM and LSTM by position, gates in the order i, f, g, o:
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/lstm_shared.h. Peepholes are of i, f and o.
 */
const X = 0;
const WEIGHTS = { x: 1, h: 5, bias: 12, norm: 20 } as const;
const PEEPHOLES = { i: 9, f: 10, o: 11 } as const;
const PROJECTION = { weights: 16, bias: 17 } as const;
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
 * Adds an LSTM operator: weights [cells, inputs] and [cells, values of h] and biases [cells] of each gate, peepholes [cells], and
 * a projection [values of h, cells]. Its equations are those of
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/kernels/lstm_eval.cc
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
  const [cells = 0, width = 0] = call.tensor(WEIGHTS.h + 1)?.shape ?? [];
  const inputs = call.tensor(WEIGHTS.x + 1)?.shape[1] ?? 0;
  if (!sensible(cells, inputs, width)) {
    const got = `${cells} cells, ${inputs} inputs and ${width} values of h`;
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
    ...gatesOf(call, { inputs, cells, width }, refuse),
    projection: projectionOf(call, { cells, width }),
    frames: single
      ? builder.part(name, 'Unsqueeze', [frames, builder.integers(name, [0])])
      : frames,
    timeFirst:
      single || (places.timeMajor !== null && (options?.boolean(places.timeMajor) ?? false)),
    start: { h: startOf(call, STATE.h), c: startOf(call, STATE.c) },
    outputs: single ? { h: every } : { every },
  };
  addLstm(builder, lstm);
}

const sensible = (...sizes: readonly [cells: number, inputs: number, width: number]) =>
  sizes.every((size) => size >= 1 && size <= MAX_SIZE) &&
  4 * sizes[0] * Math.max(...sizes) <= MAX_CODES;

/** What of the operator the hardware has: tanh, neither clips of c nor norms. */
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
  const norm = [...GATES.keys()].some((gate) => call.tensor(WEIGHTS.norm + gate) !== null);
  if (norm) throw refuse('layer normalization', `no layer normalization (${TRAIN})`);
}

interface Sizes {
  readonly inputs: number;
  readonly cells: number;
  /** Values of h. */
  readonly width: number;
}

/**
 * Weights and biases of the gates, and their peepholes. Without those of an input gate i = 1 - f, which is f with everything
 * negated, as sigmoid(-u) = 1 - sigmoid(u).
 */
function gatesOf(
  call: Call,
  { inputs, cells, width }: Sizes,
  refuse: (got: string, expected?: string) => Error,
): Pick<FoundLstm, 'gates' | 'tensors'> {
  const there = (input: number) => call.tensor(input) !== null;
  const coupled = !there(WEIGHTS.x);
  if (coupled && [WEIGHTS.h, WEIGHTS.bias, PEEPHOLES.i].some(there)) {
    const got = 'an input gate without weights of x';
    throw refuse(got, 'all of an input gate, or nothing where it is coupled to the forget gate');
  }
  const seen = (coupled ? (['f', 'o'] as const) : (['i', 'f', 'o'] as const)).map(
    (gate) => PEEPHOLES[gate],
  );
  const peepholes = seen.some(there);
  if (peepholes && !seen.every(there)) {
    throw refuse('peepholes of some gates alone', 'peepholes of all gates, or of none');
  }
  const of = { x: [] as string[], h: [] as string[], bias: [] as string[] };
  const read = (part: 'x' | 'h' | 'bias', gate: number, ...shape: number[]): Float64Array => {
    const word = part === 'bias' ? 'bias' : part === 'x' ? 'weights' : 'recurrent weights';
    const found = shaped(call, WEIGHTS[part] + gate, `${GATE_WORDS[gate]} gate ${word}`, shape);
    of[part].push(...found.of);
    return found.values;
  };
  const weighs = (gate: 'i' | 'f' | 'o') => {
    const word = GATE_WORDS[GATES.indexOf(gate)];
    const found = shaped(call, PEEPHOLES[gate], `${word} gate peephole`, [cells]);
    of.bias.push(...found.of);
    return found.values;
  };
  const gateOf = (name: 'i' | 'f' | 'g' | 'o'): Gate => {
    const gate = GATES.indexOf(name);
    const [x, h] = [read('x', gate, cells, inputs), read('h', gate, cells, width)];
    const peephole = peepholes && name !== 'g' ? weighs(name) : undefined;
    return { x, h, bias: read('bias', gate, cells), peephole };
  };
  const f = gateOf('f');
  const i = coupled ? mirrored(f) : gateOf('i');
  if (coupled) {
    const note = `${call.name}: its input gate is 1 - its forget gate (coupled): the weights of the forget gate, negated`;
    call.builder.notes.push(note);
  }
  return {
    gates: { i, f, g: gateOf('g'), o: gateOf('o') },
    tensors: {
      x: { name: `${call.name} weights`, of: of.x },
      h: { name: `${call.name} recurrent weights`, of: of.h },
      bias: { name: `${call.name} biases`, of: of.bias },
    },
  };
}

/** A gate that is 1 - another one. */
function mirrored({ x, h, bias, peephole }: Gate): Gate {
  // never -0, which would be no zero for a pattern
  const negated = (values: Float64Array) => values.map((one) => 0 - one);
  return {
    x: negated(x),
    h: negated(h),
    bias: negated(bias),
    peephole: peephole && negated(peephole),
  };
}

/** The projection [values, cells] with its biases [values] and its clip; undefined where there is none. */
function projectionOf(
  call: Call,
  { cells, width }: Pick<Sizes, 'cells' | 'width'>,
): FoundProjection | undefined {
  const bias = call.tensor(PROJECTION.bias);
  if (call.tensor(PROJECTION.weights) === null) {
    if (bias === null) return undefined;
    const got = `biases of a projection, ${bias.name}, without its weights`;
    throw unsupported(call.scope.file, call.name, got, 'both or none');
  }
  const weights = shaped(call, PROJECTION.weights, 'projection weights', [width, cells]);
  const biases = bias && shaped(call, PROJECTION.bias, 'projection bias', [width]);
  const clip = call.options?.number(2, 'float32') ?? 0;
  return {
    values: width,
    weights: weights.values,
    bias: biases?.values ?? null,
    range: clip > 0 ? { low: -clip, high: clip } : undefined,
    tensor: { name: `${call.name} projection`, of: [...weights.of, ...(biases?.of ?? [])] },
  };
}
