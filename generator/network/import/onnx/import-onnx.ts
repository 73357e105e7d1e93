import type { Imported, LeftOut } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { type Chain, chainOf } from './chain.js';
import { Constants } from './constants.js';
import { type Graph, graphOf } from './graph.js';
import { LSTM_INPUT, type LstmNode, readLstm } from './lstm-node.js';
import type { Node } from './node.js';
import { type FoundOutput, findOutput } from './output-search.js';
import { decodeOnnx } from './protobuf.js';
import { lstmNodes } from './recurrent.js';
import { type InitialState, InitialStates } from './state.js';
import { describeTensor } from './tensor.js';

/**
 * Reads a chain of LSTM nodes and the fully connected layer on its last h from an ONNX file. What else is in the
 * file is listed. `map` may say `fc=NODE`, or `fc=none` for no output layer.
 * @throws UserError with the node or tensor: ONNX_INVALID, ONNX_OPSET, ONNX_ATTRIBUTE, ONNX_EXTERNAL_DATA,
 * ONNX_NOT_CONSTANT, NOT_AN_LSTM, LSTM_UNSUPPORTED, LSTM_STATE, LSTM_CHAIN, LSTM_BETWEEN, OUTPUT_AMBIGUOUS,
 * OUTPUT_BIAS, IMPORT_TOO_LARGE, TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE, BAD_MAP.
 */
export function importOnnx(bytes: Uint8Array, file: string, map: NameMap): Imported {
  const odd = [...map.keys()].find((canonical) => canonical !== 'fc');
  if (odd !== undefined) throw badMap('fc=NODE or fc=none for an ONNX file', odd, file);
  const proto = decodeOnnx(bytes, file);
  const graph = graphOf(proto, file);
  const constants = new Constants(graph, bytes.length);
  const lstms = lstmNodes(graph, proto).map((node) => readLstm(node, graph, constants));
  const chain = chainOf(lstms, graph, constants);
  const frames = chain.layers[0]?.node.inputs[LSTM_INPUT.X] ?? '';
  const states = new InitialStates(graph, constants, frames);
  const initial = lstms.map((lstm) => states.read(lstm));
  const fc = map.get('fc');
  const output = fc === 'none' ? null : findOutput(chain, graph, constants, fc);
  const layers = lstms.map(({ layer }) => layer);
  return {
    format: 'onnx',
    model: { layers, output: output?.layer ?? null },
    ...accountFor(graph, constants, chain, initial, output),
    notes: notesOn(graph, chain, initial, output),
  };
}

/** What of the file became the model, and what did not. */
function accountFor(
  graph: Graph,
  constants: Constants,
  { layers, between }: Chain,
  initial: readonly InitialState[],
  output: FoundOutput | null,
): Pick<Imported, 'taken' | 'leftOut'> {
  const used = [...layers.map(({ node }) => node), ...between, ...(output?.nodes ?? [])];
  const made = used.flatMap(({ op, inputs }) =>
    inputs.filter((name, i) => {
      const state = op === 'LSTM' && (i === LSTM_INPUT.h || i === LSTM_INPUT.c);
      return constants.has(name) && !state;
    }),
  );
  const origin = constants.origin(made);
  const nodes = new Set([...used, ...origin.nodes, ...initial.flatMap((state) => state.nodes)]);
  const tensors = new Set([...origin.tensors, ...initial.flatMap((state) => state.tensors)]);
  const taken = graph.nodes.filter((node) => nodes.has(node)).map(({ label }) => label);
  const leftOut: LeftOut[] = graph.nodes
    .filter((node) => !nodes.has(node))
    .map((node) => ({ name: node.label, kind: 'node', what: operatorText(node) }));
  for (const [name, tensor] of graph.initializers) {
    if (tensors.has(name)) taken.push(name);
    else leftOut.push({ name, kind: 'tensor', what: describeTensor(tensor) });
  }
  for (const name of graph.sparse) leftOut.push({ name, kind: 'tensor', what: 'sparse tensor' });
  return { taken, leftOut };
}

function operatorText({ op, attributes }: Node): string {
  const tensor = op === 'Constant' ? attributes.find(({ t }) => t)?.t : undefined;
  return tensor ? `${op} ${describeTensor(tensor)}` : op;
}

function notesOn(
  graph: Graph,
  { layers }: Chain,
  initial: readonly InitialState[],
  output: FoundOutput | null,
): readonly string[] {
  const [first, last] = [layers[0], layers.at(-1)] as [LstmNode, LstmNode];
  const frames = first.node.inputs[LSTM_INPUT.X] ?? '';
  const source = graph.producers.get(frames)?.node;
  const notes: string[] = [];
  if (source !== undefined) {
    notes.push(
      `${first.node.label} reads ${frames}, the output of ${source.label}: that is a frame`,
    );
  }
  notes.push(...initial.flatMap((state) => state.notes));
  if (output === null) {
    notes.push(`the outputs are h of ${last.node.label}: no fully connected layer is taken`);
  } else if (output.lastFrame) {
    notes.push(
      'the file computes its outputs for the last frame only, the hardware for every frame',
    );
  }
  return notes;
}
