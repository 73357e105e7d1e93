import { affineInput } from './affine.js';
import type { Axes } from './axes.js';
import type { Constants } from './constants.js';
import { arrivals, pathTo } from './front.js';
import type { Graph } from './graph.js';
import { LAYER_INPUT, type LayerNode } from './layer-node.js';
import type { FramesSource, Meaning, Signal } from './meaning.js';
import { mayMove } from './moves.js';
import type { Node } from './node.js';
import { isRead } from './read-axes.js';

/** Where the frames of the first layer come from. */
export interface Frames {
  /** The value that holds frames as they are given to the hardware. */
  readonly name: string;
  readonly source: FramesSource;
  /** Its axes where that is an input of the graph, or null. */
  readonly axes: Axes | null;
  /** What the first recurrent layer reads, where that is known from those. */
  readonly read: Signal | null;
  /** What the values are that depend on fully connected layers below the first recurrent one. */
  readonly front: ReadonlyMap<string, Meaning>;
  /** The node that computes the frames, which is left out; null where they are an input of the graph. */
  readonly behind: Node | null;
}

export const sourceAt = (name: string): FramesSource => ({
  kind: 'frames',
  label: `frames ${name}`,
});

/**
 * Follows X of the first recurrent layer back to an input of the graph, through operators that move numbers or do the same to
 * each feature in every frame, and fully connected layers. Where there are others, X itself holds the frames. `said`: the
 * value that the user names.
 */
export function framesOf(
  lstm: LayerNode,
  graph: Graph,
  constants: Constants,
  said: string | undefined,
): Frames {
  const X = lstm.node.inputs[LAYER_INPUT.X] ?? '';
  const path = pathTo(X, graph, constants, said);
  const source = sourceAt(path.from);
  if (graph.inputs.has(path.from)) {
    for (const { axes, end, meanings } of arrivals(
      path,
      lstm.layer.inputs,
      source,
      graph,
      constants,
    )) {
      if (end === null || end.axes.lastFrame || !isRead(end.axes, lstm)) continue;
      const front = new Map([...meanings].filter(([, meaning]) => isBehindProduct(meaning)));
      return { name: path.from, source, axes, read: end, front, behind: null };
    }
  }
  const behind = computedBy(X, graph, constants);
  return { name: X, source: sourceAt(X), axes: null, read: null, front: new Map(), behind };
}

const isBehindProduct = (meaning: Meaning): boolean =>
  meaning.kind !== 'h' || meaning.from.kind !== 'frames';

/** The node that computes frames, before those that only move or scale them. */
function computedBy(X: string, graph: Graph, constants: Constants): Node | null {
  let name = X;
  for (;;) {
    const producer = graph.producers.get(name);
    if (producer === undefined) break;
    const { node, output } = producer;
    const before = mayMove(node) ? node.inputs[0] : affineInput(node, constants);
    if (output !== 0 || !before || constants.has(before)) break;
    name = before;
  }
  return (graph.producers.get(name) ?? graph.producers.get(X))?.node ?? null;
}
