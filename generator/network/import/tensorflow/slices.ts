import type { Builder } from './builder.js';

/** One of the largest integers, as the end of a slice that goes to the end. */
const TO_THE_END = 2 ** 31 - 1;

/** Axes that the bits of a mask can name. */
const MAX_AXES = 31;

/** What StridedSlice takes, as TensorFlow and TensorFlow Lite state it. */
export interface StridedSlice {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly masks: Readonly<Record<'begin' | 'end' | 'ellipsis' | 'newAxis' | 'shrink', number>>;
}

/**
 * Adds it as Slice, Squeeze and Unsqueeze; false where it is none of these.
 * https://www.tensorflow.org/api_docs/python/tf/strided_slice
 */
export function addStridedSlice(
  builder: Builder,
  of: string,
  input: string,
  output: string,
  { begin, end, strides, masks }: StridedSlice,
): boolean {
  const bit = (mask: keyof typeof masks, i: number) => (masks[mask] >> i) % 2 !== 0;
  if (end.length !== begin.length || strides.length !== begin.length) return false;
  if (begin.length > MAX_AXES) return false;
  if (masks.ellipsis !== 0 && masks.newAxis !== 0) return false;
  const [starts, ends, steps, axes] = [[], [], [], []] as number[][] as [
    number[],
    number[],
    number[],
    number[],
  ];
  const [dropped, added] = [[] as number[], [] as number[]];
  let [axis, kept] = [0, 0];
  for (const [i, first] of begin.entries()) {
    if (bit('ellipsis', i)) {
      // from here on axes are counted from the end
      axis = i + 1 - begin.length;
      continue;
    }
    if (bit('newAxis', i)) {
      added.push(kept++);
      continue;
    }
    const shrunk = bit('shrink', i);
    const step = shrunk ? 1 : (strides[i] as number);
    if (step === 0) return false;
    if (shrunk) dropped.push(axis);
    else kept++;
    const open = step > 0 ? TO_THE_END : -TO_THE_END;
    const start = bit('begin', i) && !shrunk ? (step > 0 ? 0 : TO_THE_END) : first;
    let stop = bit('end', i) ? open : (end[i] as number);
    if (shrunk) stop = first === -1 ? TO_THE_END : first + 1;
    if (start !== 0 || stop !== TO_THE_END || step !== 1) {
      starts.push(start);
      ends.push(stop);
      steps.push(step);
      axes.push(axis);
    }
    axis++;
  }
  const chain: [string, readonly (readonly number[])[]][] = [];
  if (axes.length > 0) chain.push(['Slice', [starts, ends, axes, steps]]);
  if (dropped.length > 0) chain.push(['Squeeze', [dropped]]);
  if (added.length > 0) chain.push(['Unsqueeze', [added]]);
  if (chain.length === 0) chain.push(['Identity', []]);
  let value = input;
  chain.forEach(([op, lists], i) => {
    const inputs = [value, ...lists.map((list) => builder.integers(of, list))];
    if (i < chain.length - 1) value = builder.part(of, op, inputs);
    else builder.node(of, op, inputs, [output]);
  });
  return true;
}

/** Adds Slice of TensorFlow: `size` elements from `begin` on each axis, -1 to the end. */
export function addSlice(
  builder: Builder,
  of: string,
  input: string,
  output: string,
  begin: readonly number[],
  size: readonly number[],
): boolean {
  if (begin.length !== size.length) return false;
  const axes = begin.map((_, axis) => axis);
  const ends = begin.map((first, i) => (size[i] === -1 ? TO_THE_END : first + (size[i] as number)));
  const lists = [begin, ends, axes].map((list) => builder.integers(of, list));
  builder.node(of, 'Slice', [input, ...lists], [output]);
  return true;
}
