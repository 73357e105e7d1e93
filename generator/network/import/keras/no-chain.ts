import { kerasError } from './errors.js';
import { kindOf } from './kinds.js';
import type { KerasLayer } from './layer.js';

/** What to do where a layer stands in the way that other formats have no trouble with. */
export function asGraph(layer: Pick<KerasLayer, 'className'> | undefined): string {
  if (layer?.className !== 'Concatenate') return '';
  return '; in a TensorFlow Lite or ONNX file of the network layers may stand side by side';
}

/** Layers that are no way through a network; `merge`: a layer of several inputs between or beside them. */
export function noChain(
  chosen: readonly KerasLayer[],
  merge: KerasLayer | undefined,
  file: string,
): Error {
  const names = chosen.map(({ name }) => name).join(', ');
  const got =
    merge === undefined
      ? `branches: ${names}`
      : `${names}, with ${merge.name} (${merge.className}) between or beside them`;
  const [kind, some] = chosen.some((layer) => kindOf(layer) === 'layer')
    ? ['recurrent', '--map lstm=NAME, or NAME,NAME, takes some of them']
    : ['dense', '--map fc=NAME takes those up to this one'];
  const expected = `${kind} layers in a row, each of which reads the one before (${some}${asGraph(merge)})`;
  return kerasError(file, 'LSTM_AMBIGUOUS', `${kind} layers`, expected, got);
}
