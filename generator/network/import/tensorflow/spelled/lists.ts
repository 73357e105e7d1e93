import type { LoopVariable } from '../lowered.js';
import { type Cell, valuesOf } from './cells.js';
import { pairs } from './match.js';
import type { Values } from './values.js';

/** A variable of a loop into which h of a layer is written in every run. */
export interface Written {
  /** Number of the layer. */
  readonly layer: number;
  /** Each run writes an element of its own, or all of them the only one, which is of the last frame then. */
  readonly which: 'every' | 'last';
  /** What it is behind the loop: a list, which another operator stacks, or a tensor [elements, batch, values]. */
  readonly as: 'list' | 'tensor';
}

type Variable = Pick<LoopVariable, 'start' | 'before' | 'after'>;

const LISTS = /^tf\.(TensorArrayWriteV3|TensorListSetItem)$/;

/** How a variable gets h of a layer; null where it gets anything else. `frames`: how often the loop runs, null if unknown. */
export function writtenTo(
  variable: Variable,
  cells: readonly Cell[],
  counts: ReadonlySet<string>,
  frames: number | null,
  values: Values,
): Written | null {
  return (
    writtenToList(variable, cells, counts, values) ??
    writtenToTensor(variable, cells, counts, frames, values)
  );
}

/** TensorFlow writes elements of lists. */
function writtenToList(
  { start, before, after }: Variable,
  cells: readonly Cell[],
  counts: ReadonlySet<string>,
  values: Values,
): Written | null {
  const write = values.node(after);
  if (write === null || !LISTS.test(write.op)) return null;
  const [list = '', index = '', item = '', flow = ''] = write.inputs;
  const layer = layerOf(item, cells, values);
  const own = values.plain(write.op === 'tf.TensorListSetItem' ? list : flow) === before;
  if (layer < 0 || !own) return null;
  if (counts.has(values.plain(index))) return { layer, which: 'every', as: 'list' };
  const [reserve, array] = [values.node(start), values.node(list)];
  const elements =
    reserve?.op === 'tf.TensorListReserve'
      ? reserve.inputs[1]
      : array?.op === 'tf.TensorArrayV3'
        ? array.inputs[0]
        : undefined;
  const only = values.number(index) === 0 && values.number(elements ?? '') === 1;
  return only ? { layer, which: 'last', as: 'list' } : null;
}

/**
 * TensorFlow Lite has a tensor [elements, batch, values] in the place of a list: each run puts the elements before its own,
 * h, and those behind it together; of a list with one element h is all that there is.
 */
function writtenToTensor(
  { start, before, after }: Variable,
  cells: readonly Cell[],
  counts: ReadonlySet<string>,
  frames: number | null,
  values: Values,
): Written | null {
  const only = elementOf(after, cells, values);
  if (only >= 0) return { layer: only, which: 'last', as: 'tensor' };
  const whole = values.node(after);
  if (whole?.op !== 'Concat' || whole.attributes.axis !== 0) return null;
  const [ahead, item, behind, ...more] = whole.inputs.map((input) => values.node(input));
  const layer = elementOf(whole.inputs[1] ?? '', cells, values);
  const parts = [ahead, behind].map((node) =>
    node?.op === 'tflite.SLICE' && values.plain(node.inputs[0] ?? '') === before ? node : null,
  );
  const [first, last] = parts;
  if (layer < 0 || !item || more.length > 0 || !first || !last) return null;
  const counted = (name: string) => counts.has(values.plain(name));
  const next = (name: string) =>
    pairs(values.node(name), 'Add').some(([a, b]) => counted(a) && values.number(b) === 1);
  // the elements from 0 to the number of this run, and those from the next number to the end
  const fits =
    all(first.inputs[1], 0, values) &&
    begins(first.inputs[2], counted, -1, values) &&
    begins(last.inputs[1], next, 0, values) &&
    all(last.inputs[2], -1, values);
  // elements that no run writes would stay what they were
  const elements = values.constant(start)?.shape[0];
  return fits && frames !== null && elements === frames
    ? { layer, which: 'every', as: 'tensor' }
    : null;
}

/** The layer whose h a value is, under an axis of one element more; -1 for another value. */
function elementOf(name: string, cells: readonly Cell[], values: Values): number {
  const node = values.node(name);
  if (node?.op !== 'Reshape') return -1;
  const lengths = values.constant(node.inputs[1] ?? '')?.data ?? [];
  const layer = layerOf(node.inputs[0] ?? '', cells, values);
  const cell = cells[layer];
  if (cell === undefined) return -1;
  return lengths.length === 3 && lengths[0] === 1 && lengths[2] === valuesOf(cell) ? layer : -1;
}

const layerOf = (name: string, cells: readonly Cell[], values: Values): number =>
  cells.findIndex(({ h }) => values.plain(h) === values.plain(name));

/** Whether a list is of that number alone. */
function all(name: string | undefined, number: number, values: Values): boolean {
  return values.constant(name ?? '')?.data.every((one) => one === number) ?? false;
}

/** Whether a list is a value that `first` knows, and then that number alone. */
function begins(
  name: string | undefined,
  first: (name: string) => boolean,
  number: number,
  values: Values,
): boolean {
  const node = values.node(name ?? '');
  if (node?.op !== 'Concat') return false;
  const [head = '', ...others] = node.inputs;
  const reshaped = values.node(head);
  const one = reshaped?.op === 'Reshape' ? (reshaped.inputs[0] ?? '') : head;
  return first(one) && others.length > 0 && others.every((other) => all(other, number, values));
}
