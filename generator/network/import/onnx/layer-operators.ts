import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer } from '../../float/model.js';
import type { ImportOptions } from '../imported.js';
import { isGru, RESET_BEFORE, type ResetPlace, resetNote, resetUnknown } from '../reset.js';
import { type Activations, activationsOf, type CellFunctions } from './activations.js';
import type { Attributes } from './attributes.js';
import type { Fail } from './errors.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';

/** A recurrent operator of ONNX, as far as there is hardware for it. */
interface Operator {
  readonly attributes: readonly string[];
  /** Where the gates of our order are among those of the operator. */
  readonly order: readonly number[];
  readonly cells: CellFunctions;
}

const COMMON = [
  'activation_alpha',
  'activation_beta',
  'activations',
  'clip',
  'direction',
  'hidden_size',
  'layout',
];

/** https://onnx.ai/onnx/operators/onnx__LSTM.html (gates i o f c), onnx__GRU.html (z r h), onnx__RNN.html. */
export const OPERATORS = {
  LSTM: {
    attributes: [...COMMON, 'input_forget'],
    order: [0, 2, 3, 1],
    cells: [[['Sigmoid', 'Tanh', 'Tanh'], 'lstm']],
  },
  GRU: {
    attributes: [...COMMON, 'linear_before_reset'],
    order: [1, 0, 2],
    cells: [
      [['Sigmoid', 'Tanh'], 'gru'],
      [['Sigmoid', 'Relu'], 'gru-relu'],
    ],
  },
  RNN: {
    attributes: COMMON,
    order: [0],
    cells: [
      [['Tanh'], 'rnn-tanh'],
      [['Relu'], 'rnn-relu'],
    ],
  },
} as const satisfies Record<string, Operator>;
export type RecurrentOperator = keyof typeof OPERATORS;

/** Whether a node is a recurrent layer of a kind that there is hardware for. */
export const isLayer = (op: string): op is RecurrentOperator => Object.hasOwn(OPERATORS, op);

interface Surroundings {
  readonly graph: Graph;
  readonly reset: ImportOptions['reset'];
  readonly fail: Fail;
}

/** Where a layer begins: with the first frame, or with the last one. */
export type Direction = 'forward' | 'backward';

/** What the attribute `direction` may be. */
const DIRECTIONS: ReadonlyMap<string, readonly Direction[]> = new Map([
  ['forward', ['forward']],
  ['reverse', ['backward']],
  ['bidirectional', ['forward', 'backward']],
]);

/** What a node computes in a step. */
interface NodeCell extends Activations {
  readonly directions: readonly Direction[];
  readonly place: ResetPlace;
  /** Where it clips what its functions get. */
  readonly clip: Pick<FloatLayer, 'sumClip' | 'range'>;
}

/**
 * The cell of a node, and what has to be said of it. What of the operators the hardware has: either direction or both, standard
 * activations or a hard sigmoid, the same ones in both directions, whole sequences.
 * @throws UserError LSTM_UNSUPPORTED or GRU_RESET
 */
export function cellOf(
  { label }: Node,
  { cells }: Operator,
  attributes: Attributes,
  { graph, reset, fail }: Surroundings,
): NodeCell {
  const direction = attributes.string('direction') ?? 'forward';
  const directions = DIRECTIONS.get(direction);
  if (directions === undefined) {
    throw fail(`${label}.direction`, [...DIRECTIONS.keys()].join(' or '), direction);
  }
  const { cell, ...read } = activationsOf(label, cells, attributes, directions.length, fail);
  const { clip, clipNotes } = clipOf(label, cell, attributes, fail);
  const own = { ...read, directions, clip, notes: [...read.notes, ...clipNotes] };
  const inputForget = attributes.int('input_forget') ?? 0;
  if (inputForget !== 0 && inputForget !== 1)
    throw fail(`${label}.input_forget`, '0 or 1', `${inputForget}`);
  const layout = attributes.int('layout') ?? 0;
  if (layout !== 0 && layout !== 1) throw fail(`${label}.layout`, '0 or 1', `${layout}`);
  if (!isGru(cell)) return { cell, place: {}, ...own };
  const { place, notes } = resetOf(label, attributes, { graph, reset, fail });
  return { cell, place, ...own, notes: [...notes, ...own.notes] };
}

/**
 * `clip`: what goes into the functions is clamped to [-clip, clip], sums with their biases and peepholes. By the words of the
 * standard tanh(c) would be clipped too; ONNX Runtime does not, and is followed (uni_directional_lstm.cc, GateComputations).
 */
function clipOf(
  label: string,
  cell: RecurrentCell,
  attributes: Attributes,
  fail: Fail,
): Pick<NodeCell, 'clip'> & { readonly clipNotes: readonly string[] } {
  const clip = attributes.float('clip');
  if (clip === undefined) return { clip: {}, clipNotes: [] };
  // ONNX Runtime refuses zero in an LSTM, and takes less than zero in an RNN for none
  if (!(clip > 0 && Number.isFinite(clip))) {
    throw fail(`${label}.clip`, 'a threshold above zero, or none', `${clip}`);
  }
  if (cell === 'gru-relu') {
    const expected =
      'none beside Relu: a GRU with ReLU has no clip yet (train the network without)';
    throw fail(`${label}.clip`, expected, `${clip}`);
  }
  if (cell === 'rnn-relu') {
    const clipNotes = [`${label}: its h ends at ${clip} (clip)`];
    return { clip: { range: { low: 0, high: clip } }, clipNotes };
  }
  const note =
    cell === 'lstm'
      ? `${label}: the sums of its gates are clipped at ${clip} (clip); c is not, as in ONNX Runtime`
      : `${label}: its sums are clipped at ${clip} (clip)`;
  return { clip: { sumClip: clip }, clipNotes: [note] };
}

/**
 * Where the reset gate stands. The exporter of PyTorch that follows torch.export leaves `linear_before_reset` out, although
 * torch.nn.GRU has it (https://github.com/microsoft/onnxscript/issues/2852), so that its files are not taken at their word.
 */
function resetOf(
  label: string,
  attributes: Attributes,
  { graph: { file, producer }, reset, fail }: Surroundings,
): Pick<NodeCell, 'place' | 'notes'> {
  const field = `${label}.linear_before_reset`;
  const flag = attributes.int('linear_before_reset') ?? 0;
  if (flag === 1) return { place: {}, notes: [] };
  if (flag !== 0) throw fail(field, '0 or 1', `${flag}`);
  const torch = producer.toLowerCase() === 'pytorch';
  if (torch && reset === undefined) {
    const got =
      '0 in a file of PyTorch, whose exporter leaves 1 out although torch.nn.GRU has it (onnxscript #2852)';
    throw resetUnknown(file, field, got);
  }
  if (torch && reset === 'after') {
    const note = `${label}: the reset gate stands behind the product, as --reset after says; linear_before_reset of the file is 0, which its exporter writes wrongly`;
    return { place: {}, notes: [note] };
  }
  if (reset === 'after') {
    const expected = '--reset before or nothing: --reset after is for files of PyTorch alone';
    const got = '0, the reset before the product, and no file of PyTorch';
    throw fail(field, expected, got, 'GRU_RESET');
  }
  const said = torch ? ', as --reset before says' : '';
  return {
    place: RESET_BEFORE,
    notes: [`${resetNote(label)}${said}`],
  };
}
