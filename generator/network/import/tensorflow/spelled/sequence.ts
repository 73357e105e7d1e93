import type { Values } from './values.js';

/** The value [frames, batch, inputs] of which x is the frame of this run; null where it is none. */
export function sequenceOf(x: string, counts: ReadonlySet<string>, values: Values): string | null {
  const node = values.node(x);
  const [first = '', second = '', third = ''] = node?.inputs ?? [];
  const counted = (name: string) => counts.has(values.plain(name));
  switch (node?.op) {
    case 'tf.TensorArrayReadV3': {
      const scatter = values.node(third);
      if (scatter?.op !== 'tf.TensorArrayScatterV3' || !counted(second)) return null;
      return isRange(scatter.inputs[1] ?? '', values) ? (scatter.inputs[2] ?? null) : null;
    }
    case 'tf.TensorListGetItem': {
      const list = values.node(first);
      return list?.op === 'tf.TensorListFromTensor' && counted(second)
        ? (list.inputs[0] ?? null)
        : null;
    }
    case 'Gather':
      return (node.attributes.axis ?? 0) === 0 && counted(second) ? values.plain(first) : null;
    default:
      return null;
  }
}

/** How many frames an array has that x is read from: TensorFlow holds that against its indices; null where unknown. */
export function scattered(x: string, values: Values): number | null {
  const scatter = values.node(values.node(x)?.inputs[2] ?? '');
  const indices = scatter?.op === 'tf.TensorArrayScatterV3' ? (scatter.inputs[1] ?? '') : '';
  const constant = values.constant(indices);
  if (constant !== null) return constant.data.length;
  const range = values.node(indices);
  return range?.op === 'tf.Range' ? values.number(range.inputs[1] ?? '') : null;
}

/** Whether a value is the numbers 0, 1, 2 ... */
export function isRange(name: string, values: Values): boolean {
  const constant = values.constant(name);
  if (constant !== null) return constant.data.every((value, i) => value === i);
  const node = values.node(name);
  const [start = '', , delta = ''] = node?.inputs ?? [];
  return node?.op === 'tf.Range' && values.number(start) === 0 && values.number(delta) === 1;
}
