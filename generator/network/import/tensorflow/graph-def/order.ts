import { tensorflowError } from '../errors.js';
import { attributeText } from './messages.js';
import { nodeName, type TfNode } from './node.js';

/** A loop of TensorFlow 1: the nodes of a frame, in an order of execution. */
export interface Frame {
  readonly name: string;
  readonly nodes: readonly TfNode[];
}

/** Nodes, each loop as one, so that every value is computed before it is read. */
export function inOrder(nodes: readonly TfNode[], file: string): readonly (TfNode | Frame)[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const frames = frameOf(nodes);
  const groups = new Map<string, { name: string; members: TfNode[]; loop: boolean }>();
  const groupOf = (node: TfNode) => {
    const frame = frames.get(node.name);
    const key = frame === undefined ? `node ${node.name}` : `frame ${frame}`;
    const group = groups.get(key) ?? {
      name: frame ?? node.name,
      members: [],
      loop: frame !== undefined,
    };
    groups.set(key, group);
    return group;
  };
  for (const node of nodes) groupOf(node).members.push(node);
  const needs = (list: readonly TfNode[]) =>
    list.flatMap(({ inputs }) => inputs.flatMap((value) => byName.get(nodeName(value)) ?? []));
  const sorted = sort([...groups.values()], (group) => [
    ...new Set(
      needs(group.members)
        .map(groupOf)
        .filter((other) => other !== group),
    ),
  ]);
  if (sorted === null) throw cycle(file);
  return sorted.map((group) => {
    if (!group.loop) return group.members[0] as TfNode;
    const own = new Set(group.members);
    const inner = sort(group.members, (node) =>
      // what comes back from the run before
      needs([node.op === 'Merge' ? { ...node, inputs: node.inputs.slice(0, 1) } : node]).filter(
        (one) => own.has(one),
      ),
    );
    if (inner === null) throw cycle(file);
    return { name: group.name, nodes: inner };
  });
}

/** The frame of every node that runs inside one: what comes from its Enter nodes, up to its Exit nodes. */
function frameOf(nodes: readonly TfNode[]): ReadonlyMap<string, string> {
  const consumers = new Map<string, TfNode[]>();
  for (const node of nodes) {
    for (const value of node.inputs) {
      const name = nodeName(value);
      const list = consumers.get(name);
      if (list === undefined) consumers.set(name, [node]);
      else list.push(node);
    }
  }
  const frames = new Map<string, string>();
  for (const enter of nodes) {
    if (enter.op !== 'Enter') continue;
    const frame = attributeText(enter.attr.frame_name);
    const open = [enter];
    for (const node of open) {
      if (frames.has(node.name)) continue;
      frames.set(node.name, frame);
      if (node.op === 'Exit') continue;
      for (const next of consumers.get(node.name) ?? []) if (next.op !== 'Enter') open.push(next);
    }
  }
  return frames;
}

/** Items behind what they need, in their own order otherwise; null where there is a circle. */
function sort<T>(items: readonly T[], needs: (item: T) => readonly T[]): readonly T[] | null {
  const state = new Map<T, 'open' | 'done'>();
  const sorted: T[] = [];
  for (const item of items) {
    const stack: { item: T; left: T[] }[] = [];
    const enter = (one: T): boolean => {
      const known = state.get(one);
      if (known !== undefined) return known === 'done';
      state.set(one, 'open');
      stack.push({ item: one, left: [...needs(one)] });
      return true;
    };
    if (!enter(item)) return null;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.shift();
      if (next !== undefined) {
        if (!enter(next)) return null;
        continue;
      }
      state.set(top.item, 'done');
      sorted.push(top.item);
      stack.pop();
    }
  }
  return sorted;
}

const cycle = (file: string) =>
  tensorflowError(
    file,
    'TENSORFLOW_INVALID',
    'graph',
    'nodes that can run one after the other, loops not inside of each other',
    'a circle',
  );
