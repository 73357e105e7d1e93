import { type Axes, axesOf, holds, type Lengths } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { LSTM_INPUT, type LstmNode } from './lstm-node.js';
import { mayMove, movedAxes } from './moves.js';
import type { Node } from './node.js';

/** The layers in their order, each with the nodes that lead to it from the layer below. */
export interface Chain {
  readonly layers: readonly LstmNode[];
  readonly between: readonly Node[];
  /** Lengths of the parts of what the last layer gives. */
  readonly lengths: Lengths;
}

/** Outputs of the operator LSTM. */
const [Y, Y_C] = [0, 2];

/** The axes of Y [frames, 1, batch, cells] (or batch first), or of Y_h, the h of the last frame. */
export function outputAxes({ layout }: LstmNode, output: number, lengths: Lengths): Axes {
  const early = layout === 'time first';
  if (output === Y) {
    const axes = early
      ? [['time'], [], ['batch'], ['feature']]
      : [['batch'], ['time'], [], ['feature']];
    return axesOf(axes as Axes['axes'], lengths);
  }
  const axes = early ? [[], ['batch'], ['feature']] : [['batch'], [], ['feature']];
  return axesOf(axes as Axes['axes'], lengths, true);
}

/**
 * Puts the LSTM nodes into one chain: each reads h of the one below, through operators that only move numbers.
 * @throws UserError LSTM_CHAIN when they are not in one chain, LSTM_BETWEEN naming an operator between two of them
 * that may change values.
 */
export function chainOf(lstms: readonly LstmNode[], graph: Graph, constants: Constants): Chain {
  const { file } = graph;
  const behind = new Map<LstmNode, LstmNode>();
  const byNode = new Map(lstms.map((lstm) => [lstm.node, lstm]));
  const between: Node[] = [];
  let first: LstmNode | undefined;
  let last = lstms[0] as LstmNode;
  let lengths: Lengths = { time: undefined, batch: undefined, feature: undefined };
  // the file is in the order of execution, so a layer comes after the layer below
  for (const lstm of lstms) {
    const frames = lstm.node.inputs[LSTM_INPUT.X] ?? '';
    if (frames === '' || constants.has(frames)) {
      const got = frames === '' ? 'none' : `${frames}, a constant`;
      throw onnxError(file, 'LSTM_CHAIN', `${lstm.node.label}.X`, 'frames', got);
    }
    const input = wayBack(frames, graph);
    const below = input.source && byNode.get(input.source.node);
    if (below === undefined) {
      if (first !== undefined) throw notChained(first, lstm, input.stop, graph, byNode);
      first = lstm;
      lengths = inputLengths(lstm, graph);
    } else {
      if (behind.has(below)) {
        const both = `${behind.get(below)?.node.label} and ${lstm.node.label}`;
        throw onnxError(file, 'LSTM_CHAIN', below.node.label, 'one LSTM that reads it', both);
      }
      behind.set(below, lstm);
      const output = input.source?.output ?? 0;
      if (output === Y_C) {
        throw onnxError(
          file,
          'LSTM_CHAIN',
          lstm.node.label,
          'h of the LSTM below',
          'its cell state',
        );
      }
      let axes = outputAxes(below, output, { ...lengths, feature: below.layer.cells });
      for (const node of input.path) {
        const moved = movedAxes(node, axes, graph, constants);
        if (moved === null) throw changes(node, below, lstm, file);
        axes = moved;
      }
      checkInput(axes, below, lstm, file);
      between.push(...input.path);
    }
    last = lstm;
  }
  return { layers: lstms, between, lengths: { ...lengths, feature: last.layer.cells } };
}

/** The nodes that only move numbers on the way to a value, in order, and what is before them. */
function wayBack(name: string, graph: Graph) {
  const path: Node[] = [];
  let at = name;
  for (;;) {
    const producer = graph.producers.get(at);
    if (producer?.node.op === 'LSTM') return { path: path.reverse(), source: producer };
    if (producer === undefined || !mayMove(producer.node) || producer.output !== 0) {
      return { path: path.reverse(), stop: producer?.node };
    }
    path.push(producer.node);
    at = producer.node.inputs[0] ?? '';
  }
}

/** Lengths of time and batch where the file states the shape of X. */
function inputLengths({ node, layout, layer }: LstmNode, { shapes, file }: Graph): Lengths {
  const name = node.inputs[LSTM_INPUT.X] ?? '';
  const shape = shapes.get(name);
  if (shape === undefined) return { time: undefined, batch: undefined, feature: layer.inputs };
  const inputs = shape[2] ?? layer.inputs;
  if (shape.length !== 3 || inputs !== layer.inputs) {
    const got = `[${shape.map((n) => n ?? '?').join(', ')}]`;
    const expected = `three axes, the last of length ${layer.inputs}`;
    throw onnxError(file, 'TENSOR_SHAPE', `${node.label}.X (${name})`, expected, got);
  }
  const [time, batch] = layout === 'time first' ? [shape[0], shape[1]] : [shape[1], shape[0]];
  return { time, batch, feature: layer.inputs };
}

function checkInput(axes: Axes, below: LstmNode, lstm: LstmNode, file: string): void {
  const { label } = lstm.node;
  if (lstm.layer.inputs !== below.layer.cells) {
    const expected = `${below.layer.cells} inputs, the cells of ${below.node.label}`;
    throw onnxError(file, 'TENSOR_SHAPE', `${label}.W`, expected, `${lstm.layer.inputs}`);
  }
  const [time, batch] = lstm.layout === 'time first' ? [0, 1] : [1, 0];
  const fits =
    holds(axes, time, 'time') && holds(axes, batch, 'batch') && holds(axes, 2, 'feature');
  if (fits && axes.axes.length === 3) return;
  const expected = `every frame of ${below.node.label} in its order, cells on the last axis`;
  const got = 'other axes, or a file that does not say enough to be sure';
  throw onnxError(file, 'LSTM_CHAIN', `${label}.X`, expected, got);
}

function changes(node: Node, below: LstmNode, lstm: LstmNode, file: string): Error {
  const where = `between ${below.node.label} and ${lstm.node.label}`;
  const got = `${node.op}, which changes values, or axes in a way that the file does not settle`;
  return onnxError(file, 'LSTM_BETWEEN', node.label, `nothing that computes ${where}`, got);
}

/** The error for a second layer that reads no h of another. */
function notChained(
  first: LstmNode,
  lstm: LstmNode,
  stop: Node | undefined,
  graph: Graph,
  byNode: ReadonlyMap<Node, LstmNode>,
): Error {
  const names = new Set(stop?.inputs ?? []);
  for (const name of names) {
    const node = graph.producers.get(name)?.node;
    const below = node && byNode.get(node);
    if (below !== undefined) return changes(stop as Node, below, lstm, graph.file);
    for (const input of node?.inputs ?? []) names.add(input);
  }
  const expected = `LSTMs in one chain: h of ${first.node.label} or of one above it`;
  const got = stop === undefined ? 'another input' : `the output of ${stop.label} (${stop.op})`;
  return onnxError(graph.file, 'LSTM_CHAIN', `${lstm.node.label}.X`, expected, got);
}
