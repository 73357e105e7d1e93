import { UserError } from '../../../base/errors.js';
import { type Affine, affineInput, affineOf } from './affine.js';
import { type Axes, are, areParts, axesOf, holds, type Lengths, type Part } from './axes.js';
import type { Constants } from './constants.js';
import type { Graph } from './graph.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import { LengthLists } from './lists.js';
import { mayMove, movedAxes } from './moves.js';
import type { Node } from './node.js';

/** Where the frames of the first layer come from. */
export interface Frames {
  /** The value that holds frames as they are given to the hardware. */
  readonly name: string;
  /** Its axes where that is an input of the graph, or null. */
  readonly axes: Axes | null;
  /** The axes of X, where they are known from those. */
  readonly read: Axes | null;
  /** Nodes between the input of the graph and the layer, all of which are taken. */
  readonly nodes: readonly Node[];
  /** What those nodes do to each feature, which goes into the layer. */
  readonly affine: Affine | null;
  /** The node that computes the frames, which is left out; null where they are an input of the graph. */
  readonly behind: Node | null;
}

/** Axes that inputs of the graph are tried with. */
const MAX_RANK = 5;

/**
 * Follows X of the first layer back to an input of the graph, through operators that move numbers or do the same to
 * each feature in every frame. Where there are others, X itself holds the frames.
 */
export function framesOf(lstm: LayerNode, graph: Graph, constants: Constants): Frames {
  const X = lstm.node.inputs[LAYER_INPUT.X] ?? '';
  const nodes: Node[] = [];
  let name = X;
  for (;;) {
    const producer = graph.producers.get(name);
    if (producer === undefined) break;
    const { node, output } = producer;
    const before = mayMove(node) ? node.inputs[0] : affineInput(node, constants);
    if (output !== 0 || !before || constants.has(before)) break;
    nodes.unshift(node);
    name = before;
  }
  const behind = (graph.producers.get(name) ?? graph.producers.get(X))?.node ?? null;
  const asItIs = { name: X, axes: null, read: null, nodes: [], affine: null, behind };
  if (!graph.inputs.has(name)) return asItIs;
  for (const axes of possibleAxes(name, lstm.layer.inputs, graph)) {
    const arrived = follow(name, axes, nodes, graph, constants);
    if (arrived === null || !isRead(arrived.axes, lstm)) continue;
    const read = arrived.axes;
    return { name, axes, read, nodes, affine: arrived.affine, behind: null };
  }
  return asItIs;
}

/** What the axes of X are; `rank`: how many a single frame has, where that is known. */
export function layoutOf(
  { layout, rank: own, loop }: LayerNode,
  rank?: number,
): readonly (readonly Part[])[] {
  if (loop !== undefined) return loop.x;
  if (layout === 'time first') return [['time'], ['batch'], ['feature']];
  if (layout === 'batch first') return [['batch'], ['time'], ['feature']];
  const axes = own ?? rank ?? 2;
  return Array.from({ length: axes }, (_, i) =>
    i === axes - 1 ? ['feature' as const] : i === axes - 2 ? ['batch' as const] : [],
  );
}

/** Whether a value of those axes is what the layer reads. */
export function isRead(axes: Axes, lstm: LayerNode): boolean {
  const { layout, rank, loop } = lstm;
  if (loop !== undefined) return areParts(axes, loop.x);
  if (layout === 'time first') return are(axes, 'time', 'batch', 'feature');
  if (layout === 'batch first') return are(axes, 'batch', 'time', 'feature');
  const fits = rank == null || rank === axes.axes.length;
  return fits && axes.lengths.time === 1 && holds(axes, -1, 'feature');
}

/** The axes of the input after all nodes, or null where they are not followed. */
function follow(
  name: string,
  from: Axes,
  nodes: readonly Node[],
  graph: Graph,
  constants: Constants,
): { readonly axes: Axes; readonly affine: Affine | null } | null {
  let [value, axes, affine] = [name, from as Axes | null, null as Affine | null];
  const lists = new LengthLists(graph, constants, (one) => (one === name ? from : undefined));
  try {
    for (const node of nodes) {
      if (axes === null) return null;
      if (mayMove(node)) axes = movedAxes(node, axes, graph, constants, lists);
      else {
        affine = affineOf(node, value, axes, affine, graph, constants);
        if (affine === null) return null;
      }
      value = node.outputs[0] ?? '';
    }
  } catch (error) {
    // these axes contradict a node: others may not
    if (error instanceof UserError && error.report.code === 'ONNX_INVALID') return null;
    throw error;
  }
  return axes && !axes.lastFrame ? { axes, affine } : null;
}

/** Every way to read the axes of a graph input as frames, the usual ones first. */
function* possibleAxes(name: string, inputs: number, { shapes }: Graph): Generator<Axes> {
  const shape = shapes.get(name);
  if (shape !== undefined && shape.length > MAX_RANK) return;
  for (const rank of shape === undefined ? [3, 2] : [shape.length]) {
    const lengths = shape ?? new Array<number | undefined>(rank).fill(undefined);
    for (const parts of arrangements(['time', 'batch', 'feature'], rank)) {
      const length = (part: Part) => {
        const axis = parts.indexOf(part);
        return axis < 0 ? 1 : lengths[axis];
      };
      const fits = parts.every((part, axis) => part !== null || lengths[axis] === 1);
      if (!fits || !parts.includes('feature') || (length('feature') ?? inputs) !== inputs) continue;
      const own: Lengths = {
        time: length('time'),
        batch: length('batch'),
        feature: inputs,
        layer: 1,
      };
      yield axesOf(
        parts.map((part) => (part === null ? [] : [part])),
        own,
      );
    }
  }
}

/** Those parts on `rank` axes in every order, as many of them as there is room for, null where an axis has none. */
function* arrangements(parts: readonly Part[], rank: number): Generator<(Part | null)[]> {
  if (rank === 0) {
    yield [];
    return;
  }
  for (const part of parts) {
    const others = parts.filter((other) => other !== part);
    for (const rest of arrangements(others, rank - 1)) yield [part, ...rest];
  }
  for (const rest of arrangements(parts, rank - 1)) yield [null, ...rest];
}
