import type { LayerCell } from '../../cells/registry.js';
import type { RealRange } from '../../float/model.js';
import type { Affine } from './affine.js';
import type { Axes } from './axes.js';
import type { LayerNode } from './layer-node.js';
import type { Direction } from './layer-operators.js';
import type { Node } from './node.js';
import type { Product } from './product.js';

/** The nodes from a layer to a value, the last one first: values that share a way share it in memory. */
export interface Way {
  readonly node: Node;
  readonly before: Way | null;
  /** The way of the one state that was picked out of several, or that of a layer below whose function this one changes. */
  readonly picked?: Way | null;
  /** Ways that come together. */
  readonly joined?: readonly (Way | null)[];
}

interface Followed {
  readonly way: Way | null;
}

/** What the network reads. */
export interface FramesSource {
  readonly kind: 'frames';
  /** Word for it in messages. */
  readonly label: string;
}

/** A direction of a recurrent layer. */
export interface RecurrentSource {
  readonly kind: 'recurrent';
  readonly label: string;
  readonly layer: LayerNode;
  readonly direction: Direction;
  /** Of a backward one: its values in the order of its steps, so that the last one is its final state; absent: at their frames. */
  readonly final?: true;
}

/** A fully connected layer with what else is on h of it: a function, a product or a recurrent layer. */
export interface DenseSource {
  readonly kind: 'dense';
  readonly label: string;
  readonly sums: Sums;
  readonly function: DenseFunction;
  /** From the layer below to the function. */
  readonly way: Way | null;
}

/** What a fully connected layer does with its sums. */
export interface DenseFunction {
  readonly cell: Extract<LayerCell, `dense-${string}`>;
  readonly range?: RealRange | undefined;
}

/** h of several layers side by side, or the sum of both directions of one. */
export interface JoinSource {
  readonly kind: 'join';
  readonly label: string;
  readonly node: Node;
  /** Layers and how many values each has, the first one's first. */
  readonly parts: readonly JoinPart[];
  /** Their values are added. */
  readonly sum?: true;
}

export interface JoinPart {
  readonly source: Root | DenseSource;
  readonly width: number;
}

export type Root = FramesSource | RecurrentSource;
export type Source = Root | DenseSource | JoinSource;

/** The layers that a source of so many values consists of. */
export function partsOf(source: Source, width: number): readonly JoinPart[] {
  return source.kind === 'join' ? source.parts : [{ source, width }];
}

/**
 * h or c of one layer, of every frame or of the last one, and what was done to each of its features since. h of a dense
 * layer is what its function gives, that of the frames themselves.
 */
export interface Signal extends Followed {
  readonly kind: 'h' | 'c';
  readonly from: Source;
  readonly axes: Axes;
  readonly affine: Affine | null;
}

/**
 * Values of several layers in one, on an axis of their own: states, as recurrent modules hand them back, or h of both directions of
 * a layer, the forward one first.
 */
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
  readonly below: Source;
  /** What it depends on. */
  readonly behind: readonly Meaning[];
}

/** What a value is that depends on a recurrent layer, or on frames that a fully connected one reads. */
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
    for (const own of at.joined ?? []) ways.add(own);
  }
  return nodes.sort((a, b) => a.index - b.index);
}

/** The layer that a value depends on. */
export function sourceOf(meaning: Meaning): Source {
  if ('from' in meaning) return meaning.from;
  if ('items' in meaning) return (meaning.items[0] as Signal).from;
  return meaning.kind === 'lost' ? meaning.below : meaning.dense.h.from;
}

/** The recurrent layers below a layer, or the frames: the layer itself where it is recurrent. */
export function rootsOf(from: Source): readonly Root[] {
  const roots = new Set<Root>();
  const sources = new Set([from]);
  for (const source of sources) {
    if (source.kind === 'dense') sources.add(source.sums.dense.h.from);
    else if (source.kind === 'join') for (const part of source.parts) sources.add(part.source);
    else roots.add(source);
  }
  return [...roots];
}

/** Whether a fully connected layer of that name is on the way to a value. */
export function isBehindDense(meaning: Meaning, label: string): boolean {
  const behind = new Set([meaning]);
  for (const at of behind) {
    if (at.kind === 'lost') for (const one of at.behind) behind.add(one);
    else if (at.kind === 'sums') {
      if (at.dense.node.label === label) return true;
      behind.add(at.dense.h);
    } else if (at.kind === 'h') {
      for (const { source } of partsOf(at.from, 0)) {
        if (source.kind === 'dense') behind.add(source.sums);
      }
    }
  }
  return false;
}
