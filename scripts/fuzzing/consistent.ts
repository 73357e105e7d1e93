import { cellOf, channelsIn, gatesIn } from '../../generator/network/cells/registry.js';
import {
  type FloatLayer,
  type FloatMatrix,
  type FloatModel,
  hiddenOf,
  sourcesOf,
} from '../../generator/network/float/model.js';
import { npzEntries } from '../../generator/network/formats/npz.js';
import { readSafetensors } from '../../generator/network/formats/safetensors.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { expandModel } from '../../generator/network/import/onnx/expand/expand.js';
import { decodeOnnx } from '../../generator/network/import/onnx/protobuf.js';
import { decodeGraph } from '../../generator/network/import/tensorflow/graph-def/messages.js';
import { readTflite } from '../../generator/network/import/tensorflow/tflite/schema.js';
import { readTorchNetwork } from '../../generator/network/import/torch-file/read.js';
import { kerasDatasets } from './keras.js';

/** What is wrong with an imported network by itself and against its file, or null. */
export function inconsistency(imported: Imported, bytes: Uint8Array): string | null {
  const { layers, output } = imported.model;
  if (layers.length === 0) return 'no layers';
  const checks = layers.flatMap((layer, l) => {
    const { cell, reset, inputs, cells, x, h, bias } = layer;
    return [
      (h === null) !== (cellOf(cell).operands === 1) ? `layer ${l} and its h` : null,
      isRead(imported.model, l, inputs) ? null : `layer ${l} has ${inputs} inputs`,
      isWay(imported.model, l, layer) ? null : `direction of layer ${l}`,
      numbers(x, gatesIn(cell) * cells * inputs),
      h && numbers(h, gatesIn(cell) * cells * hiddenOf(imported.model, l)),
      numbers(bias, (reset === 'before' ? gatesIn(cell) : channelsIn(cell)) * cells),
    ];
  });
  if (output !== null) {
    const { inputs, outputs, weights, bias } = output;
    checks.push(
      isRead(imported.model, layers.length, inputs) ? null : `an output layer on ${inputs} values`,
      numbers(weights, outputs * inputs),
      numbers(bias, outputs),
    );
  }
  checks.push(unaccounted(imported, bytes));
  return checks.find((wrong) => wrong !== null) ?? null;
}

/** Whether a layer, or the output layer behind all, reads layers before it in their order, and as many values as they have. */
function isRead(model: FloatModel, l: number, inputs: number): boolean {
  const from = sourcesOf(model, l);
  const ascending = from.every((one, i) => one < l && one > (from[i - 1] ?? -2));
  const widths = from.map((one) => model.layers[one < 0 ? 0 : one]?.[one < 0 ? 'inputs' : 'cells']);
  return ascending && widths.reduce<number>((sum, width) => sum + (width ?? 0), 0) === inputs;
}

/** Whether a layer that runs backward reads what a step before has written, and the layers of a loop have one direction. */
function isWay(
  { layers }: FloatModel,
  l: number,
  { direction, aligned, loop, h }: Pick<FloatLayer, 'direction' | 'aligned' | 'loop' | 'h'>,
): boolean {
  const inLoop = layers[l - 1]?.loop === 1;
  if (direction !== undefined && h === null && !inLoop) return false;
  if (aligned === false && direction === undefined) return false;
  const partner = loop === undefined ? undefined : layers[l + loop];
  return !partner || (partner.direction === direction && partner.aligned === aligned);
}

function numbers({ name, values }: FloatMatrix, length: number): string | null {
  if (length < 1 || values.length !== length)
    return `${name}: ${values.length} values for ${length}`;
  return values.every(Number.isFinite) ? null : `${name}: not finite`;
}

/** Every tensor and node of the file is either taken or left out. */
function unaccounted({ format, taken, leftOut }: Imported, bytes: Uint8Array): string | null {
  if (format === 'keras') {
    const left = leftOut.filter(({ kind }) => kind === 'tensor').map(({ name }) => name);
    const lost = kerasDatasets(bytes).find((path) => !taken.includes(path) && !left.includes(path));
    return lost === undefined ? null : `${lost} is not accounted for`;
  }
  if (format === 'json') {
    // forms name their parts each in its own way: sensitive.ts looks whether a number is ignored
    const names = [...taken, ...leftOut.map(({ name }) => name)];
    return new Set(names).size === names.length ? null : 'a part is accounted for twice';
  }
  if (format === 'tflite' || format === 'tensorflow') {
    const names = [...taken, ...leftOut.map(({ name }) => name)].sort();
    const parts = format === 'tflite' ? tfliteParts(bytes) : tensorflowParts(bytes);
    return names.join() === parts.sort().join() ? null : `${names.length} parts of ${parts.length}`;
  }
  const own =
    taken.length + leftOut.filter(({ kind }) => format === 'onnx' || kind === 'tensor').length;
  let all: number;
  if (format === 'safetensors') all = readSafetensors(bytes, 'f').tensors.size;
  else if (format === 'npz') all = npzEntries(bytes, 'f').length;
  else if (format === 'pytorch') all = readTorchNetwork(bytes, 'f').source.tensors.size;
  else {
    const expanded = expandModel(decodeOnnx(bytes, 'f'), { file: 'f', bytes: bytes.length });
    const { graph } = expanded.proto;
    if (!graph) return 'a model without a graph';
    all = graph.node.length + graph.initializer.length + graph.sparse_initializer.length;
    all += expanded.taken.length + expanded.leftOut.length;
  }
  return own === all ? null : `${own} tensors and nodes of ${all}`;
}

/** Operators of the network, and constants. */
function tfliteParts(bytes: Uint8Array): string[] {
  const [graph, ...others] = readTflite(bytes, 'f');
  const constants = graph?.tensors.filter(({ data }) => data !== null) ?? [];
  const parts = [...(graph?.operators ?? []), ...constants].map(({ name }) => name);
  return [...parts, ...others.map(({ name }, i) => `subgraph ${i + 1}${name && ` ${name}`}`)];
}

const tensorflowParts = (bytes: Uint8Array): string[] =>
  decodeGraph(bytes, 'f').node.map(({ name = '' }) => name);
