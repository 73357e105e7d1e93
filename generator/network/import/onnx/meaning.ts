import type { Affine } from './affine.js';
import type { Axes } from './axes.js';
import type { LayerNode } from './layer-node.js';
import type { Node } from './node.js';
import type { Product } from './product.js';

/** The nodes from a layer to a value, the last one first: values that share a way share it in memory. */
export interface Way {
  readonly node: Node;
  readonly before: Way | null;
  /** The way of the one state that was picked out of several. */
  readonly picked?: Way | null;
}

interface Followed {
  readonly way: Way | null;
}

/** h or c of one layer, of every frame or of the last one, and what was done to each of its features since. */
export interface Signal extends Followed {
  readonly kind: 'h' | 'c';
  readonly layer: LayerNode;
  readonly axes: Axes;
  readonly affine: Affine | null;
}

/** States of several layers in one value, as recurrent modules hand them back. */
export interface Stack extends Followed {
  readonly kind: 'stack';
  readonly items: readonly Signal[];
  readonly axes: Axes;
}

/** States of the last frame in some order, and the node behind which the file does not say in which. */
export interface States extends Followed {
  readonly kind: 'states';
  readonly since: Node;
  readonly items: readonly Signal[];
}

/** The fully connected layer that begins with a product on h. */
export interface Dense {
  readonly node: Node;
  readonly h: Signal;
  readonly product: Product;
}

/** Sums of a fully connected layer, and what was done to each of them since: its bias for one. */
export interface Sums extends Followed {
  readonly kind: 'sums';
  readonly dense: Dense;
  readonly axes: Axes;
  readonly affine: Affine | null;
  /** The operator that turned the sums into probabilities, which leaves their order as it is. */
  readonly final: Node | null;
}

/** A value that depends on a layer through a node that this program does not take. */
export interface Lost extends Followed {
  readonly kind: 'lost';
  readonly node: Node;
  readonly why: string;
  readonly below: LayerNode;
  /** The fully connected layers that it depends on. */
  readonly behind: readonly Node[];
}

/** What a value is that depends on a recurrent layer. */
export type Meaning = Signal | Stack | States | Sums | Lost;

/** The nodes of a way. */
export function wayOf(way: Way | null): readonly Node[] {
  const ways = new Set([way]);
  const nodes: Node[] = [];
  for (const at of ways) {
    if (at === null) continue;
    nodes.push(at.node);
    ways.add(at.before);
    ways.add(at.picked ?? null);
  }
  return nodes.sort((a, b) => a.index - b.index);
}

/** The layer that a value depends on. */
export function layerOf(meaning: Meaning): LayerNode {
  if ('layer' in meaning) return meaning.layer;
  if ('items' in meaning) return (meaning.items[0] as Signal).layer;
  return meaning.kind === 'lost' ? meaning.below : meaning.dense.h.layer;
}

/** The fully connected layers that a value depends on. */
export function densesBehind(meaning: Meaning): readonly Node[] {
  if (meaning.kind === 'lost') return meaning.behind;
  return meaning.kind === 'sums' ? [meaning.dense.node] : [];
}
