import type { ReadBeside } from '../../../base/beside.js';
import type { FloatModel } from '../../float/model.js';
import { networkFunctions } from '../functions.js';
import type {
  FormatName,
  FramesValue,
  GraphOutput,
  Imported,
  ImportOptions,
  LeftOut,
} from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { type Answer, isState } from './answers.js';
import { type Axes, axesText } from './axes.js';
import { spelledCells } from './cell/spelled.js';
import { type Chain, chainOf } from './chain.js';
import { Constants } from './constants.js';
import { expandModel } from './expand/expand.js';
import type { Frames } from './frames.js';
import { type Graph, graphOf } from './graph.js';
import { LAYER_INPUT, type LayerNode, readLayer } from './layer-node.js';
import { isLayer } from './layer-operators.js';
import type { LayerStack } from './layer-stack.js';
import { loopLayers } from './loop/loops.js';
import type { ModelProto } from './messages.js';
import type { Node } from './node.js';
import { type FoundOutput, findOutput, isSame } from './output.js';
import type { Projections } from './projection.js';
import { decodeOnnx } from './protobuf.js';
import { layoutOf } from './read-axes.js';
import { recurrentNodes } from './recurrent.js';
import { type InitialState, InitialStates } from './state.js';
import { describeTensor } from './tensor.js';

/**
 * Reads a chain of LSTM, GRU and RNN nodes and of fully connected layers with their functions from an ONNX file. What else is
 * in the file is listed. `map` may say `lstm=NODE,NODE` for some of several layers, `fc=NODE`, or `fc=none` for no output
 * layer, and `frames=VALUE`; `graph` the branches that are taken.
 * @throws UserError with the node or tensor: ONNX_INVALID, ONNX_OPSET, ONNX_ATTRIBUTE, ONNX_EXTERNAL_DATA,
 * ONNX_NOT_CONSTANT, NOT_AN_LSTM, LSTM_UNSUPPORTED, GRU_RESET, LSTM_STATE, LSTM_CHAIN, LSTM_BETWEEN, BAD_GRAPH, OUTPUT_NOT_TAKEN,
 * OUTPUT_AMBIGUOUS, OUTPUT_BIAS, IMPORT_TOO_LARGE, TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE, BAD_MAP.
 */
export function importOnnx(
  bytes: Uint8Array,
  file: string,
  map: NameMap,
  { beside, graph, reset }: Pick<ImportOptions, 'beside' | 'graph' | 'reset'> = {},
): Imported {
  const odd = [...map.keys()].find((canonical) => !['fc', 'frames', 'lstm'].includes(canonical));
  if (odd !== undefined) throw badMap('lstm=, fc=, fc=none or frames= for an ONNX file', odd, file);
  const proto = decodeOnnx(bytes, file);
  return importGraph(
    proto,
    { file, bytes: bytes.length, beside, graph, reset, format: 'onnx' },
    map,
  );
}

/** Where a graph of ONNX operators comes from. */
export interface GraphSource {
  /** Its name in errors. */
  readonly file: string;
  /** Size of the file, which bounds what is computed from it. */
  readonly bytes: number;
  readonly beside?: ReadBeside | undefined;
  /** Branches that are taken, as `ImportOptions` has them. */
  readonly graph?: readonly string[] | undefined;
  /** Where the reset gate of GRU layers stands, as `ImportOptions` has it. */
  readonly reset?: ImportOptions['reset'];
  /** Projections of its LSTM layers, which ONNX has none of. */
  readonly projections?: Projections | undefined;
  readonly format: FormatName;
}

/** The same for a graph that is in memory: another format may be put into ONNX operators. @throws UserError likewise */
export function importGraph(model: ModelProto, source: GraphSource, map: NameMap): Imported {
  const { file } = source;
  const expanded = expandModel(model, source);
  const { proto } = expanded;
  const whole = graphOf(proto, file, source.beside);
  const constants = new Constants(whole, source.bytes);
  const loops = loopLayers({ graph: whole, constants, bytes: source.bytes, reset: source.reset });
  const said = map.get('frames');
  const isFrames = (name: string) => name === said;
  const { graph, layers: spelled, missed } = spelledCells(loops.graph, constants, isFrames);
  const wanted = { missed, loops: loops.missed, lstm: map.get('lstm') };
  const lstms = recurrentNodes(graph, proto, wanted).map(
    (node) =>
      loops.layers.get(node) ?? spelled.get(node) ?? readLayer(node, graph, constants, source),
  );
  const chain = chainOf(lstms, graph, constants, said);
  const frames = lstms[0]?.node.inputs[LAYER_INPUT.X] ?? '';
  const states = new InitialStates(graph, constants, frames);
  const output = findOutput(chain, graph, constants, map.get('fc'));
  const recurrent = recurrentOf(output.stack);
  const initial = recurrent.map((lstm) => states.read(lstm));
  const given = new Map(recurrent.map((lstm, i) => [lstm, initial[i]?.initial]));
  const layers = output.stack.layers.map(({ layer, recurrent }) => {
    const own = recurrent && given.get(recurrent);
    const second = recurrent?.backward !== undefined && layer.direction === 'backward';
    return own ? { ...layer, initial: own[second ? 1 : 0] } : layer;
  });
  const functions = functionsOf(output, file);
  const { taken, leftOut } = accountFor(whole, constants, initial, output);
  return {
    format: source.format,
    model: { layers, output: output.layer, ...functions },
    taken: [...expanded.taken, ...taken],
    leftOut: [...leftOut, ...expanded.leftOut],
    notes: [...notesOn(chain, initial, output), ...expanded.notes],
    frames: framesValue(chain, said, file),
    headLeftOut: output.headLeftOut,
    outputs: output.answers.map((answer) => graphOutput(answer, output.head)),
  };
}

/** The value with the frames; `said`: the one that the user names. @throws UserError BAD_MAP when that is another one */
function framesValue(chain: Chain, said: string | undefined, file: string): FramesValue {
  const { name, behind, axes: known } = chain.frames;
  if (said !== undefined && said !== name) throw badMap(`frames=${name}`, `frames=${said}`, file);
  const [first] = chain.reads.keys();
  const axes = known?.axes ?? (first ? layoutOf(first) : []);
  return {
    name,
    axes,
    behind: behind && `${behind.label} (${behind.op})`,
    said: said !== undefined,
  };
}

/** What gates and layers go through, where that is not sigmoid and tanh. @throws UserError LSTM_UNSUPPORTED */
function functionsOf({ stack }: FoundOutput, file: string): Pick<FloatModel, 'functions'> {
  const functions = networkFunctions(
    stack.layers.map(({ layer: { cell, x }, recurrent }) => ({
      name: recurrent?.node.label ?? x.name,
      cell,
      functions: recurrent?.functions,
    })),
    file,
  );
  return functions === undefined ? {} : { functions };
}

/** Recurrent nodes, one of two directions once. */
const recurrentOf = ({ layers }: LayerStack) => [
  ...new Set(layers.flatMap(({ recurrent }) => recurrent ?? [])),
];

/** What of the file became the model, and what did not. */
function accountFor(
  graph: Graph,
  constants: Constants,
  initial: readonly InitialState[],
  output: FoundOutput,
): Pick<Imported, 'taken' | 'leftOut'> {
  const moved = [...output.stack.between, ...output.nodes];
  const own = recurrentOf(output.stack).flatMap(({ node }) => node.parts ?? [node]);
  const used = [...moved, ...shapesBehind([...moved, ...own], graph), ...own];
  const made = used.flatMap(({ op, inputs, captured }) =>
    [...inputs, ...captured].filter((name, i) => {
      const state = isLayer(op) && (i === LAYER_INPUT.h || i === LAYER_INPUT.c);
      return constants.has(name) && !state;
    }),
  );
  const projected = recurrentOf(output.stack).flatMap(
    ({ projection }) => projection?.tensors ?? [],
  );
  const origin = constants.origin([...made, ...projected]);
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

/** The nodes that compute the shapes of reshapes and the steps of loops from those of other values. */
function shapesBehind(nodes: readonly Node[], { producers }: Graph): readonly Node[] {
  const names = new Set(
    nodes.flatMap(({ op, inputs }) => {
      if (op === 'Loop') return inputs[0] ?? [];
      return (op === 'Reshape' ? inputs[1] : []) ?? [];
    }),
  );
  const found = new Set<Node>();
  for (const name of names) {
    const node = producers.get(name)?.node;
    if (node === undefined) continue;
    found.add(node);
    if (node.op !== 'Shape') for (const input of node.inputs) names.add(input);
  }
  return [...found];
}

function operatorText({ op, attributes }: Node): string {
  const tensor = op === 'Constant' ? attributes.find(({ t }) => t)?.t : undefined;
  return tensor ? `${op} ${describeTensor(tensor)}` : op;
}

function notesOn(
  chain: Chain,
  initial: readonly InitialState[],
  output: FoundOutput,
): readonly string[] {
  const layers = recurrentOf(output.stack);
  const notes = [framesNote(chain.frames, [...chain.reads.keys()][0])];
  for (const { node, into } of output.stack.folded) {
    notes.push(`${node.label} (${node.op}) went into the weights of ${into}, which is exact`);
  }
  for (const { node, loop } of layers) {
    const own = loop && node.parts?.[0];
    if (own)
      notes.push(`${node.label} is ${own.op} over the frames: its body is one step of the layer`);
  }
  notes.push(...layers.flatMap((layer) => layer.notes ?? []));
  for (const { node, layer, projection } of layers) {
    if (projection === undefined) continue;
    const sizes = `${layer.cells} cells are projected to ${projection.layer.cells} values`;
    notes.push(
      `${node.label}: ${sizes} by ${projection.layer.x.name}, a layer of its own in hardware`,
    );
  }
  notes.push(...initial.flatMap((state) => state.notes));
  if (output.head === null) {
    notes.push(`the outputs are h of ${chain.top.label}: no fully connected layer is taken`);
  }
  return [...notes, ...output.notes];
}

/** `lstm`: the first recurrent layer, where there is one. */
function framesNote({ name, axes, behind }: Frames, lstm: LayerNode | undefined): string {
  if (lstm === undefined) {
    const rows = `graph input ${name} ${axes ? axesText(axes) : ''}`;
    return `frames are the rows of ${rows}: without recurrent layers each is one by itself`;
  }
  const { node } = lstm;
  if (behind === null && axes !== null) return `frames are graph input ${name} ${axesText(axes)}`;
  const words = { time: 'frames', batch: 'batch', feature: 'inputs', layer: 'layers' };
  const order = layoutOf(lstm).map(([part]) => (part ? words[part] : '1'));
  const from = behind === null ? 'an input of the graph' : `behind ${behind.label} (${behind.op})`;
  return (
    `frames are not the input of the network: they are ${name}, ${from}, which ${node.label} reads as [${order.join(', ')}]` +
    '; what is before it is left out, so record that value and give it as frames'
  );
}

/** What the importer says about an output of the graph, for programs. */
function graphOutput(answer: Answer, head: FoundOutput['head']): GraphOutput {
  const { name, is } = answer;
  if (head === null ? is === 'h' : isSame(answer, head)) {
    const final = is === 'sums' ? (answer.sums.final?.op ?? null) : null;
    const value = is === 'sums' ? answer.sums : is === 'h' || is === 'dense' ? answer.h : null;
    if (value !== null) return { name, is: 'outputs', ...axesGiven(value.axes), final };
  }
  if (is === 'states' || is === 'independent') return { name, is };
  return { name, is: is === 'h' && isState(answer.h.axes) ? 'states' : 'left out' };
}

const axesGiven = ({ axes, lastFrame }: Axes) => ({ axes, lastFrame });
