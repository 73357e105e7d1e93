import type { NetworkFormat, Part } from '../../format.js';
import type { Imported, LeftOut } from '../../imported.js';
import { badMap, type NameMap } from '../../map.js';
import { importLowered } from '../import-lowered.js';
import { lowerGraph } from './lower.js';
import { beginsAsGraph, beginsAsSavedModel, decodeGraph, type GraphDef } from './messages.js';
import { describe, lengthsOf } from './tensor.js';

export const tensorflowFormat: NetworkFormat = {
  what: 'TensorFlow (frozen graph)',
  recognise: ({ bytes }) => beginsAsGraph(bytes) || beginsAsSavedModel(bytes),
  read: ({ bytes, file }, map) => importTensorflow(bytes, file, map),
  contents: ({ bytes, file }) => contentsOf(decodeGraph(bytes, file)),
};

/**
 * Reads the LSTMs of a frozen graph of TensorFlow, whatever operators they are made of, and the fully connected layer
 * on the last h. @throws UserError TENSORFLOW_INVALID, TENSORFLOW_VARIABLES, LSTM_UNSUPPORTED, or as the ONNX importer
 */
function importTensorflow(bytes: Uint8Array, file: string, map: NameMap): Imported {
  const odd = [...map.keys()].find((canonical) => canonical !== 'fc' && canonical !== 'frames');
  if (odd !== undefined) throw badMap('fc=, fc=none or frames= for a TensorFlow file', odd, file);
  const graph = decodeGraph(bytes, file);
  const lowered = lowerGraph(graph, file, bytes.length);
  const source = { file, bytes: bytes.length, format: 'tensorflow' as const };
  return importLowered(lowered, { ...source, ...accountOf(graph) }, map);
}

/** The nodes of the graph, and which of them are constants that a node reads. */
function accountOf({ node: nodes }: GraphDef) {
  const parts = nodes.map(({ name = '', op = '', attr }): LeftOut => {
    const tensor = op === 'Const' ? attr.value?.tensor : null;
    if (tensor != null) return { name, kind: 'tensor', what: describe(tensor) };
    return { name, kind: 'node', what: op };
  });
  const byName = new Map(nodes.map((node) => [node.name ?? '', node]));
  const constant = new Map<string, boolean>();
  // in the order of the file most inputs are known before they are asked for
  const isConstant = (name: string, steps = 16): boolean => {
    const known = constant.get(name);
    if (known !== undefined) return known;
    const node = byName.get(name);
    if (node === undefined || steps === 0) return false;
    const inputs = node.input.filter((text) => !text.startsWith('^'));
    const made =
      node.op === 'Const' ||
      (node.op !== 'Placeholder' &&
        inputs.length > 0 &&
        inputs.every((text) => isConstant(text.replace(/:\d+$/, ''), steps - 1)));
    constant.set(name, made);
    return made;
  };
  const constantsOf = (name: string): readonly string[] =>
    (byName.get(name)?.input ?? [])
      .filter((text) => !text.startsWith('^'))
      .map((text) => text.replace(/:\d+$/, ''))
      .filter((input) => isConstant(input));
  return { parts, constantsOf };
}

/** Nodes that are no constants, and those constants that are matrices. */
function contentsOf({ node: nodes }: GraphDef): readonly Part[] {
  return nodes.flatMap(({ name = '', op = '', attr }): Part[] => {
    if (op !== 'Const') return op === 'Identity' ? [] : [{ name, what: op }];
    const tensor = attr.value?.tensor;
    const matrix = tensor != null && (lengthsOf(tensor.tensor_shape)?.length ?? 0) >= 2;
    return matrix ? [{ name, what: describe(tensor) }] : [];
  });
}
