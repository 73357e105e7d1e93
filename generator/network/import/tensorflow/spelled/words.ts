import type { LoweredNode } from '../lowered.js';
import { shapeOf } from './cell.js';
import type { Values } from './values.js';

const HARD = new Set([
  'Clip',
  'tf.Minimum',
  'tf.Maximum',
  'tf.ClipByValue',
  'tflite.MINIMUM',
  'tflite.MAXIMUM',
  'tflite.RELU_0_TO_1',
]);

/**
 * What a loop or chain of nodes is that is no LSTM of the hardware, by the words of the field; null where nothing of
 * it looks like a recurrent layer.
 */
export function wordsFor(
  nodes: readonly LoweredNode[],
  states: ReadonlySet<string>,
  values: Values,
): string | null {
  const has = (op: string) => nodes.some((node) => node.op === op);
  if (!has('MatMul') || !(has('Sigmoid') || has('Tanh') || has('Relu'))) return null;
  if (nodes.some(({ op }) => /\.(Select|SelectV2|Where|SELECT|SELECT_V2)$/.test(op))) {
    return 'a recurrent layer with sequence lengths or a mask (Select): frames of other utterances stand in between';
  }
  const words: string[] = [];
  const clipped = nodes.filter(({ op }) => HARD.has(op));
  const steps = nodes.flatMap((node) => shapeOf(node, values) ?? []);
  const hs = new Set(steps.map(({ h }) => values.plain(h)));
  if (nodes.some((node) => isPeephole(node, steps, states, values))) words.push('peephole');
  if (nodes.some((node) => node.op === 'MatMul' && hs.has(values.plain(node.inputs[0] ?? '')))) {
    words.push('projection');
  }
  if (steps.length > 0)
    return `LSTM${words.length > 0 ? ` with ${words.join(' and ')}` : ' with gates that read other values than x and h'}`;
  if (!has('Sigmoid') && clipped.length > 0 && has('Tanh')) {
    return `${has('Sub') ? 'GRU' : 'LSTM'} with hard sigmoid`;
  }
  if (!has('Sigmoid')) return 'RNN';
  if (has('Sub')) return words.length > 0 ? `LSTM with ${words.join(' and ')}` : 'GRU';
  if (clipped.length > 0) words.push('clip of the cell state');
  if (has('Relu')) words.push('ReLU in the cell');
  const what = [...new Set(nodes.map(({ op }) => op))].slice(0, 12).join(', ');
  return words.length > 0 ? `LSTM with ${words.join(' and ')}` : `a recurrent layer of ${what}`;
}

/** Whether a node weighs a cell state with constants: for a gate. */
function isPeephole(
  { op, inputs }: LoweredNode,
  steps: readonly { readonly c: string; readonly before: string }[],
  states: ReadonlySet<string>,
  values: Values,
): boolean {
  if (op !== 'Mul') return false;
  const known = steps.length > 0 ? new Set(steps.flatMap(({ c, before }) => [c, before])) : states;
  const read = inputs.map((name) => values.plain(name));
  const weights = inputs.filter((name) => (values.constant(name)?.data.length ?? 0) > 1);
  return weights.length === 1 && read.some((name) => known.has(name));
}
