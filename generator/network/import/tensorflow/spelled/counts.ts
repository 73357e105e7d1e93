import type { LoopVariable, LoweredLoop } from '../lowered.js';
import type { Values } from './values.js';

/** The number of frames of the sequence, where the graph computes it from its shape. */
export type Count = number | 'frames';

const DEEPEST = 16;

/** Operators whose result has the lengths of their first input. */
const KEEPS_LENGTHS = /^(Relu|Sigmoid|Tanh|Neg|Cast|(tf|tflite)\.(ReverseV2|REVERSE_V2))$/;

/** Variables of a loop that count its runs from zero on, by their name in the body. */
export function counters({ variables }: LoweredLoop, values: Values): ReadonlySet<string> {
  const counts = ({ start, before, after }: LoopVariable): boolean => {
    const step = values.node(after);
    if (step?.op !== 'Add' || values.number(start) !== 0) return false;
    const [a = '', b = ''] = step.inputs;
    const next = values.plain(a) === before ? b : values.plain(b) === before ? a : '';
    return values.number(next) === 1;
  };
  return new Set(variables.filter(counts).map(({ before }) => before));
}

/** How often a loop runs whose condition holds counters against bounds; null where that is not known. */
export function runsOf(
  loop: LoweredLoop,
  sequence: string,
  own: ReadonlySet<string>,
  values: Values,
): Count | null {
  const bounds: (Count | null)[] = [];
  const open = [loop.condition];
  for (const name of open) {
    const node = values.node(name);
    const [a = '', b = ''] = node?.inputs ?? [];
    if (node?.op === 'And') open.push(a, b);
    else if (node?.op === 'Less' && own.has(values.plain(a))) {
      bounds.push(countOf(b, sequence, values));
    } else return null;
    if (open.length > DEEPEST) return null;
  }
  const [first = null] = bounds;
  return bounds.every((bound) => bound === first) ? first : null;
}

/** A number of frames. */
function countOf(name: string, sequence: string, values: Values, deepest = DEEPEST): Count | null {
  const known = values.number(name);
  if (known !== null || deepest === 0) return known;
  const node = values.node(name);
  const [a = '', b = ''] = node?.inputs ?? [];
  const inner = (input: string) => countOf(input, sequence, values, deepest - 1);
  switch (node?.op) {
    case 'tf.Minimum': {
      const [p, q] = [inner(a), inner(b)];
      if (typeof p === 'number' && typeof q === 'number') return Math.min(p, q);
      return p === q ? p : null;
    }
    case 'tf.Maximum': {
      const [p, q] = [inner(a), inner(b)];
      if (typeof p === 'number' && typeof q === 'number') return Math.max(p, q);
      // there is one frame at least
      if (p === 1 && q === 'frames') return q;
      return q === 1 && p === 'frames' ? p : null;
    }
    case 'tf.Max':
      // the largest of a single number, as Keras 3 writes it
      return values.number(a);
    case 'Squeeze':
      return isFirstLength(a, sequence, values) ? 'frames' : null;
    default:
      return null;
  }
}

/** Whether a value is the first length of the sequence. */
function isFirstLength(name: string, sequence: string, values: Values): boolean {
  const slice = values.node(name);
  if (slice?.op !== 'Slice') return false;
  const [shape = '', ...lists] = slice.inputs;
  const [start, end, axis, step] = lists.map((list) => values.number(list));
  if (start !== 0 || end !== 1 || axis !== 0 || step !== 1) return false;
  const own = values.node(shape);
  return own?.op === 'Shape' && values.plain(own.inputs[0] ?? '') === values.plain(sequence);
}

/** The first length of a value where the file states it; null where it leaves that open. */
export function firstLength(
  name: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  values: Values,
): number | null {
  return lengthsOf(name, shapes, values, DEEPEST)?.[0] ?? null;
}

function lengthsOf(
  name: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  values: Values,
  deepest: number,
): readonly (number | null)[] | null {
  const stated = shapes.get(values.plain(name)) ?? shapes.get(name);
  if (stated !== undefined) return stated.map((length) => (length < 0 ? null : length));
  const node = values.node(name);
  if (node === null || deepest === 0) return null;
  const [input = '', list = ''] = node.inputs;
  const { perm } = node.attributes;
  if (node.op === 'Transpose' && Array.isArray(perm)) {
    const lengths = lengthsOf(input, shapes, values, deepest - 1);
    return lengths && perm.map((axis: number) => lengths[axis] ?? null);
  }
  if (KEEPS_LENGTHS.test(node.op)) return lengthsOf(input, shapes, values, deepest - 1);
  if (node.op === 'Reshape') {
    const lengths = values.constant(list)?.data;
    return lengths ? [...lengths].map((length) => (length < 0 ? null : length)) : null;
  }
  return null;
}
